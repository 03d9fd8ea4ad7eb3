"""When a pipeline runs, and who is told how its runs end."""

import json
from typing import Any

import pytest
from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match, Template

from cdk_bedrock_batch import InputData

from ..template import Synthesized, named, plain
from .conftest import MakePipeline

NIGHTLY = events.Schedule.cron(hour="2", minute="0")
MACHINE = "NightlyStateMachine"


def rule(stack: Stack, beginning: str) -> dict[str, Any]:
    """The properties of the rule whose logical id begins so, as texts."""
    rules = Synthesized.of(stack).all("AWS::Events::Rule")
    (found,) = (each["Properties"] for name, each in rules.items() if name.startswith(beginning))
    properties: dict[str, Any] = plain(found)
    return properties


def alarm(stack: Stack) -> dict[str, Any]:
    (properties,) = Synthesized.of(stack).properties("AWS::CloudWatch::Alarm")
    found: dict[str, Any] = plain(properties)
    return found


def machine_of(stack: Stack) -> str:
    machines = Synthesized.of(stack).all("AWS::StepFunctions::StateMachine")
    (found,) = (name for name in machines if name.startswith(MACHINE))
    return f"${{{named(found)}}}"


def imported(stack: Stack, **attributes: str) -> InputData:
    bucket = s3.Bucket.from_bucket_attributes(stack, "Theirs", bucket_name="their-articles", **attributes)
    return InputData.from_bucket(bucket, "incoming/")


def test_a_schedule_starts_the_machine_with_a_role_that_may_do_nothing_else(
    stack: Stack, make_pipeline: MakePipeline
) -> None:
    made = make_pipeline().on_schedule("EveryNight", NIGHTLY, rule_name="nightly")
    assert isinstance(made, events.Rule)
    found = rule(stack, "NightlyEveryNight")
    assert (found["Name"], found["ScheduleExpression"]) == ("nightly", "cron(0 2 * * ? *)")
    ((arn, role),) = ((target["Arn"], target["RoleArn"]) for target in found["Targets"])
    assert arn == machine_of(stack)
    assert role == "${NightlyTriggersRole.Arn}"
    (statement,) = Synthesized.of(stack).statements("NightlyTriggersRole")
    assert (statement["Action"], statement["Resource"]) == ("states:StartExecution", arn)
    trust = Match.object_like({"Statement": [Match.object_like({"Principal": {"Service": "events.amazonaws.com"}})]})
    Template.from_stack(stack).has_resource_properties("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust})


def test_all_that_starts_it_has_one_role(stack: Stack, make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline()
    pipeline.on_schedule("EveryNight", NIGHTLY)
    pipeline.on_schedule("AtNoon", events.Schedule.rate(Duration.days(1)))
    pipeline.on_upload("Uploaded", "incoming/_SUCCESS")
    roles = [name for name in Synthesized.of(stack).all("AWS::IAM::Role") if "Triggers" in name]
    assert len(roles) == 1


def test_an_upload_is_over_when_one_object_of_the_inputs_bucket_is_there(
    stack: Stack, make_pipeline: MakePipeline
) -> None:
    make_pipeline().on_upload("Uploaded", "incoming/_SUCCESS")
    found = rule(stack, "NightlyUploaded")
    bucket = {"name": ["${NightlyArticles}"]}
    assert found["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": bucket, "object": {"key": ["incoming/_SUCCESS"]}},
    }
    notifications = Synthesized.of(stack).properties("Custom::S3BucketNotifications")
    ((name, configuration),) = ((plain(p["BucketName"]), p["NotificationConfiguration"]) for p in notifications)
    assert (name, configuration) == ("${NightlyArticles}", {"EventBridgeConfiguration": {}})
    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("on_upload"))


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ({}, "'on_upload': the bucket their-articles is imported: its owner must have it send its events to EventBri"),
        ({"account": "444455556666"}, "and account 444455556666 must send them on to the default event bus"),
    ],
)
def test_synth_says_what_the_owner_of_an_imported_bucket_has_to_do(
    stack: Stack, make_pipeline: MakePipeline, attributes: dict[str, str], says: str
) -> None:
    make_pipeline(input_data=imported(stack, **attributes)).on_upload("Uploaded", "incoming/_SUCCESS")
    Annotations.from_stack(stack).has_warning("/Stack/Nightly", Match.string_like_regexp(says))
    # Nobody else's bucket is changed.
    assert not Synthesized.of(stack).all("Custom::S3BucketNotifications")


def test_the_end_of_a_run_is_told_by_the_name_of_the_pipelines_jobs(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline(job_name="summaries").on_finished("Finished", description="told")
    found = rule(stack, "NightlyFinished")
    (prefix,) = found["EventPattern"]["detail"]["Pipeline"]
    assert prefix.startswith("summaries-")
    functions = Synthesized.of(stack).properties("AWS::Lambda::Function")
    (said,) = (p for p in functions if p["Handler"].endswith(".data"))
    specification = json.dumps(plain(said["Environment"]["Variables"]["SPECIFICATION"]))
    assert f'\\"JobNamePrefix\\":\\"{prefix}\\"' in specification
    assert found["Description"] == "told"


def test_a_failure_is_that_of_the_pipelines_own_machine(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline().on_failed("Failed")
    assert rule(stack, "NightlyFailed")["EventPattern"] == {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"stateMachineArn": [machine_of(stack)], "status": ["ABORTED", "FAILED", "TIMED_OUT"]},
    }


def test_the_alarm_for_failure_counts_failed_runs(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline().alarm_on_failed("Alarm", alarm_name="nightly")
    expected = {
        "AlarmName": "nightly",
        "Namespace": "AWS/States",
        "MetricName": "ExecutionsFailed",
        "Dimensions": [{"Name": "StateMachineArn", "Value": machine_of(stack)}],
        "Statistic": "Sum",
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    assert alarm(stack).items() >= expected.items()


@pytest.mark.parametrize("hours", [1, 30, 168])
def test_the_alarm_for_lateness_wants_a_success_within_so_many_hours(
    stack: Stack, make_pipeline: MakePipeline, hours: int
) -> None:
    make_pipeline().alarm_when_late("Late", after=Duration.hours(hours))
    expected = {
        "MetricName": "ExecutionsSucceeded",
        "Period": 3600,
        "EvaluationPeriods": hours,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
    }
    assert alarm(stack).items() >= expected.items()


def test_any_metric_of_the_machine_can_be_had(stack: Stack, make_pipeline: MakePipeline) -> None:
    metric = make_pipeline().metric("ExecutionTime", statistic="Maximum", period=Duration.hours(1))
    assert (metric.namespace, metric.metric_name, metric.statistic) == ("AWS/States", "ExecutionTime", "Maximum")
    assert metric.period.to_hours() == 1
    assert plain(stack.resolve(metric.dimensions)) == {"StateMachineArn": machine_of(stack)}


@pytest.mark.parametrize(
    ("method", "arguments", "says"),
    [
        ("on_schedule", {"schedule": "cron(0 2 * * ? *)"}, "'schedule' must be of type Schedule, such as events.Sche"),
        ("on_upload", {"key": ""}, "'key' must be the key of the object that is written last"),
        ("on_upload", {"key": "incoming/"}, "got 'incoming/': give it without the bucket, and not as a prefix"),
        ("on_upload", {"key": "s3://articles/_SUCCESS"}, "got 's3://articles/_SUCCESS'"),
        ("on_upload", {"key": None}, "'key' must be of type str"),
        ("alarm_when_late", {"after": Duration.minutes(90)}, "'after' must be 1 to 168 whole hours, got 1.5 hours"),
        ("alarm_when_late", {"after": Duration.days(8)}, "'after' must be 1 to 168 whole hours, got 192 hours"),
        ("alarm_when_late", {"after": Duration.hours(Token.as_number({"Ref": "N"}))}, "'after' must be known when the"),
        ("alarm_when_late", {"after": 30}, "'after' must be of type Duration"),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence(
    make_pipeline: MakePipeline, method: str, arguments: dict[str, Any], says: str
) -> None:
    pipeline = make_pipeline()
    with pytest.raises(ValueError, match=says):
        getattr(pipeline, method)("Wrong", **arguments)


def test_a_run_takes_only_what_is_new_if_that_is_wanted(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline("Nightly", only_new=True)
    make_pipeline("Weekly")
    functions = Synthesized.of(stack).all("AWS::Lambda::Function")
    told = {
        name[:6]: each["Properties"]["Environment"]["Variables"]["ONLY_NEW"]
        for name, each in functions.items()
        if each["Properties"]["Handler"] == "batch_inference_pipeline.index.data"
    }
    assert told == {"Nightl": "true", "Weekly": "false"}
