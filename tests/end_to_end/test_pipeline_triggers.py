"""A pipeline that begins when an upload is over, takes what is new, and tells how its runs end."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs

from .pipelines import EACH, Pipeline, build, files, ids
from .stacks import Stacks
from .waits import eventually

MARK = "incoming/_SUCCESS"


def triggered(stack: Stack) -> None:
    pipeline = build(stack, only_new=True)
    pipeline.on_schedule("Daily", events.Schedule.rate(Duration.days(1)))
    pipeline.on_upload("Uploaded", MARK)
    for name, rule in {"Finished": pipeline.on_finished, "Failed": pipeline.on_failed}.items():
        rule(name, target=targets.SqsQueue(sqs.Queue(stack, f"{name}Queue")))


@pytest.fixture(scope="module")
def pipeline(stacks: Stacks) -> Pipeline:
    return Pipeline(stacks.deploy(triggered, "Triggered"), stacks.aws)


def told(pipeline: Pipeline, queue: str) -> Mapping[str, Any]:
    """The detail of the next event that has come to a queue."""
    client, url = pipeline.aws.client("sqs"), pipeline.deployed.of_type("AWS::SQS::Queue", f"{queue}Queue")

    def look() -> list[Any]:
        return list(client.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages", []))

    (message,) = eventually(look)
    client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    detail: Mapping[str, Any] = json.loads(message["Body"])["detail"]
    return detail


def executions(pipeline: Pipeline) -> list[Mapping[str, Any]]:
    """All that there are, the newest first."""
    return list(pipeline.states.list_executions(stateMachineArn=pipeline.machine)["executions"])


def test_an_upload_that_is_over_begins_a_run_whose_end_is_told(pipeline: Pipeline) -> None:
    pipeline.put(files(2))
    assert executions(pipeline) == []
    pipeline.s3.put_object(Bucket=pipeline.bucket("Articles"), Key=MARK)
    (execution,) = eventually(lambda: executions(pipeline))
    ended = pipeline.ended(execution["executionArn"])
    assert ended["status"] == "SUCCEEDED", f"{ended.get('error')}: {ended.get('cause')}"
    assert json.loads(ended["input"])["detail"]["object"]["key"] == MARK
    assert pipeline.answered(execution["name"]) == ids(2)
    assert told(pipeline, "Finished") == json.loads(ended["output"])


def test_a_run_takes_what_is_new_and_succeeds_if_nothing_is(pipeline: Pipeline) -> None:
    pipeline.put({f"first-{name}": content for name, content in files(1).items()})
    pipeline.run("before")
    pipeline.put({"later.jsonl": files(4)["003.jsonl"]})
    assert pipeline.run("later")["Records"] == EACH
    assert {record[:3] for record in pipeline.answered("later")} == {"003"}
    nothing = pipeline.run("nothing")
    assert (nothing["Status"], nothing["Records"], nothing["Jobs"]) == ("SUCCEEDED", 0, 0)
    assert [told(pipeline, "Finished")["Run"] for _ in range(3)] == ["before", "later", "nothing"]


def test_a_run_that_fails_is_told_and_what_it_took_is_taken_by_the_next(pipeline: Pipeline) -> None:
    pipeline.put({"few.jsonl": files(5, 40)["004.jsonl"]})
    execution = pipeline.start("too-few")
    assert pipeline.ended(execution)["status"] == "FAILED"
    failure = told(pipeline, "Failed")
    assert (failure["executionArn"], failure["status"], failure["error"]) == (execution, "FAILED", "BadInputError")
    pipeline.put({"more.jsonl": files(6, 80)["005.jsonl"]})
    assert pipeline.run("enough")["Records"] == 40 + 80
