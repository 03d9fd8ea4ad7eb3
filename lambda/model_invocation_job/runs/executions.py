"""Executions of a pipeline's state machine, and the only file that knows what boto3 calls them here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from model_invocation_job.arn import name_of_execution
from model_invocation_job.errors import RunError
from model_invocation_job.jobs.refusals import code, sorted_out

#: The error of an execution that a deployment stopped, by which a later one knows that nobody else did.
STOPPED = "StoppedByDeployment"
SUCCEEDED = "SUCCEEDED"
_CAUSE = "The stack that began this run was deleted, rolled back, or deployed with other content"


@dataclass(frozen=True)
class Execution:
    """An execution as Step Functions shows it; one that was stopped can be redriven for two weeks."""

    status: str
    error: str = ""
    is_redrivable: bool = True

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.status in ("RUNNING", "PENDING_REDRIVE")

    @property
    def is_of_use(self) -> bool:
        """Whether it goes on, or has come to what was asked for."""
        return self.is_running or self.status == SUCCEEDED

    @property
    def can_go_on(self) -> bool:
        """Whether it can be let go on: a deployment has stopped it, and nobody else, and not too long ago."""
        return self.status == "ABORTED" and self.error == STOPPED and self.is_redrivable


class Executions(Protocol):
    """The executions of state machines, by their ARNs; what cannot be asked or done now is a `JobError`."""

    def get(self, arn: str) -> Execution | None:
        """Describe one; None where there is none, or none is known any more."""
        ...

    def running(self, machine: str) -> list[str]:
        """Return those of a machine that run."""
        ...

    def start(self, machine: str, name: str) -> None:
        """Begin one; where there is one of that name, nothing happens."""
        ...

    def redrive(self, arn: str) -> None:
        """Let one go on that was stopped."""
        ...

    def stop(self, arn: str) -> None:
        """Stop one that runs."""
        ...

    def stop_jobs(self, arn: str, function: str) -> int:
        """Have the jobs of one that is over stopped by the pipeline's function.

        Returns
        -------
        int
            How many there may yet be of which nothing is seen at the moment.
        """
        ...


class StepFunctionsExecutions:
    """`Executions`, through boto3 clients.

    Parameters
    ----------
    client
        Of the service ``stepfunctions``.
    functions
        Makes one of the service ``lambda``.
    """

    def __init__(self, client: Any, functions: Callable[[], Any]) -> None:  # noqa: ANN401 (boto3's have no class)
        self._client = client
        self._functions = functions

    def get(self, arn: str) -> Execution | None:
        """See `Executions.get`."""
        with sorted_out("the run cannot be looked at"):
            try:
                found = self._client.describe_execution(executionArn=arn)
            except ClientError as error:
                if code(error) != "ExecutionDoesNotExist":
                    raise
                return None
        return Execution(found["status"], found.get("error", ""), found.get("redriveStatus") != "NOT_REDRIVABLE")

    def running(self, machine: str) -> list[str]:
        """See `Executions.running`."""
        with sorted_out("the pipeline's runs cannot be listed"):
            found = self._client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
        return [each["executionArn"] for each in found]

    def start(self, machine: str, name: str) -> None:
        """See `Executions.start`."""
        with sorted_out("the run cannot be started"):
            try:
                self._client.start_execution(stateMachineArn=machine, name=name, input="{}")
            except ClientError as error:
                if code(error) != "ExecutionAlreadyExists":
                    raise

    def redrive(self, arn: str) -> None:
        """See `Executions.redrive`."""
        with sorted_out("the run cannot be gone on with"):
            self._client.redrive_execution(executionArn=arn)

    def stop(self, arn: str) -> None:
        """See `Executions.stop`."""
        with sorted_out("the run cannot be stopped"):
            self._client.stop_execution(executionArn=arn, error=STOPPED, cause=_CAUSE)

    def stop_jobs(self, arn: str, function: str) -> int:
        """See `Executions.stop_jobs`.

        The function is told what Step Functions' event tells it, which may come when it is gone with its stack.
        """
        told = {"executionArn": arn, "name": name_of_execution(arn), "status": "ABORTED"}
        event = json.dumps({"source": "aws.states", "detail": told})
        with sorted_out("the jobs of the run cannot be stopped"):
            try:
                answer = self._functions().invoke(FunctionName=function, Payload=event)
            except ClientError as error:
                if code(error) != "ResourceNotFoundException":
                    raise
                return 0
        said = json.load(answer["Payload"])
        if "FunctionError" in answer:
            why = said.get("errorMessage") if isinstance(said, Mapping) else said
            raise RunError(f"the jobs of the run {told['name']} cannot be stopped: {why}")
        return int(said["Unseen"])
