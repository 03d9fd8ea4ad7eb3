"""Whether CloudFormation still waits for what it asked for.

When another resource of the stack fails, CloudFormation stops waiting for a Create and sends the Delete while the
Create still runs. A job that is made after that Delete has looked would have no owner.
"""

import logging
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from model_invocation_job.request import JobRequest

logger = logging.getLogger(__name__)


class Stacks(Protocol):
    """The stacks of one account and Region."""

    def waits_for(self, stack_id: str, logical_id: str) -> bool | None:
        """Whether an answer for a resource is waited for; None where that cannot be found out."""
        ...

    def rolls_back(self, stack_id: str) -> bool | None:
        """Whether a stack returns to what it was before; None where that cannot be found out."""
        ...


class CloudFormationStacks:
    """The stacks in AWS CloudFormation, through a boto3 client of the service ``cloudformation``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def waits_for(self, stack_id: str, logical_id: str) -> bool | None:
        """See `Stacks.waits_for`. Exactly while a resource is created or updated its answer is waited for."""
        try:
            found = self._client.describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
        except (ClientError, BotoCoreError) as error:
            logger.warning("whether the resource is still wanted cannot be found out: %s", error)
            return None
        return found["StackResourceDetail"]["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")

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
        self._goes_forward = bool(request.physical_id) and stacks.rolls_back(request.stack_id) is False

    def is_over(self) -> bool:
        """Whether CloudFormation is known to have given up: where it cannot be found out, somebody may well wait."""
        if self._stacks.waits_for(self._request.stack_id, self._request.logical_id) is False:
            return True
        return self._goes_forward and self._stacks.rolls_back(self._request.stack_id) is True
