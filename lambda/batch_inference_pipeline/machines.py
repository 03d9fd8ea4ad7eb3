"""The executions of the pipeline's state machine, and the only file that knows boto3's Step Functions client."""

import json
import logging
from collections.abc import Mapping
from typing import Any, Protocol

from botocore.exceptions import ClientError

from model_invocation_job.jobs.refusals import code

logger = logging.getLogger(__name__)

#: Nobody waits any more, and so nothing is lost: the execution was stopped, or the task began anew with another token.
_OVER = frozenset({"InvalidToken", "TaskDoesNotExist", "TaskTimedOut"})


class Machines(Protocol):
    """Those who wait, and whether they still do."""

    def succeed(self, task: str, output: Mapping[str, Any]) -> None:
        """Let a task go on; one that nobody waits for any more is no error."""
        ...

    def is_running(self, execution: str) -> bool:
        """Whether an execution goes on; one that Step Functions knows no more does not."""
        ...

    def redrives(self, execution: str) -> int:
        """Return how often an execution has been taken up again."""
        ...

    def look_at(self, run: str, name: str, seconds: int, until: int) -> None:
        """Have a run looked at from so many seconds on, once for each name however often it is asked for.

        Each look is told until when, in seconds since 1970, these looks are meant to go on.
        """
        ...


class StepFunctions:
    """`Machines`, through a boto3 client of the service ``stepfunctions``.

    Parameters
    ----------
    client
        The client.
    looks
        The ARN of the state machine that has functions look.
    function
        The ARN of the function that looks.
    """

    def __init__(self, client: Any, looks: str, function: str) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client
        self._looks = looks
        self._function = function

    def succeed(self, task: str, output: Mapping[str, Any]) -> None:
        """See `Machines.succeed`."""
        try:
            self._client.send_task_success(taskToken=task, output=json.dumps(output))
        except ClientError as error:
            if code(error) not in _OVER:
                raise
            logger.info("nobody waits for this job any more: %s", code(error))

    def is_running(self, execution: str) -> bool:
        """See `Machines.is_running`."""
        return self._described(execution).get("status") in ("RUNNING", "PENDING_REDRIVE")

    def redrives(self, execution: str) -> int:
        """See `Machines.redrives`."""
        return int(self._described(execution).get("redriveCount", 0))

    def look_at(self, run: str, name: str, seconds: int, until: int) -> None:
        """See `Machines.look_at`."""
        look = {"Run": run, "Until": until}
        order = {"function": self._function, "look": look, "seconds": seconds, "over": False}
        try:
            self._client.start_execution(stateMachineArn=self._looks, name=name, input=json.dumps(order))
        except ClientError as error:
            if code(error) != "ExecutionAlreadyExists":
                raise

    def _described(self, execution: str) -> Mapping[str, Any]:
        try:
            told: Mapping[str, Any] = self._client.describe_execution(executionArn=execution)
        except ClientError as error:
            if code(error) != "ExecutionDoesNotExist":
                raise
            return {}
        return told
