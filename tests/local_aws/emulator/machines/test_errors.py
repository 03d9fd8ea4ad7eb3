"""What a state of a machine fails with, who may catch it, and when it is tried again."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_local.emulator.machines.retries import pause
from tests.local_aws.emulator.machines.workshop import NONE, Workshop, names

TOLD = {"Type": "Pass", "Result": "caught", "End": True}
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Told"}]


def choice(**rule: Any) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{**rule, "Next": "Told"}], "Default": "Told"}


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({**NONE, "Parameters": {"a.$": "$.absent"}}, "States.ParameterPathFailure"),
        ({**NONE, "Parameters": {"a.$": "States.Format('{}', $.absent)"}}, "States.ParameterPathFailure"),
        ({**NONE, "Parameters": {"a.$": "$$.Execution.RedriveTime"}}, "States.ParameterPathFailure"),
        ({**NONE, "Parameters": {"a.$": "States.StringToJson($.text)"}}, "States.IntrinsicFailure"),
        ({**NONE, "InputPath": "$.absent"}, "States.Runtime"),
        ({**NONE, "OutputPath": "$.absent"}, "States.Runtime"),
        (choice(Variable="$.absent", StringEquals="a"), "States.Runtime"),
        ({"Type": "Wait", "SecondsPath": "$.absent", "End": True}, "States.Runtime"),
    ],
)
def test_a_path_that_leads_nowhere_fails_the_state(workshop: Workshop, state: dict[str, Any], error: str) -> None:
    ended = workshop.run({"State": state, "Told": TOLD}, {"text": "{"})
    assert (ended["status"], ended["error"]) == ("FAILED", error)


@pytest.mark.parametrize(
    "state",
    [
        {**NONE, "Parameters": {"a.$": "$.null"}},
        {**NONE, "Parameters": {"a.$": "$.list[*].absent"}},
        choice(And=[{"Variable": "$.absent", "IsPresent": True}, {"Variable": "$.absent", "StringEquals": "a"}]),
        choice(Variable="$.null", IsNull=True),
    ],
)
def test_what_is_null_or_asked_for_its_presence_is_no_failure(workshop: Workshop, state: dict[str, Any]) -> None:
    assert workshop.run({"State": state, "Told": TOLD}, {"null": None, "list": []})["status"] == "SUCCEEDED"


def test_a_fail_state_reads_its_cause_in_what_was_caught(workshop: Workshop) -> None:
    (item,) = names(1)
    workshop.tell(item["name"], error="Wrong")
    caught = [{"ErrorEquals": ["Wrong"], "ResultPath": "$.told", "Next": "Fail"}]
    cause = "States.Format('It said: {}', States.JsonToString(States.StringToJson($.told.Cause)))"
    fail = {"Type": "Fail", "ErrorPath": "$.told.Error", "CausePath": cause}
    ended = workshop.run({"Task": workshop.task(Catch=caught), "Fail": fail}, item)
    assert ended["error"] == "Wrong"
    assert json.loads(ended["cause"].removeprefix("It said: "))["errorMessage"] == "as told"


def test_a_result_that_is_too_large_fails_and_all_does_not_catch_it(workshop: Workshop) -> None:
    (item,) = names(1)
    workshop.tell(item["name"], padding=256 * 1024)
    states = {"Task": workshop.task(Catch=CATCH), "Told": TOLD}
    assert workshop.run(states, item)["error"] == "States.DataLimitExceeded"
    states["Task"]["Catch"] = [{**CATCH[0], "ErrorEquals": ["States.DataLimitExceeded"]}]
    assert workshop.run(states, item)["output"] == '"caught"'


def test_an_output_may_have_256_kib_and_no_more(workshop: Workshop) -> None:
    most = 256 * 1024 - len('""')
    for size, status in ((most, "SUCCEEDED"), (most + 1, "FAILED")):
        assert workshop.run({"Pass": {**NONE, "Result": "x" * size}}, {})["status"] == status


def test_an_execution_begins_with_json_of_256_kib_at_most(workshop: Workshop) -> None:
    machine = workshop.machine({"Pass": NONE})
    given = json.dumps("x" * (256 * 1024 - len('""')))
    workshop.states.start_execution(stateMachineArn=machine, input=given)
    for wrong, error in ((f"{given} ", "ValidationException"), ("{", "InvalidExecutionInput")):
        with pytest.raises(ClientError, match=error):
            workshop.states.start_execution(stateMachineArn=machine, input=wrong)


def test_nothing_catches_what_is_wrong_with_the_machine(workshop: Workshop) -> None:
    task = workshop.task(InputPath="$.absent", Catch=CATCH, Retry=[{"ErrorEquals": ["States.ALL"]}])
    assert workshop.run({"Task": task, "Told": TOLD}, {})["error"] == "States.Runtime"


def test_a_result_selector_reads_the_context(workshop: Workshop) -> None:
    (item,) = names(1)
    task = workshop.task(ResultSelector={"state.$": "$$.State.Name", "name.$": "$.Payload.name"})
    ended = workshop.run({"Task": task}, item)
    assert json.loads(ended["output"]) == {"state": "Task", "name": item["name"]}


def test_a_state_is_tried_as_often_as_it_says_after_at_most_the_longest_delay(workshop: Workshop) -> None:
    (item,) = names(1)
    workshop.tell(item["name"], error="Wrong")
    again = {"ErrorEquals": ["Wrong"], "MaxAttempts": 3, "BackoffRate": 100, "MaxDelaySeconds": 1}
    never = {"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}
    assert workshop.run({"Task": workshop.task(Retry=[again, never])}, item)["error"] == "Wrong"
    assert len(workshop.calls(item["name"])) == 4


def test_each_delay_is_longer_than_the_last_and_may_be_any_part_of_that() -> None:
    retrier = {"IntervalSeconds": 10, "BackoffRate": 3}
    assert [pause(retrier, count) for count in range(4)] == [10, 30, 90, 270]
    drawn = {pause({**retrier, "JitterStrategy": "FULL", "MaxDelaySeconds": 20}, 3) for _ in range(100)}
    assert len(drawn) > 1
    assert all(0 <= each <= 20 for each in drawn)
