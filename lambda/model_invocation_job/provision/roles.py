"""The roles of jobs, and the only file that knows boto3's IAM client. What is gone already is no error."""

from collections.abc import Callable
from typing import Any, Protocol

from botocore.exceptions import ClientError

from model_invocation_job.jobs.refusals import code, sorted_out


class Roles(Protocol):
    """The roles of one account. Each call raises a `JobError` where IAM refuses it."""

    def delete_inline(self, role: str, policy: str) -> None:
        """Remove a policy that is part of a role, by its name."""
        ...

    def delete_managed(self, role: str, policy: str) -> None:
        """Take a policy from a role, by its ARN, and remove it."""
        ...

    def delete(self, role: str) -> None:
        """Remove a role, with whatever policies are still part of it."""
        ...


class IamRoles:
    """The roles in AWS IAM, through a boto3 client of the service ``iam``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def delete_inline(self, role: str, policy: str) -> None:
        """See `Roles.delete_inline`."""
        _delete(f"{policy} of {role}", self._client.delete_role_policy, RoleName=role, PolicyName=policy)

    def delete_managed(self, role: str, policy: str) -> None:
        """See `Roles.delete_managed`."""
        _delete(f"{policy} of {role}", self._client.detach_role_policy, RoleName=role, PolicyArn=policy)
        _delete(policy, self._client.delete_policy, PolicyArn=policy)

    def delete(self, role: str) -> None:
        """See `Roles.delete`."""
        with sorted_out(f"the policies of {role} cannot be listed"):
            names = self._inline(role)
        for name in names:
            self.delete_inline(role, name)
        _delete(role, self._client.delete_role, RoleName=role)

    def _inline(self, role: str) -> list[str]:
        """Return the names of policies that earlier jobs of the role have left there."""
        try:
            pages = self._client.get_paginator("list_role_policies").paginate(RoleName=role)
            return [name for page in pages for name in page["PolicyNames"]]
        except ClientError as error:
            # Without the right to look there may be nothing to find; if there is, the role says so.
            if code(error) in ("NoSuchEntity", "AccessDenied"):
                return []
            raise


def _delete(what: str, call: Callable[..., object], **arguments: str) -> None:
    with sorted_out(f"{what} cannot be removed"):
        try:
            call(**arguments)
        except ClientError as error:
            if code(error) != "NoSuchEntity":
                raise
