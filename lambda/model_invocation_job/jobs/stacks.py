"""Whether CloudFormation still waits for what it asked for.

When another resource of the stack fails, CloudFormation stops waiting for a Create and sends the Delete while the
Create still runs. A job that is made after that Delete has looked would have no owner.
"""

import logging
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from model_invocation_job.jobs.jobs import Job

logger = logging.getLogger(__name__)

#: Seconds for which CloudFormation waits for an answer: as the construct sets it, and the longest there is.
SERVICE_TIMEOUT = 3600


@dataclass(frozen=True)
class Resource:
    """A resource as CloudFormation shows it.

    Attributes
    ----------
    since
        When it came to its status, in seconds since 1970; 0 where that is not told.
    """

    status: str
    physical_id: str
    since: float = 0

    def wants(self, arn: str) -> bool:
        """Whether a job is, or may become, what the resource stands for."""
        # Exactly while a resource is created or updated its answer is waited for.
        if self.status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"):
            return True
        return self.physical_id == arn and not self.status.startswith("DELETE")


class Stacks(Protocol):
    """The stacks of one account and Region."""

    def resource(self, stack_id: str, logical_id: str) -> Resource | None:
        """Describe a resource; None where that cannot be done."""
        ...

    def stack_status(self, stack_id: str) -> str | None:
        """Return a stack's own status; None where that cannot be found out."""
        ...

    def rolls_back(self, stack_id: str) -> bool | None:
        """Whether a stack returns to what it was before; None where that cannot be found out."""
        ...

    def signal(self, stack_id: str, logical_id: str, unique_id: str) -> bool:
        """Tell a resource that what it waits for is there; False where it does not wait, or cannot be told."""
        ...


class Asked(Protocol):
    """What of a request says which resource it is about; only on Create that has no physical id yet."""

    @property
    def stack_id(self) -> str:
        """The stack's ARN."""
        ...

    @property
    def logical_id(self) -> str:
        """The resource's name in the template."""
        ...

    @property
    def physical_id(self) -> str | None:
        """What an earlier answer called the resource."""
        ...


class CloudFormationStacks:
    """The stacks in AWS CloudFormation, through a boto3 client of the service ``cloudformation``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def resource(self, stack_id: str, logical_id: str) -> Resource | None:
        """See `Stacks.resource`."""
        try:
            found = self._client.describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
        except (ClientError, BotoCoreError) as error:
            logger.warning("whether the resource is still wanted cannot be found out: %s", error)
            return None
        detail = found["StackResourceDetail"]
        changed = detail.get("LastUpdatedTimestamp")
        since = changed.timestamp() if changed else 0
        return Resource(detail["ResourceStatus"], detail.get("PhysicalResourceId", ""), since)

    def stack_status(self, stack_id: str) -> str | None:
        """See `Stacks.stack_status`."""
        try:
            found = self._client.describe_stacks(StackName=stack_id)
        except (ClientError, BotoCoreError) as error:
            logger.warning("whether the stack rolls back cannot be found out: %s", error)
            return None
        return str(found["Stacks"][0]["StackStatus"])

    def rolls_back(self, stack_id: str) -> bool | None:
        """See `Stacks.rolls_back`."""
        status = self.stack_status(stack_id)
        return None if status is None else "ROLLBACK" in status

    def signal(self, stack_id: str, logical_id: str, unique_id: str) -> bool:
        """See `Stacks.signal`."""
        try:
            self._client.signal_resource(
                StackName=stack_id, LogicalResourceId=logical_id, UniqueId=unique_id, Status="SUCCESS"
            )
        except (ClientError, BotoCoreError) as error:
            logger.warning("the resource that waits cannot be told: %s", error)
            return False
        return True


class Demand:
    """What one request asks for, and whether CloudFormation still wants it.

    Parameters
    ----------
    rolled_back
        Whether the stack rolled back when the request arrived; None where that was not asked, or not told.
    """

    def __init__(self, stacks: Stacks, request: Asked, rolled_back: bool | None) -> None:  # noqa: FBT001 (a fact)
        self._stacks = stacks
        self._request = request
        self.rolled_back = rolled_back

    @classmethod
    def arrived(cls, stacks: Stacks, request: Asked) -> "Demand":
        """Return what can tell it of a request that has just arrived."""
        # An Update that is given up is followed by another, so its resource is in progress again; its stack tells.
        return cls(stacks, request, stacks.rolls_back(request.stack_id) if request.physical_id else None)

    @property
    def is_roll_back(self) -> bool:
        """Whether the request takes an update back."""
        return self.rolled_back is True

    @property
    def is_awaited(self) -> bool:
        """Whether CloudFormation waits for this very answer; where that cannot be found out, it may well."""
        resource = self._resource()
        in_progress = "UPDATE_IN_PROGRESS" if self._request.physical_id else "CREATE_IN_PROGRESS"
        return (resource is None or resource.status == in_progress) and not self._is_given_up()

    def includes(self, job: Job) -> bool:
        """Whether CloudFormation still wants a job; where that cannot be found out, somebody may well wait for it."""
        resource = self._resource()
        return (resource is None or resource.wants(job.arn)) and not self._is_given_up()

    def _resource(self) -> Resource | None:
        return self._stacks.resource(self._request.stack_id, self._request.logical_id)

    def _is_given_up(self) -> bool:
        return self.rolled_back is False and self._stacks.rolls_back(self._request.stack_id) is True
