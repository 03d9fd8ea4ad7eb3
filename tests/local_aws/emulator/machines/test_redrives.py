"""An execution that is stopped or has failed ends as a whole, and goes on from there when it is redriven."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import allow
from tests.local_aws.emulator.machines.workshop import NONE, Workshop, definition, distributed, names


def counts(workshop: Workshop, execution: str) -> dict[str, int]:
    found = workshop.map_run(execution)
    assert found["itemCounts"] == found["executionCounts"]
    return {name: count for name, count in found["itemCounts"].items() if count}


def redrive(workshop: Workshop, execution: str) -> Any:
    return workshop.states.redrive_execution(executionArn=execution)


def test_a_failed_execution_goes_on_from_the_state_that_failed_with_the_definition_of_its_start(
    workshop: Workshop,
) -> None:
    name = uuid.uuid4().hex
    workshop.tell(name, error="Once")
    task = workshop.task(ResultPath=None, Next="Last")
    last = {"Type": "Pass", "Parameters": {"count.$": "$$.Execution.RedriveCount"}, "End": True}
    machine = workshop.machine({"First": {"Type": "Pass", "Next": "Task"}, "Task": task, "Last": last})
    execution = workshop.start(machine, {"name": name})
    ended = workshop.end(execution)
    assert (ended["status"], ended["redriveCount"], ended["redriveStatus"]) == ("FAILED", 0, "REDRIVABLE")
    workshop.tell(name)
    workshop.states.update_state_machine(stateMachineArn=machine, definition=definition({"Other": NONE}))
    redriven = redrive(workshop, execution)["redriveDate"]
    ended = workshop.end(execution)
    assert (ended["status"], ended["redriveCount"], ended["redriveDate"]) == ("SUCCEEDED", 1, redriven)
    assert ended["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven."
    assert json.loads(ended["output"]) == {"count": 1}
    kinds = workshop.kinds(execution)
    assert kinds[kinds.index("ExecutionRedriven") :][:2] == ["ExecutionRedriven", "TaskScheduled"]
    assert kinds.count("PassStateEntered") == 2


def test_what_runs_or_has_succeeded_is_not_redriven(workshop: Workshop) -> None:
    execution = workshop.start(workshop.machine({"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}), {})
    with pytest.raises(ClientError, match="ExecutionNotRedrivable"):
        redrive(workshop, execution)
    workshop.states.stop_execution(executionArn=execution)
    redrive(workshop, execution)
    workshop.states.stop_execution(executionArn=execution)
    succeeded = workshop.start(workshop.machine({"Pass": NONE}), {})
    workshop.end(succeeded)
    with pytest.raises(ClientError, match="ExecutionNotRedrivable"):
        redrive(workshop, succeeded)
    with pytest.raises(ClientError, match="ExecutionDoesNotExist"):
        redrive(workshop, f"{succeeded}2")


def test_what_a_stopped_execution_had_called_is_nothing_to_the_redriven_one(workshop: Workshop) -> None:
    (item,) = names(1)
    workshop.tell(item["name"], seconds=4)
    machine = workshop.machine(
        {"Task": workshop.task(Next="Wait"), "Wait": {"Type": "Wait", "Seconds": 5, "End": True}}
    )
    execution = workshop.start(machine, item)
    workshop.calls(item["name"], least=1)
    workshop.states.stop_execution(executionArn=execution)
    workshop.tell(item["name"])
    redrive(workshop, execution)
    assert workshop.end(execution)["status"] == "SUCCEEDED"
    assert workshop.kinds(execution).count("TaskSucceeded") == 1


def test_a_redrive_that_is_asked_for_twice_is_one(workshop: Workshop) -> None:
    execution = workshop.start(workshop.machine({"Fail": {"Type": "Fail", "Error": "Always"}}), {})
    workshop.end(execution)
    dates = set()
    for _ in range(2):
        told = workshop.states.redrive_execution(executionArn=execution, clientToken="one")
        dates.add(told["redriveDate"])
        workshop.end(execution)
    assert len(dates) == 1
    assert workshop.end(execution)["redriveCount"] == 1


def test_an_execution_whose_time_is_over_has_all_of_it_again(workshop: Workshop) -> None:
    wait = {"Type": "Wait", "Seconds": 3600, "End": True}
    execution = workshop.start(workshop.machine({"Wait": wait}, TimeoutSeconds=1), {})
    assert workshop.end(execution)["status"] == "TIMED_OUT"
    redrive(workshop, execution)
    assert workshop.end(execution)["status"] == "TIMED_OUT"
    *_, first, redriven, last = workshop.history(execution)
    assert [each["type"] for each in (first, redriven, last)] == [
        "ExecutionTimedOut",
        "ExecutionRedriven",
        first["type"],
    ]
    assert (last["timestamp"] - redriven["timestamp"]).total_seconds() > 0.9


def test_who_may_not_redrive_is_refused(workshop: Workshop) -> None:
    execution = workshop.start(workshop.machine({"Fail": {"Type": "Fail"}}), {})
    workshop.end(execution)
    other, one = (
        workshop.aws.user(allow(f"states:{each}", execution)) for each in ("StartExecution", "RedriveExecution")
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        workshop.aws.client("stepfunctions", other).redrive_execution(executionArn=execution)
    workshop.aws.client("stepfunctions", one).redrive_execution(executionArn=execution)


def test_children_end_with_a_stop_and_those_that_had_not_succeeded_go_on(workshop: Workshop) -> None:
    answered, waiting, pending = items = names(3)
    workshop.tell(answered["name"], answer="first")
    steps = {"Wait": workshop.task(waits=True, Next="Rest"), "Rest": NONE}
    execution = workshop.start(workshop.machine({"Map": distributed(steps, MaxConcurrency=1)}), items)
    workshop.calls(waiting["name"], least=1)
    workshop.states.stop_execution(executionArn=execution)
    assert counts(workshop, execution) == {"succeeded": 1, "aborted": 1, "pending": 1, "total": 3}
    assert workshop.map_run(execution)["status"] == "ABORTED"
    for item in (waiting, pending):
        workshop.tell(item["name"], answer="second")
    redrive(workshop, execution)
    ended = workshop.end(execution)
    assert json.loads(ended["output"]) == ["first", "second", "second"]
    assert [len(workshop.calls(item["name"])) for item in items] == [1, 2, 1]
    assert counts(workshop, execution) == {"succeeded": 3, "total": 3}
    run = workshop.map_run(execution)
    assert (run["status"], run["redriveCount"]) == ("SUCCEEDED", 1)
    assert sorted(each["redriveCount"] for each in workshop.children(execution)) == [0, 0, 1]
    listed = workshop.states.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    assert sorted((each["redriveCount"], "redriveDate" in each) for each in listed) == [
        (0, False),
        (0, False),
        (1, True),
    ]


def test_a_child_goes_on_from_its_own_state(workshop: Workshop) -> None:
    (item,) = names(1)
    second = {**item, "name": f"{item['name']}-second"}
    workshop.tell(second["name"], error="Once")
    move = {"Type": "Pass", "Parameters": {"name.$": "States.Format('{}-second', $.name)"}, "Next": "Second"}
    steps = {"First": workshop.task(ResultPath=None, Next="Move"), "Move": move, "Second": workshop.task()}
    execution = workshop.start(workshop.machine({"Map": distributed(steps)}), [item])
    assert workshop.end(execution)["error"] == "States.ExceedToleratedFailureThreshold"
    (child,) = workshop.children(execution)
    assert (child["error"], child["redriveStatus"]) == ("Once", "REDRIVABLE_BY_MAP_RUN")
    with pytest.raises(ClientError, match="ExecutionNotRedrivable"):
        redrive(workshop, child["executionArn"])
    workshop.tell(second["name"])
    redrive(workshop, execution)
    assert workshop.end(execution)["status"] == "SUCCEEDED"
    assert [len(workshop.calls(each["name"])) for each in (item, second)] == [1, 2]
    assert "MapRunRedriven" in workshop.kinds(execution)


def test_children_are_redriven_only_if_the_role_may(workshop: Workshop) -> None:
    (item,) = names(1)
    workshop.tell(item["name"], error="Once")
    machine = workshop.machine({"Map": distributed({"Task": workshop.task()})}, without="states:RedriveExecution")
    execution = workshop.start(machine, [item])
    workshop.end(execution)
    redrive(workshop, execution)
    assert "not authorized to perform: states:RedriveExecution" in workshop.end(execution)["cause"]


def test_a_failure_that_was_caught_is_not_gone_into_again(workshop: Workshop) -> None:
    (item,) = names(1)
    workshop.tell(item["name"], error="Once")
    caught = {"ErrorEquals": ["States.ALL"], "Next": "Fail"}
    states = {"Map": distributed({"Task": workshop.task()}, Catch=[caught]), "Fail": {"Type": "Fail", "Error": "Told"}}
    execution = workshop.start(workshop.machine(states), [item])
    workshop.end(execution)
    redrive(workshop, execution)
    assert workshop.end(execution)["error"] == "Told"
    assert len(workshop.calls(item["name"])) == 1
