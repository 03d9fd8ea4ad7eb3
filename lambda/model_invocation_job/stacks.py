"""Whether CloudFormation still waits for what it asked for.

When another resource of the stack fails, CloudFormation stops waiting for a Create and sends the Delete while the
Create still runs. A job that is made after that Delete has looked would have no owner.
"""

import logging
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger(__name__)


class Stacks(Protocol):
    """The stacks of one account and Region."""

    def waits_for(self, stack_id: str, logical_id: str) -> bool | None:
        """Whether an answer for a resource is waited for; None where that cannot be found out."""
        ...


class CloudFormationStacks:
    """The stacks in AWS CloudFormation, through a boto3 client of the service ``cloudformation``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def waits_for(self, stack_id: str, logical_id: str) -> bool | None:
        """See `Stacks.waits_for`. Exactly while a resource is created or updated its answer is waited for."""
        try:
            detail = self._client.describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
        except (ClientError, BotoCoreError) as error:
            logger.warning("whether the resource is still wanted cannot be found out: %s", error)
            return None
        return detail["StackResourceDetail"]["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
