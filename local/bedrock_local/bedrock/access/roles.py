"""What the service needs from the AWS around it: the service roles of jobs."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from bedrock_local.bedrock.access.ports import NO_CONTEXT, Context
from bedrock_local.names.place import Place
from bedrock_local.names.s3_uri import S3Uri

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_s3 import S3Client


class RoleNotAssumableError(Exception):
    """The service role does not exist, or its trust policy does not let Bedrock assume it for this job."""


class RoleSession(Protocol):
    """Bedrock, acting as the service role of a job. What it may do is decided each time, by what counts then."""

    @property
    def s3(self) -> "S3Client":
        """A client with the role's credentials; each call is denied, too, if the role can no longer be assumed."""

    @property
    def ec2(self) -> "EC2Client":
        """A client with the role's credentials."""

    def allows(self, action: str, resource: str, context: Context = NO_CONTEXT) -> bool:
        """Say whether the role may do something.

        Parameters
        ----------
        action
            An IAM action: ``bedrock:InvokeModel``.
        resource
            The ARN that it acts on.
        context
            Condition keys of this request. Default: none but the global ones.

        Returns
        -------
        bool
            Whether the role's policies and the resource's own allow it.
        """

    def invocation(self, models: Sequence[tuple[str, Context]]) -> Callable[[], str | None]:
        """Judge whether the role may invoke models.

        Parameters
        ----------
        models
            Their ARNs, and the condition keys of a request to each.

        Returns
        -------
        Callable
            To be asked before each call, which is quick: why not, in the words of the model's AccessDeniedException;
            None if the role may.
        """

    def state(self, bucket: str) -> Hashable:
        """Return what decides whether the role may read an object, as far as it can be had quickly.

        Parameters
        ----------
        bucket
            Where the object is.

        Returns
        -------
        Hashable
            Equal to an earlier one as long as the earlier answer holds.
        """

    def may_put(self, place: S3Uri, key_id: str | None) -> bool:
        """Say whether the role may put an object.

        Parameters
        ----------
        place
            The object.
        key_id
            The KMS key to encrypt it with; None for the bucket's default.

        Returns
        -------
        bool
            Whether the policies of the role, the bucket and the key allow it, and the key can be used.
        """

    def attach(self, subnet_id: str, group_ids: Sequence[str], tags: Mapping[str, str]) -> None:
        """Make a network interface. Whether the role may is `allows`'s to say.

        Parameters
        ----------
        subnet_id, group_ids
            Where it is, and its security groups.
        tags
            Its tags.
        """

    def detach(self, tags: Mapping[str, str]) -> None:
        """Delete the network interfaces that have these tags. Whether the role may is `allows`'s to say."""


class ServiceRoles(Protocol):
    """Knows and assumes service roles."""

    def age(self, role_arn: str) -> float:
        """Return how long a role could be assumed as it can now.

        Parameters
        ----------
        role_arn
            The role.

        Returns
        -------
        float
            Seconds; endless for a role that does not exist.
        """

    def settled(self, role_arn: str) -> float:
        """Return how long a role, its trust and its policies have been as they are now.

        Parameters
        ----------
        role_arn
            The role.

        Returns
        -------
        float
            Seconds; endless for a role that does not exist.
        """

    def check(self, role_arn: str, job_arn: str, place: Place) -> None:
        """Return if Bedrock may assume a role for a job.

        Parameters
        ----------
        role_arn, job_arn, place
            As in `assume`.

        Raises
        ------
        RoleNotAssumableError
            If the role does not exist or does not trust Bedrock with this job.
        """

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
