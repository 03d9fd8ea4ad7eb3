"""A rule starts a machine with what the role of its target may."""

import json
import time
import uuid

import pytest

from tests.local_aws.conftest import LocalAws, allow
from tests.local_aws.emulator.machines.workshop import NONE, PATIENCE_SECONDS, Workshop

SERVICE = "events.amazonaws.com"
START = "states:StartExecution"


@pytest.mark.parametrize(
    ("service", "action"), [("states.amazonaws.com", START), (SERVICE, "states:StopExecution")], ids=["trust", "rights"]
)
def test_only_with_a_role_that_eventbridge_may_assume_and_that_may_start_it(
    aws: LocalAws, workshop: Workshop, service: str, action: str
) -> None:
    refused, started = workshop.machine({"None": NONE}), workshop.machine({"None": NONE})
    events, rule = aws.client("events"), uuid.uuid4().hex
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}))
    roles = {
        refused: workshop.role(service, allow(action, refused)),
        started: workshop.role(SERVICE, allow(START, "*")),
    }
    events.put_targets(
        Rule=rule,
        Targets=[{"Id": str(number), "Arn": each, "RoleArn": roles[each]} for number, each in enumerate(roles)],
    )
    events.put_events(Entries=[{"Source": rule, "DetailType": "any", "Detail": "{}"}])
    deadline = time.monotonic() + PATIENCE_SECONDS
    # The target that is let is the last of the rule.
    while not workshop.states.list_executions(stateMachineArn=started)["executions"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert workshop.states.list_executions(stateMachineArn=refused)["executions"] == []
