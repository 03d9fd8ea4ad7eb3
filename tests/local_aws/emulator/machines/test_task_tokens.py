"""A task that waits for a token ends with the answer, with its function's failure, or with its time; and only once."""

import json
import time
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import allow
from tests.local_aws.emulator.machines.workshop import Workshop, distributed

AGAIN = {"ErrorEquals": ["NoRoom"], "IntervalSeconds": 0, "MaxAttempts": 1}


@pytest.fixture
def name() -> str:
    return uuid.uuid4().hex


def wait(workshop: Workshop, name: str, **more: Any) -> tuple[str, str]:
    """Start an execution that waits; return it and its token."""
    machine = workshop.machine({"Wait": workshop.task(waits=True, **more)})
    execution = workshop.start(machine, {"name": name, "seconds": 2})
    return execution, workshop.calls(name, least=1)[-1]["token"]


def test_the_failure_of_the_function_is_the_tasks_at_once_and_each_try_has_a_token(
    workshop: Workshop, name: str
) -> None:
    workshop.tell(name, error="NoRoom")
    caught = {"ErrorEquals": ["NoRoom"], "ResultPath": "$.failed", "Next": "Over"}
    task = workshop.task(waits=True, Retry=[AGAIN], Catch=[caught])
    ended = workshop.run({"Wait": task, "Over": {"Type": "Succeed"}}, {"name": name})
    assert json.loads(ended["output"])["failed"]["Error"] == "NoRoom"
    assert len({each["token"] for each in workshop.calls(name)}) == 2


def test_an_answer_counts_before_the_function_returns_and_although_it_fails(workshop: Workshop, name: str) -> None:
    workshop.tell(name, answer={"done": True}, error="Late")
    ended = workshop.run({"Wait": workshop.task(waits=True)}, {"name": name})
    assert json.loads(ended["output"]) == {"done": True}


def test_a_failure_that_is_sent_has_the_error_and_the_cause_that_it_names(workshop: Workshop, name: str) -> None:
    execution, token = wait(workshop, name)
    workshop.states.send_task_failure(taskToken=token, error="Stopped", cause="By hand")
    ended = workshop.end(execution)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "Stopped", "By hand")


def test_who_answers_too_late_is_told_so(workshop: Workshop, name: str) -> None:
    execution, token = wait(workshop, name)
    workshop.states.send_task_success(taskToken=token, output="{}")
    assert workshop.end(execution)["status"] == "SUCCEEDED"
    for send, more in (("success", {"output": "{}"}), ("failure", {}), ("heartbeat", {})):
        with pytest.raises(ClientError, match="TaskTimedOut"):
            getattr(workshop.states, f"send_task_{send}")(taskToken=token, **more)


def test_a_token_is_over_with_its_execution(workshop: Workshop, name: str) -> None:
    execution, token = wait(workshop, name)
    workshop.states.stop_execution(executionArn=execution)
    with pytest.raises(ClientError, match="TaskTimedOut"):
        workshop.states.send_task_success(taskToken=token, output="{}")


def test_a_token_that_nobody_gave_is_nobodys(workshop: Workshop) -> None:
    with pytest.raises(ClientError, match="TaskDoesNotExist"):
        workshop.states.send_task_success(taskToken="nobody", output="{}")


def test_an_answer_is_json(workshop: Workshop, name: str) -> None:
    _, token = wait(workshop, name)
    with pytest.raises(ClientError, match="InvalidOutput"):
        workshop.states.send_task_success(taskToken=token, output="{")


def test_a_task_that_hears_no_heartbeat_ends(workshop: Workshop, name: str) -> None:
    execution, _ = wait(workshop, name, HeartbeatSeconds=1)
    assert workshop.end(execution)["error"] == "States.HeartbeatTimeout"
    assert "TaskTimedOut" in workshop.kinds(execution)


def test_a_task_that_hears_heartbeats_waits_on_until_its_time_is_over(workshop: Workshop, name: str) -> None:
    execution, token = wait(workshop, name, HeartbeatSeconds=6, TimeoutSeconds=9)
    for _ in range(8):
        time.sleep(0.5)
        workshop.states.send_task_heartbeat(taskToken=token)
    assert workshop.end(execution)["error"] == "States.Timeout"


@pytest.mark.parametrize(("kind", "error"), [("Timeout", "States.Timeout"), ("Heartbeat", "States.HeartbeatTimeout")])
def test_the_time_of_a_task_that_its_input_tells_counts_while_its_function_runs(
    workshop: Workshop, name: str, kind: str, error: str
) -> None:
    workshop.tell(name, seconds=50)
    execution, _ = wait(workshop, name, **{f"{kind}SecondsPath": "$.seconds"})
    assert workshop.end(execution)["error"] == error


def test_who_may_answer_for_another_machine_may_not_for_this(workshop: Workshop, name: str) -> None:
    execution, token = wait(workshop, name)
    machine = workshop.states.describe_execution(executionArn=execution)["stateMachineArn"]
    other, one = (workshop.aws.user(allow("states:SendTaskSuccess", each)) for each in (f"{machine}2", machine))
    with pytest.raises(ClientError, match="AccessDenied"):
        workshop.aws.client("stepfunctions", other).send_task_success(taskToken=token, output="{}")
    workshop.aws.client("stepfunctions", one).send_task_success(taskToken=token, output="{}")


def test_who_answers_for_a_child_may_for_the_machine_and_for_the_child(workshop: Workshop, name: str) -> None:
    machine = workshop.machine({"Map": distributed({"Wait": workshop.task(waits=True)})})
    workshop.start(machine, [{"name": name}])
    token = workshop.calls(name, least=1)[0]["token"]
    part, whole = (
        workshop.aws.user(allow("states:SendTaskSuccess", *each)) for each in ((machine,), (machine, f"{machine}/*"))
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        workshop.aws.client("stepfunctions", part).send_task_success(taskToken=token, output="{}")
    workshop.aws.client("stepfunctions", whole).send_task_success(taskToken=token, output="{}")
