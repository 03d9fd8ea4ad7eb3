"""Metrics of the job's model, alarms, and the widget."""

import re
from typing import Any

import pytest
from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_bedrock_batch import BatchModel

from ..conftest import NOVA, MakeJob
from ..template import Synthesized, named, plain


def alarm(stack: Stack) -> dict[str, Any]:
    (properties,) = Synthesized.of(stack).properties("AWS::CloudWatch::Alarm")
    found: dict[str, Any] = plain(properties)
    return found


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("metric_records_pending", "NumberOfRecordsPendingProcessing"),
        ("metric_input_tokens_per_minute", "NumberOfInputTokensProcessedPerMinute"),
        ("metric_output_tokens_per_minute", "NumberOfOutputTokensProcessedPerMinute"),
    ],
)
def test_a_metric_is_that_of_the_model(make_job: MakeJob, method: str, name: str) -> None:
    metric = getattr(make_job(), method)(period=Duration.minutes(1))
    assert (metric.namespace, metric.metric_name) == ("AWS/Bedrock/Batch", name)
    assert metric.dimensions == {"ModelId": NOVA}
    assert metric.period.to_minutes() == 1


def test_any_metric_of_the_namespace_can_be_had(make_job: MakeJob) -> None:
    metric = make_job().metric("NumberOfTokensPendingProcessing", statistic="Sum")
    assert (metric.metric_name, metric.statistic) == ("NumberOfTokensPendingProcessing", "Sum")
    assert metric.period.to_minutes() == 5


def test_a_model_that_is_given_by_arn_is_watched_by_id(make_job: MakeJob) -> None:
    job = make_job(model=BatchModel.foundation_model(f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"))
    assert job.metric_records_pending().dimensions == {"ModelId": NOVA}


def test_the_alarm_for_failure_counts_this_jobs_failures(stack: Stack, make_job: MakeJob) -> None:
    make_job().alarm_on_failed("Failed", alarm_name="nightly")
    found = alarm(stack)
    template = Synthesized.of(stack)
    ((rule, properties),) = template.all("AWS::Events::Rule").items()
    assert properties["Properties"]["EventPattern"]["detail"]["status"] == ["Failed", "PartiallyCompleted", "Expired"]
    assert (
        found.items()
        >= {
            "AlarmName": "nightly",
            "Namespace": "AWS/Events",
            "MetricName": "MatchedEvents",
            "Dimensions": [{"Name": "RuleName", "Value": f"${{{named(rule)}}}"}],
            "Statistic": "Sum",
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
        }.items()
    )
    (target,) = plain(properties["Properties"]["Targets"])
    (permission,) = (
        name
        for name, each in template.all("AWS::Lambda::Permission").items()
        if plain(each["Properties"]["SourceArn"]) == f"${{{named(rule)}.Arn}}"
        and each["Properties"]["FunctionName"] == properties["Properties"]["Targets"][0]["Arn"]
    )
    # A rule that tells nobody may not be counted.
    assert target["Arn"] == plain(template.job["ServiceToken"])
    assert {rule, permission} <= template.needed(template.job_id)


@pytest.mark.parametrize(("after", "hours"), [(None, 3), (Duration.hours(24), 24), (Duration.minutes(60), 1)])
def test_the_alarm_for_standstill_wants_records_waiting_and_none_processed(
    stack: Stack, make_job: MakeJob, after: Duration | None, hours: int
) -> None:
    make_job().alarm_on_stuck("Stuck", after=after)
    found = alarm(stack)
    assert found["EvaluationPeriods"] == hours
    expressions = {metric["Id"]: metric for metric in found["Metrics"]}
    (shown,) = (m for m in expressions.values() if "Expression" in m)
    assert shown["Expression"] == "IF(pending > 0 AND FILL(tokens, 0) == 0, 1, 0)"
    assert expressions["pending"]["MetricStat"]["Metric"]["MetricName"] == "NumberOfRecordsPendingProcessing"
    assert expressions["tokens"]["MetricStat"]["Metric"]["MetricName"] == "NumberOfInputTokensProcessedPerMinute"
    assert {m["MetricStat"]["Period"] for m in expressions.values() if "MetricStat" in m} == {3600}


@pytest.mark.parametrize("after", [Duration.minutes(30), Duration.minutes(90), Duration.hours(25)])
def test_a_standstill_is_told_in_whole_hours(stack: Stack, make_job: MakeJob, after: Duration) -> None:
    job = make_job()
    with pytest.raises(ValueError, match=f"'after' must be 1 to 24 whole hours, got {after.to_minutes() / 60:g} hours"):
        job.alarm_on_stuck("Stuck", after=after)
    assert not Synthesized.of(stack).all("AWS::CloudWatch::Alarm")


@pytest.mark.parametrize(
    ("after", "message"),
    [
        (3, "'after' must be of type Duration, such as Duration.hours(30), got 3"),
        (0, "'after' must be of type Duration, such as Duration.hours(30), got 0"),
        (Duration.hours(Token.as_number({"Ref": "Hours"})), "'after' must be known when the template is made"),
    ],
)
def test_a_standstill_is_told_in_a_duration_that_is_known(make_job: MakeJob, after: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make_job().alarm_on_stuck("Stuck", after=after)


def test_the_widget_shows_what_waits_beside_what_is_processed(stack: Stack, make_job: MakeJob) -> None:
    dashboard = cloudwatch.Dashboard(stack, "Dashboard")
    dashboard.add_widgets(make_job().widget(width=24))
    (properties,) = Synthesized.of(stack).properties("AWS::CloudWatch::Dashboard")
    body = plain(properties["DashboardBody"])
    assert f"Batch inference with {NOVA}" in body
    assert '"width":24' in body
    for name in ("RecordsPendingProcessing", "InputTokensProcessedPerMinute", "OutputTokensProcessedPerMinute"):
        assert body.count(f"NumberOf{name}") == 1
