"""A resource that has a pipeline run, as CloudFormation asks for it."""

from collections.abc import Mapping
from typing import Any

from model_invocation_job.runs.executions import Execution

from .executions import MACHINE, InMemoryExecutions
from .function import PROPERTIES, Function

RUN = "Custom::BedrockBatchInferenceRun"


class DeployedRun:
    """The resource, and the function that answers for it."""

    def __init__(self, function: Function) -> None:
        self.function, self.executions = function, InMemoryExecutions()
        self.more: dict[str, str] = {}
        vars(function.parts).update(executions=self.executions)

    def create(self, token: str) -> str:
        """Create it; return the name of the execution that it is called by."""
        return self._send("Create", ResourceProperties={**properties(token), **self.more})

    def update(self, token: str, old: str, physical_id: str, *, back: bool = False) -> str:
        self.function.stacks.status = "UPDATE_IN_PROGRESS"
        self.function.stacks.own = "UPDATE_ROLLBACK_IN_PROGRESS" if back else "UPDATE_IN_PROGRESS"
        both = {"ResourceProperties": properties(token), "OldResourceProperties": properties(old)}
        return self._send("Update", PhysicalResourceId=arn(physical_id), **both)

    def delete(self, token: str, physical_id: str, *, back: bool = False) -> None:
        self.function.stacks.own = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" if back else "UPDATE_COMPLETE"
        self._send("Delete", PhysicalResourceId=arn(physical_id), ResourceProperties=properties(token))

    def becomes(self, name: str, status: str, error: str = "") -> None:
        self.executions.known[arn(name)] = Execution(status, error)

    def status(self, name: str) -> str:
        return self.executions.known[arn(name)].status

    @property
    def answer(self) -> Mapping[str, Any]:
        return self.function.answers[-1]

    def _send(self, request: str, **fields: Any) -> str:
        self.function.send(RequestType=request, ResourceType=RUN, **fields)
        return str(self.answer["PhysicalResourceId"]).rpartition(":")[2]


def properties(token: str, **job: Any) -> dict[str, Any]:
    asked = {**PROPERTIES["Job"], **job}  # type: ignore[dict-item]  # it is a map
    return {**PROPERTIES, "Job": asked, "RunToken": token, "StateMachineArn": MACHINE, "JobsFunction": "jobs"}


def arn(name: str) -> str:
    return f"{MACHINE.replace('stateMachine', 'execution')}:{name}"
