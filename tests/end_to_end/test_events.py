"""Rules, alarms and whoever uses the results: told of their own job, and there in time."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from cdk_bedrock_batch import InputData

from .gallery import World, job
from .jobs import Jobs
from .stacks import Deployed, Stacks

PATIENCE_SECONDS = 120
PRINTS_ITS_EVENT = "import json\ndef handler(event, context):\n    print('EVENT', json.dumps(event))\n"
#: Fails once it runs: there is nothing where it reads.
NOTHING = "nothing/here.jsonl"


def build(stack: Stack, world: World) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Data", world.own_bucket)
    jobs = {
        name: job(stack, name, input_data=InputData.from_bucket(bucket, key))
        for name, key in {"Good": "one.jsonl", "Other": "one.jsonl", "Bad": NOTHING}.items()
    }
    for end, rule in {"Completed": jobs["Good"].on_completed, "Failed": jobs["Bad"].on_failed}.items():
        log = logs.LogGroup(stack, f"{end}Log", removal_policy=RemovalPolicy.DESTROY)
        function = lambda_.Function(
            stack,
            f"{end}Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline(PRINTS_ITS_EVENT),
            log_group=log,
        )
        rule(end, target=targets.LambdaFunction(function))
    for name in ("Good", "Bad"):
        jobs[name].alarm_on_failed("Alarm")
        jobs[name].on_state_change("Changes", target=targets.SqsQueue(sqs.Queue(stack, f"{name}Changes")))


@pytest.fixture(scope="module")
def deployed(stacks: Stacks, world: World, jobs: Jobs) -> Deployed:
    done = stacks.deploy(lambda stack: build(stack, world), "Events")
    ended = {name: jobs.ended(arn) for name, arn in done.jobs.items()}
    assert ended["Good"]["status"] == "Completed", ended["Good"]
    return done


def printed(stacks: Stacks, deployed: Deployed, beginning: str) -> list[dict[str, Any]]:
    """The events that a function has printed to its log, once there is one."""
    group = deployed.of_type("AWS::Logs::LogGroup", beginning)

    def look() -> list[dict[str, Any]]:
        pages = stacks.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        lines = [event["message"] for page in pages for event in page["events"]]
        return [json.loads(line.removeprefix("EVENT ")) for line in lines if line.startswith("EVENT ")]

    return eventually(look, 1)


def queued(stacks: Stacks, deployed: Deployed, beginning: str, count: int) -> list[dict[str, Any]]:
    """The events that a queue has got, once there are so many."""
    client, url = stacks.aws.client("sqs"), deployed.of_type("AWS::SQS::Queue", beginning)
    found: list[dict[str, Any]] = []

    def look() -> list[dict[str, Any]]:
        messages = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        found.extend(json.loads(message["Body"]) for message in messages)
        return found

    return eventually(look, count)


def eventually(look: Callable[[], list[dict[str, Any]]], count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(found := look()) < count:
        assert time.monotonic() < deadline, found
        time.sleep(0.25)
    return found


@pytest.mark.parametrize(("beginning", "name"), [("CompletedLog", "Good"), ("FailedLog", "Bad")])
def test_the_end_of_a_job_reaches_its_target_and_no_other_jobs_does(
    stacks: Stacks, deployed: Deployed, beginning: str, name: str
) -> None:
    (event,) = printed(stacks, deployed, beginning)
    assert event["detail"]["batchJobArn"] == deployed.jobs[name]
    assert event["detail"]["status"] == ("Completed" if name == "Good" else "Failed")


@pytest.mark.parametrize(("name", "end"), [("Good", ["Scheduled", "InProgress", "Completed"]), ("Bad", ["Failed"])])
def test_no_change_of_a_job_is_missed(stacks: Stacks, deployed: Deployed, name: str, end: list[str]) -> None:
    statuses = ["Submitted", "Validating", *end]
    found = queued(stacks, deployed, f"{name}Changes", len(statuses))
    assert {event["detail"]["batchJobArn"] for event in found} == {deployed.jobs[name]}
    assert [event["detail"]["status"] for event in found] == statuses


@pytest.mark.parametrize("name", ["Good", "Bad"])
def test_the_alarm_goes_off_when_its_own_job_fails(stacks: Stacks, deployed: Deployed, name: str) -> None:
    printed(stacks, deployed, "FailedLog")
    alarm = deployed.of_type("AWS::CloudWatch::Alarm", f"{name}Alarm")
    (found,) = stacks.aws.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    assert (found["StateValue"] == "ALARM") == (name == "Bad")


def test_rules_and_their_targets_permissions_are_there_before_the_job(deployed: Deployed) -> None:
    created = deployed.order("CREATE_COMPLETE")
    before = set(created[: created.index(deployed.logical_id("Good"))])
    rules = {name for name in created if name.startswith(("GoodCompleted", "GoodChanges", "GoodAlarmRule"))}
    assert len(rules) >= 3
    assert rules <= before
