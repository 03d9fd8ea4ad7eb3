"""What CloudWatch is told: how far the jobs of a model are, and what the rules of EventBridge do."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.local_aws.bedrock.signals.test_events import SOURCE, rule, run_job, unique
from tests.local_aws.conftest import LocalAws, allow, serve
from tests.local_aws.processes import eventually

# Nobody else's: what is measured of a model is the sum over all of its jobs.
CLAUDE = "anthropic.claude-of-this-test-v1:0"


def statistics(aws: LocalAws, namespace: str, metric: str, **dimensions: str) -> dict[str, float]:
    now = datetime.now(UTC)
    points = aws.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
        Period=7200,
        Statistics=["Sum", "Minimum", "Maximum"],
    )["Datapoints"]
    return points[0] if points else {}


def claude_job(aws: LocalAws) -> tuple[str, str]:
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "a b c"}],
    }
    bucket = aws.bucket({"in.jsonl": json.dumps({"modelInput": body}).encode() + b"\n"})
    line = aws.read(bucket, "in.jsonl")
    aws.client("s3").put_object(Bucket=bucket, Key="in.jsonl", Body=line * 200)
    role = aws.role(allow("s3:*", "*"), allow("bedrock:InvokeModel", "*"))
    arn = aws.start(bucket, roleArn=role, modelId=CLAUDE)
    assert aws.end(arn)["successRecordCount"] == 200
    return bucket, arn


def test_a_job_is_measured_by_its_model_from_all_pending_to_none(aws: LocalAws) -> None:
    bucket, arn = claude_job(aws)
    manifest = aws.manifest(bucket, arn)

    def batch(metric: str) -> dict[str, float]:
        return statistics(aws, "AWS/Bedrock/Batch", metric, ModelId=CLAUDE)

    pending = batch("NumberOfRecordsPendingProcessing")
    assert (pending["Maximum"], pending["Minimum"]) == (200, 0)
    assert batch("NumberOfInputTokensProcessedPerMinute")["Sum"] == manifest["inputTokenCount"] == 600
    assert batch("NumberOfOutputTokensProcessedPerMinute")["Sum"] == manifest["outputTokenCount"] == 600
    assert batch("NumberOfTokensPendingProcessing")["Minimum"] == 0


def queue_of(aws: LocalAws) -> str:
    name = aws.client("sqs").create_queue(QueueName=unique("q"))["QueueUrl"].rpartition("/")[2]
    return f"arn:aws:sqs:us-east-1:000000000000:{name}"


@pytest.fixture(scope="module")
def counting() -> Iterator[LocalAws]:
    """Where rules that have no targets count."""
    with serve(behaviours='Behaviours(role_propagation=0, rules_without_targets="counted")') as aws:
        yield aws


@pytest.mark.parametrize(("which", "times"), [("aws", 0), ("counting", 5)])
def test_a_rule_without_targets_counts_as_is_said_and_one_with_a_target_always(
    request: pytest.FixtureRequest, which: str, times: int
) -> None:
    aws: LocalAws = request.getfixturevalue(which)
    prefix = unique("p")
    pattern = {**SOURCE, "detail": {"batchJobName": [{"prefix": prefix}]}}
    bare, aimed = rule(aws, pattern), rule(aws, pattern, queue_of(aws))
    run_job(aws, prefix)

    def counted(name: str) -> list[float]:
        metrics = ("MatchedEvents", "TriggeredRules", "Invocations")
        return [statistics(aws, "AWS/Events", metric, RuleName=name).get("Sum", 0) for metric in metrics]

    assert eventually(lambda: counted(aimed) == [5, 5, 5])
    assert counted(bare) == [times, times, 0]


def test_an_alarm_looks_at_its_own_rule_only(aws: LocalAws) -> None:
    prefix = unique("p")
    failed, completed = (
        rule(aws, {**SOURCE, "detail": {"batchJobName": [{"prefix": prefix}], "status": [status]}}, queue_of(aws))
        for status in ("Failed", "Completed")
    )
    for name in (failed, completed):
        aws.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/Events",
            MetricName="TriggeredRules",
            Dimensions=[{"Name": "RuleName", "Value": name}],
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
        )

    def state(name: str) -> Any:
        return aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]

    run_job(aws, prefix)
    assert eventually(lambda: state(completed) == "ALARM")
    assert state(failed) != "ALARM"
