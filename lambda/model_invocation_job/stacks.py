"""Whether CloudFormation still waits for what it asked for.

When another resource of the stack fails, CloudFormation stops waiting for a Create and sends the Delete while the
Create still runs. A job that is made after that Delete has looked would have no owner.
"""

import logging
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from model_invocation_job.jobs import Job
from model_invocation_job.request import JobRequest

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Resource:
    """A resource as CloudFormation shows it."""

    status: str
    physical_id: str

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

    def rolls_back(self, stack_id: str) -> bool | None:
        """Whether a stack returns to what it was before; None where that cannot be found out."""
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
        return Resource(detail["ResourceStatus"], detail.get("PhysicalResourceId", ""))

    def rolls_back(self, stack_id: str) -> bool | None:
        """See `Stacks.rolls_back`."""
        try:
            found = self._client.describe_stacks(StackName=stack_id)
        except (ClientError, BotoCoreError) as error:
            logger.warning("whether the stack rolls back cannot be found out: %s", error)
            return None
        return "ROLLBACK" in found["Stacks"][0]["StackStatus"]


class Demand:
    """What one request asks for, and whether CloudFormation still wants it. Made when the request arrives."""

    def __init__(self, stacks: Stacks, request: JobRequest) -> None:
        self._stacks = stacks
        self._request = request
        # An Update that is given up is followed by another, so its resource is in progress again; its stack tells.
        self._rolled_back = stacks.rolls_back(request.stack_id) if request.physical_id else None

    @property
    def is_roll_back(self) -> bool:
        """Whether the request takes an update back."""
        return self._rolled_back is True

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
        return self._rolled_back is False and self._stacks.rolls_back(self._request.stack_id) is True
