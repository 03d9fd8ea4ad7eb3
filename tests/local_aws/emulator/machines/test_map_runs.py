"""A Distributed Map: what it reads, how many children run at once, what it tolerates, and what its role must allow."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import allow
from tests.local_aws.emulator.machines.workshop import NONE, Workshop, distributed, names

SEPARATOR = chr(0x2028)


def counts(workshop: Workshop, execution: str) -> dict[str, int]:
    return {name: count for name, count in workshop.map_run(execution)["itemCounts"].items() if count}


def reader(workshop: Workshop, *lines: str, key: str = "items.jsonl", **written: str) -> dict[str, Any]:
    workshop.aws.client("s3").put_object(Bucket=workshop.bucket, Key=key, Body="\n".join(lines), **written)
    return {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSONL"},
        "Parameters": {"Bucket": workshop.bucket, "Key.$": "$.key"},
    }


def test_no_more_children_run_than_the_input_says(workshop: Workshop) -> None:
    items = names(3)
    wait = {"Wait": workshop.task(waits=True)}
    many = distributed(wait, MaxConcurrencyPath="$.many", ItemsPath="$.items")
    execution = workshop.start(workshop.machine({"Map": many}), {"many": 2, "items": items})
    token = workshop.calls(items[0]["name"], least=1)[0]["token"]
    workshop.calls(items[1]["name"], least=1)
    assert counts(workshop, execution) == {"running": 2, "pending": 1, "total": 3}
    assert workshop.map_run(execution)["maxConcurrency"] == 2
    workshop.states.send_task_success(taskToken=token, output="{}")
    workshop.calls(items[2]["name"], least=1)
    workshop.states.stop_execution(executionArn=execution)
    assert counts(workshop, execution) == {"aborted": 2, "succeeded": 1, "total": 3}


@pytest.mark.parametrize(
    ("tolerated", "status"),
    [
        ({}, "FAILED"),
        ({"ToleratedFailurePercentage": 25}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 24}, "FAILED"),
        ({"ToleratedFailurePercentagePath": "$[0].percentage"}, "SUCCEEDED"),
        ({"ToleratedFailureCount": 1}, "SUCCEEDED"),
        ({"ToleratedFailureCountPath": "$[0].count"}, "FAILED"),
    ],
)
def test_as_many_children_may_fail_as_are_tolerated(workshop: Workshop, tolerated: dict[str, Any], status: str) -> None:
    choice = {"Variable": "$.fails", "BooleanEquals": True, "Next": "Fail"}
    steps = {
        "Choice": {"Type": "Choice", "Choices": [choice], "Default": "Pass"},
        "Fail": {"Type": "Fail"},
        "Pass": NONE,
    }
    items = [{"fails": number == 3, "percentage": 25, "count": 0} for number in range(4)]
    ended = workshop.run({"Map": distributed(steps, **tolerated)}, items)
    assert ended["status"] == status
    assert ended.get("error") == (None if status == "SUCCEEDED" else "States.ExceedToleratedFailureThreshold")


def test_the_children_that_run_end_with_a_failure_that_is_not_tolerated(workshop: Workshop) -> None:
    failing, waiting = items = names(2)
    workshop.tell(failing["name"], error="Wrong", seconds=2)
    execution = workshop.start(workshop.machine({"Map": distributed({"Wait": workshop.task(waits=True)})}), items)
    workshop.calls(waiting["name"], least=1)
    assert workshop.end(execution)["error"] == "States.ExceedToleratedFailureThreshold"
    assert counts(workshop, execution) == {"failed": 1, "aborted": 1, "total": 2}
    assert workshop.map_run(execution)["status"] == "FAILED"
    assert workshop.kinds(execution)[-2:] == ["MapRunFailed", "ExecutionFailed"]


def test_lines_are_split_at_their_ends_alone(workshop: Workshop) -> None:
    items = reader(workshop, json.dumps({"text": f"a{SEPARATOR}b"}, ensure_ascii=False), '{"text": "c"}')
    chosen = {"text.$": "$$.Map.Item.Value.text", "of.$": "$.key"}
    ended = workshop.run(
        {"Map": distributed({"P": NONE}, ItemReader=items, ItemSelector=chosen)}, {"key": "items.jsonl"}
    )
    assert [each["text"] for each in json.loads(ended["output"])] == [f"a{SEPARATOR}b", "c"]


@pytest.mark.parametrize("key", ["absent.jsonl", "wrong.jsonl"])
def test_items_that_cannot_be_read_fail_the_map_with_a_name_that_can_be_caught(workshop: Workshop, key: str) -> None:
    items = reader(workshop, "{", key="wrong.jsonl")
    caught = {"ErrorEquals": ["States.ItemReaderFailed"], "ResultPath": None, "Next": "Told"}
    states = {"Map": distributed({"P": NONE}, ItemReader=items, Catch=[caught]), "Told": {"Type": "Succeed"}}
    assert workshop.run(states, {"key": key})["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"MaxConcurrencyPath": "$.text"}, "States.Runtime"),
        ({"ItemsPath": "$.text"}, "States.Runtime"),
        ({"ItemSelector": {"a.$": "$$.Map.Item.Value.absent"}}, "States.ParameterPathFailure"),
        ({"ItemSelector": {"a.$": "$.text", "b.$": "$.text"}}, "States.DataLimitExceeded"),
    ],
)
def test_an_input_that_a_map_cannot_use_fails_it(workshop: Workshop, more: dict[str, Any], error: str) -> None:
    many = {"Map": distributed({"P": NONE}, **{"ItemsPath": "$.items", **more})}
    assert workshop.run(many, {"items": [{}], "text": "x" * 200_000})["error"] == error


def test_who_may_not_see_a_map_run_is_refused(workshop: Workshop) -> None:
    execution = workshop.start(workshop.machine({"Map": distributed({"P": NONE})}), [])
    workshop.end(execution)
    run = workshop.map_run(execution)["mapRunArn"]
    actions = ("states:DescribeMapRun", "states:ListExecutions")
    other, one = (
        workshop.aws.client("stepfunctions", workshop.aws.user(allow(actions, arn))) for arn in (f"{run}2", run)
    )
    for ask in ("describe_map_run", "list_executions"):
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(other, ask)(mapRunArn=run)
        getattr(one, ask)(mapRunArn=run)


@pytest.mark.parametrize("action", ["s3:GetObject", "states:DescribeExecution", "states:StartExecution"])
def test_what_the_role_may_not_the_map_may_not(workshop: Workshop, action: str) -> None:
    many = distributed({"P": NONE}, ItemReader=reader(workshop, "1"))
    ended = workshop.run({"Map": many}, {"key": "items.jsonl"}, without=action)
    assert f"is not authorized to perform: {action}" in ended["cause"]


def test_items_are_read_only_with_the_right_to_use_their_key(workshop: Workshop) -> None:
    key = workshop.aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    written = reader(workshop, "1", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    many = {"Map": distributed({"P": NONE}, ItemReader=written)}
    assert workshop.run(many, {"key": "items.jsonl"})["status"] == "SUCCEEDED"
    ended = workshop.run(many, {"key": "items.jsonl"}, without="kms:Decrypt")
    assert (ended["error"], "kms:Decrypt" in ended["cause"]) == ("States.ItemReaderFailed", True)


def test_children_run_on_that_the_role_may_not_stop(workshop: Workshop) -> None:
    (item,) = items = names(1)
    many = {"Map": distributed({"Wait": workshop.task(waits=True)})}
    execution = workshop.start(workshop.machine(many, without="states:StopExecution"), items)
    (call,) = workshop.calls(item["name"], least=1)
    workshop.states.stop_execution(executionArn=execution)
    assert counts(workshop, execution) == {"running": 1, "total": 1}
    workshop.states.send_task_success(taskToken=call["token"], output="{}")
    (child,) = workshop.children(execution)
    assert workshop.end(child["executionArn"])["status"] == "SUCCEEDED"


def test_a_list_of_objects_asks_the_role_for_the_bucket(workshop: Workshop) -> None:
    lists = {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": workshop.bucket, "Prefix": "items"},
    }
    reader(workshop, "1")
    many = {"Map": distributed({"P": NONE}, ItemReader=lists)}
    assert json.loads(workshop.run(many, {})["output"])[0]["Key"] == "items.jsonl"
    ended = workshop.run(many, {}, without="s3:ListBucket")
    assert (ended["error"], "s3:ListBucket" in ended["cause"]) == ("States.ItemReaderFailed", True)


def test_each_child_has_a_history_and_a_context_of_its_own(workshop: Workshop) -> None:
    about = {"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Id", "given.$": "$$.Execution.Input"}, "Next": "End"}
    execution = workshop.start(workshop.machine({"Map": distributed({"About": about, "End": NONE})}), ["one"])
    output = json.loads(workshop.end(execution)["output"])
    (child,) = workshop.children(execution)
    assert output == [{"id": child["executionArn"], "given": "one"}]
    passed = ["PassStateEntered", "PassStateExited"]
    assert workshop.kinds(child["executionArn"]) == ["ExecutionStarted", *passed, *passed, "ExecutionSucceeded"]


@pytest.mark.parametrize("name", ["ItemBatcher", "ResultWriter"])
def test_what_is_not_here_is_refused(workshop: Workshop, name: str) -> None:
    ended = workshop.run({"Map": distributed({"P": NONE}, **{name: {}})}, [1])
    assert ended["cause"] == f"The local AWS has no {name} of a Map"


def test_a_map_has_no_more_results_than_a_state_may_return(workshop: Workshop) -> None:
    large = {"Type": "Pass", "Result": "x" * 100_000, "End": True}
    ended = workshop.run({"Map": distributed({"P": large}, ResultPath=None)}, [1, 2, 3])
    assert ended["error"] == "States.DataLimitExceeded"


def test_a_map_that_is_tried_again_is_another_run(workshop: Workshop) -> None:
    name = uuid.uuid4().hex
    workshop.tell(name, error="Once")
    again = {"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "IntervalSeconds": 0, "MaxAttempts": 1}
    execution = workshop.start(
        workshop.machine({"Map": distributed({"Task": workshop.task()}, Retry=[again])}), [{"name": name}]
    )
    workshop.end(execution)
    assert len(workshop.states.list_map_runs(executionArn=execution)["mapRuns"]) == 2
