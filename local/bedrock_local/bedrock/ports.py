"""What the service needs from the AWS around it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_s3 import S3Client

Context = Mapping[str, str | list[str]]


class RoleNotAssumableError(Exception):
    """The service role does not exist, or its trust policy does not let Bedrock assume it for this job."""


@dataclass(frozen=True)
class Place:
    """An account in a Region.

    Parameters
    ----------
    partition, region, account
        As in ARNs.
    """

    partition: str
    region: str
    account: str

    def arn(self, resource: str) -> str:
        """Return the ARN of a Bedrock resource in this place.

        Parameters
        ----------
        resource
            Type and name: ``model-invocation-job/abcdefghwxyz``.

        Returns
        -------
        str
            The ARN.
        """
        return f"arn:{self.partition}:bedrock:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True)
class Caller:
    """Who signed a request.

    Parameters
    ----------
    access_key
        The access key id; empty when the request is not signed.
    place
        The account and Region that the signature names.
    """

    access_key: str
    place: Place


class Authorizer(Protocol):
    """Says whether a caller may do something."""

    def require(self, caller: Caller, action: str, resource: str, context: Context) -> None:
        """Return if the caller may.

        Parameters
        ----------
        caller
            Who asks.
        action
            An IAM action: ``iam:PassRole``.
        resource
            The ARN that it acts on, or ``*``.
        context
            Condition keys of this request.

        Raises
        ------
        AccessDeniedException
            If no policy allows it, or one denies it.
        MissingAuthenticationTokenException
            If the request is not signed.
        """


class RoleSession(Protocol):
    """Bedrock, acting as the service role of a job."""

    @property
    def s3(self) -> "S3Client":
        """A client with the role's credentials."""

    def allows(self, action: str, resource: str) -> bool:
        """Say whether the role may do something.

        Parameters
        ----------
        action
            An IAM action: ``bedrock:InvokeModel``.
        resource
            The ARN that it acts on.

        Returns
        -------
        bool
            Whether the role's policies and the resource's own allow it.
        """


class ServiceRoles(Protocol):
    """Assumes service roles."""

    def assume(
        self, role_arn: str, job_arn: str, place: Place, until: "datetime"
    ) -> AbstractContextManager[RoleSession]:
        """Assume the service role of a job.

        Parameters
        ----------
        role_arn
            The role.
        job_arn
            The ``aws:SourceArn`` of the request.
        place
            Where the job runs. Its account is the ``aws:SourceAccount``.
        until
            When the session ends by itself.

        Returns
        -------
        AbstractContextManager[RoleSession]
            The session. Leaving the context ends it.

        Raises
        ------
        RoleNotAssumableError
            If the role does not exist or does not trust Bedrock with this job.
        """
