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
        """All that the table has, each attribute without its type; nothing while the table is yet to come."""
        if "AWS::DynamoDB::Table" not in self.deployed.kinds:
            return []
        found = self._client("dynamodb").scan(TableName=self.table, ConsistentRead=True)["Items"]
        return [{name: next(iter(value.values())) for name, value in item.items()} for item in found]

    @property
    def held(self) -> list[Mapping[str, Any]]:
        """The requests of CloudFormation that are held, as they arrived."""
        return [json.loads(item["Event"]) for item in self.items if "Event" in item]

    @property
    def executions(self) -> list[Mapping[str, Any]]:
        if "AWS::StepFunctions::StateMachine" not in self.deployed.kinds:
            return []
        found = self._client("stepfunctions").list_executions(stateMachineArn=self.machine)
        return list(found["executions"])

    @property
    def running(self) -> list[Mapping[str, Any]]:
        return [execution for execution in self.executions if execution["status"] == "RUNNING"]

    @property
    def history(self) -> str:
        """All that is known of the executions."""
        client, arns = self._client("stepfunctions"), [execution["executionArn"] for execution in self.executions]
        told = [client.describe_execution(executionArn=arn) for arn in arns]
        told += [client.get_execution_history(executionArn=arn, includeExecutionData=True)["events"] for arn in arns]
        return "\n".join(json.dumps(each, default=str) for each in told)

    @property
    def said(self) -> str:
        """What says of its troubles whoever waits: the function's log, the executions, and the stack's events."""
        made = self.deployed.resources.items()
        groups = [each["PhysicalResourceId"] for name, each in made if name.startswith("BedrockBatchProviderLogs")]
        log = [line for group in groups for line in self._logged(group)]
        return "\n".join([*log, self.history, self.deployed.failures()])

    def _logged(self, group: str) -> list[str]:
        logs = self.deployed.stacks.logs
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        try:
            return [event["message"] for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            # A stack that rolls back has just taken it away.
            return []

    def holds(self, kind: str) -> Mapping[str, Any]:
        """Return a request of a type of resource as soon as it is held."""
        found = eventually(lambda: [event for event in self.held if event["ResourceType"] == kind])
        return found[0]

    def _client(self, service: str) -> Any:
        return self.deployed.stacks.aws.client(service)


def eventually(look: Callable[[], Seen], seconds: float = _PATIENCE_SECONDS, pause: float = 0.25) -> Seen:
    """Return what is seen as soon as it is something."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it has not come to be"
        time.sleep(pause)
    return seen
