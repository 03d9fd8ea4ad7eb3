"""What a stack waits for while none of its functions runs."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from .stacks import Deployed

_PATIENCE_SECONDS = 60

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Waits:
    """The waits of one stack: its table, and the executions of its state machine."""

    deployed: Deployed

    @cached_property
    def table(self) -> str:
        return self.deployed.of_type("AWS::DynamoDB::Table")

    @cached_property
    def machine(self) -> str:
        return self.deployed.of_type("AWS::StepFunctions::StateMachine")

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """All that the table has, each attribute without its type."""
        found = self._client("dynamodb").scan(TableName=self.table, ConsistentRead=True)["Items"]
        return [{name: next(iter(value.values())) for name, value in item.items()} for item in found]

    @property
    def held(self) -> list[Mapping[str, Any]]:
        """The requests of CloudFormation that are held, as they arrived."""
        return [json.loads(item["Event"]) for item in self.items if "Event" in item]

    @property
    def executions(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self._client("stepfunctions").list_executions(stateMachineArn=self.machine)[
            "executions"
        ]
        return found

    @property
    def running(self) -> list[Mapping[str, Any]]:
        return [execution for execution in self.executions if execution["status"] == "RUNNING"]

    def holds(self, kind: str) -> Mapping[str, Any]:
        """Return a request of a type of resource as soon as it is held."""
        found = eventually(lambda: [event for event in self._held_soon() if event["ResourceType"] == kind])
        return found[0]

    def _held_soon(self) -> list[Mapping[str, Any]]:
        # While the stack is made the table may be yet to come.
        return self.held if "AWS::DynamoDB::Table" in self.deployed.kinds else []

    def _client(self, service: str) -> Any:
        return self.deployed.stacks.aws.client(service)


def eventually(look: Callable[[], Seen], seconds: float = _PATIENCE_SECONDS) -> Seen:
    """Return what is seen as soon as it is something."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it has not come to be"
        time.sleep(0.1)
    return seen
