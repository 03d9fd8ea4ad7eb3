"""Each change of a job's status is an event on the default bus, and rules react."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from tests.local_aws.conftest import ACCOUNT, MODEL_ARN, REGION, LocalAws, records
from tests.local_aws.processes import eventually

DONE = ["Submitted", "Validating", "Scheduled", "InProgress", "Completed"]
SOURCE = {"source": ["aws.bedrock"], "detail-type": ["Batch Inference Job State Change"]}


class Queue:
    """A queue behind a rule."""

    def __init__(self, aws: LocalAws, pattern: Mapping[str, Any]) -> None:
        self._sqs = aws.client("sqs")
        self._url = self._sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
        self.rule = rule(aws, {**SOURCE, "detail": pattern} if pattern else SOURCE, arn(aws, self._url))

    def read(self) -> list[dict[str, Any]]:
        found = []
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(message["Body"]) for message in messages]
        return found

    def read_until(self, status: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []

        def told() -> bool:
            found.extend(self.read())
            return any(event["detail"]["status"] == status for event in found)

        assert eventually(told), found
        return found


def unique(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:12]}"


def arn(aws: LocalAws, queue_url: str) -> str:
    answer = aws.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def rule(aws: LocalAws, pattern: Mapping[str, Any], *targets: str) -> str:
    name = unique("rule")
    aws.client("events").put_rule(Name=name, EventPattern=json.dumps(pattern))
    aws.client("events").put_targets(Rule=name, Targets=[{"Id": str(n), "Arn": each} for n, each in enumerate(targets)])
    return name


def run_job(aws: LocalAws, prefix: str, count: int = 100) -> str:
    arn = aws.start(aws.bucket({"in.jsonl": records(count)}), jobName=unique(prefix))
    aws.end(arn)
    return arn


def statuses(events: list[dict[str, Any]]) -> list[str]:
    return [event["detail"]["status"] for event in events]


def test_every_change_is_told_in_order_in_the_form_of_the_service(aws: LocalAws) -> None:
    prefix = unique("p")
    queue = Queue(aws, {"batchJobName": [{"prefix": prefix}]})
    arn = run_job(aws, prefix)
    events = queue.read_until("Completed")
    assert statuses(events) == DONE
    job = aws.bedrock.get_model_invocation_job(jobIdentifier=arn)
    last = events[-1]
    assert set(last) == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    }  # fmt: skip
    assert (last["source"], last["account"], last["region"]) == ("aws.bedrock", ACCOUNT, REGION)
    assert last["resources"] == [arn]
    created = last["detail"].pop("creationTime")
    assert re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M", created)
    assert last["detail"] == {
        "version": "0.0",
        "accountId": ACCOUNT,
        "batchJobName": job["jobName"],
        "batchJobArn": arn,
        "batchModelId": MODEL_ARN,
        "status": "Completed",
        "failureMessage": "",
    }


def test_a_failure_is_told_with_its_message(aws: LocalAws) -> None:
    prefix = unique("p")
    queue = Queue(aws, {"batchJobName": [{"prefix": prefix}], "status": ["Failed"]})
    arn = run_job(aws, prefix, count=1)
    (event,) = queue.read_until("Failed")
    message = aws.bedrock.get_model_invocation_job(jobIdentifier=arn)["message"]
    assert event["detail"]["failureMessage"] == message != ""


def test_a_stop_is_told_with_the_way_to_it(idle_aws: LocalAws) -> None:
    prefix = unique("p")
    queue = Queue(idle_aws, {"batchJobName": [{"prefix": prefix}]})
    arn = idle_aws.start("some-bucket", jobName=unique(prefix))
    idle_aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    assert statuses(queue.read_until("Stopped")) == ["Submitted", "Stopping", "Stopped"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"status": [{"anything-but": ["Submitted", "Validating"]}]}, DONE[2:]),
        ({"status": [{"anything-but": {"prefix": "S"}}]}, ["Validating", "InProgress", "Completed"]),
        ({"status": [{"suffix": "ed"}, "InProgress"]}, ["Submitted", "Scheduled", "InProgress", "Completed"]),
        ({"batchJobArn": [{"wildcard": "arn:*:bedrock:*:model-invocation-job/*"}], "status": ["Completed"]}, DONE[-1:]),
        ({"batchJobName": ["another-job"]}, []),
        ({"$or": [{"status": ["Completed"]}, {"failureMessage": [{"anything-but": ""}]}]}, DONE[-1:]),
    ],
)
def test_patterns_match_as_eventbridge_matches(aws: LocalAws, pattern: dict[str, Any], expected: list[str]) -> None:
    prefix = unique("p")
    named = {"batchJobName": [{"prefix": prefix}], **pattern}
    queue, whole = Queue(aws, named), Queue(aws, {"batchJobName": [{"prefix": prefix}]})
    run_job(aws, prefix)
    whole.read_until("Completed")
    assert statuses(queue.read()) == expected


def test_a_rule_takes_jobs_by_the_beginning_or_the_middle_of_their_names(aws: LocalAws) -> None:
    prefix, middle = unique("p"), uuid.uuid4().hex[:8]
    name = [{"prefix": prefix}, {"wildcard": f"*-{middle}-*"}]
    queue = Queue(aws, {"batchJobName": name, "status": ["Completed"]})
    whole = Queue(aws, {"batchJobName": [{"wildcard": f"*{middle}*"}, {"prefix": prefix}], "status": ["Completed"]})
    wanted = {run_job(aws, prefix), run_job(aws, f"any-{middle}")}
    others = {run_job(aws, f"any{middle}"), run_job(aws, f"any-{middle}x")}
    told: set[str] = set()

    def all_told() -> bool:
        told.update(event["detail"]["batchJobArn"] for event in whole.read())
        return told == wanted | others

    assert eventually(all_told), told
    assert {event["detail"]["batchJobArn"] for event in queue.read()} == wanted


def test_nobody_else_may_send_such_an_event(aws: LocalAws) -> None:
    entry = {"Source": "aws.bedrock", "DetailType": SOURCE["detail-type"][0], "Detail": "{}"}
    answer = aws.client("events").put_events(Entries=[entry])
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
