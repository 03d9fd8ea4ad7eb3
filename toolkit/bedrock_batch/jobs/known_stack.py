"""A CloudFormation stack, as CloudFormation knows it: by name, or when it is deleted only by its ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

DELETED: Final = "DELETE_COMPLETE"


class KnownStack(NamedTuple):
    """How CloudFormation is asked about a stack, and its status; empty where there is no such stack."""

    reference: str
    status: str

    @property
    def failed(self) -> bool:
        """Whether its last deployment failed; CloudFormation may still be rolling it back."""
        return "FAILED" in self.status or "ROLLBACK" in self.status

    @property
    def rolled_back(self) -> bool:
        """Whether what its last deployment made was taken away again, or is just now."""
        return "ROLLBACK" in self.status

    @property
    def is_new(self) -> bool:
        """Whether the deployment that failed was its first, so that it has nothing of one before."""
        return not self.status.startswith("UPDATE_")


def known_stack(cloudformation: CloudFormationClient, stack: str) -> KnownStack:
    """Find a stack, or the newest of those that had the name and are deleted.

    Parameters
    ----------
    cloudformation
        Client.
    stack : str
        The name or ARN of a stack.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    try:
        (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        deleted = _deleted(cloudformation, stack)
        return KnownStack(deleted, DELETED) if deleted else KnownStack(stack, "")
    return KnownStack(stack, found["StackStatus"])


def _deleted(cloudformation: CloudFormationClient, stack: str) -> str | None:
    pages = cloudformation.get_paginator("list_stacks").paginate(StackStatusFilter=[DELETED])
    found = [each for page in pages for each in page["StackSummaries"] if each["StackName"] == stack]
    newest = max(found, key=lambda each: each["CreationTime"], default=None)
    return newest["StackId"] if newest else None
