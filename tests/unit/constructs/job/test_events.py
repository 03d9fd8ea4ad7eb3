"""Rules for the job's events: this job's only, and there before the job."""

from typing import Any

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_notifications as notifications
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions

from cdk_bedrock_batch import ModelInvocationJob, OutputData

from ..conftest import MakeJob
from ..template import Synthesized, plain

ARN = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl"
FAILED = ["Failed", "PartiallyCompleted", "Expired"]


def pattern(template: Synthesized) -> Any:
    (rule,) = template.properties("AWS::Events::Rule")
    return plain(rule["EventPattern"])


@pytest.mark.parametrize(
    ("method", "status"),
    [("on_state_change", {}), ("on_completed", {"status": ["Completed"]}), ("on_failed", {"status": FAILED})],
)
def test_a_rule_matches_this_jobs_events_alone(
    stack: Stack, make_job: MakeJob, method: str, status: dict[str, list[str]]
) -> None:
    getattr(make_job(job_name="nightly"), method)("Rule")
    template = Synthesized.of(stack)
    owner = template.job["JobNamePrefix"].removeprefix("nightly-")
    assert pattern(template) == {
        "source": ["aws.bedrock"],
        "detail-type": ["Batch Inference Job State Change"],
        # Whatever the job is called by then. The other is how names began before they told their owner.
        "detail": {"batchJobName": [{"wildcard": f"*-{owner}-*"}, {"prefix": "nightly-a88f164e-"}], **status},
    }


def test_the_rule_and_its_target_are_there_before_the_job(stack: Stack, make_job: MakeJob) -> None:
    queue = sqs.Queue(stack, "Queue")
    make_job().on_completed("Done", target=targets.SqsQueue(queue))
    template = Synthesized.of(stack)
    before = template.needed(template.job_id)
    assert template.all("AWS::Events::Rule").keys() <= before
    assert template.all("AWS::SQS::Queue").keys() <= before


@pytest.mark.parametrize("later", [False, True])
def test_what_lets_events_reach_a_target_is_there_before_the_job(
    stack: Stack, make_job: MakeJob, *, later: bool
) -> None:
    """A job may fail in its first second: the policy of a topic or a queue, of a log group, of a role."""
    failed = sqs.Queue(stack, "Unreached")
    machine = stepfunctions.StateMachine(
        stack, "Machine", definition_body=stepfunctions.DefinitionBody.from_chainable(stepfunctions.Pass(stack, "Pass"))
    )
    reached: list[events.IRuleTarget] = [
        targets.SnsTopic(sns.Topic(stack, "Topic")),
        targets.SqsQueue(sqs.Queue(stack, "Queue"), dead_letter_queue=failed),
        targets.CloudWatchLogGroup(logs.LogGroup(stack, "Group")),
        targets.SfnStateMachine(machine),
    ]
    job = make_job()
    first, *others = (None, *reached) if later else reached
    rule = job.on_failed("Failed", target=first)
    for target in others:
        rule.add_target(target)
    template = Synthesized.of(stack)
    before = template.needed(template.job_id)
    kinds = ("AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "Custom::CloudwatchLogResourcePolicy")
    policies = [name for kind in kinds for name in template.all(kind)]
    assert len(policies) == 4
    assert {*policies, *(name for name in template.all("AWS::IAM::Policy") if "EventsRole" in name)} <= before


def test_a_notification_of_the_results_reaches_its_topic_before_the_job(stack: Stack, make_job: MakeJob) -> None:
    bucket = s3.Bucket(stack, "Results")
    bucket.add_event_notification(s3.EventType.OBJECT_CREATED, notifications.SnsDestination(sns.Topic(stack, "Told")))
    make_job(output_data=OutputData.to_bucket(bucket, "out"))
    template = Synthesized.of(stack)
    needed = template.needed(template.job_id)
    assert template.all("AWS::SNS::TopicPolicy").keys() | template.all("Custom::S3BucketNotifications").keys() <= needed


def test_a_target_of_another_stack_is_waited_for_as_a_stack(stack: Stack, make_job: MakeJob) -> None:
    elsewhere = Stack(stack.node.root, "Elsewhere", env=Environment(account=stack.account, region=stack.region))  # type: ignore[arg-type]
    topic = sns.Topic(elsewhere, "Topic")
    make_job().on_failed("Failed", target=targets.SnsTopic(topic))
    Synthesized.of(stack)
    assert [each.node.id for each in stack.dependencies] == ["Elsewhere"]


def test_a_target_that_may_read_the_results_makes_no_circle(stack: Stack, make_job: MakeJob) -> None:
    function = lambda_.Function(
        stack,
        "Reader",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
    )
    job = make_job()
    job.grant_read_output(function)
    job.on_completed("Done", target=targets.LambdaFunction(function))
    template = Synthesized.of(stack)
    assert any(name.startswith("Reader") for name in template.needed(template.job_id))


def test_name_and_description_of_a_rule_are_the_users(stack: Stack, make_job: MakeJob) -> None:
    make_job().on_failed("Rule", description="pages somebody", rule_name="nightly-failed")
    (rule,) = Synthesized.of(stack).properties("AWS::Events::Rule")
    assert rule["Description"] == "pages somebody"
    assert rule["Name"] == "nightly-failed"


def test_the_events_of_an_imported_job_are_told_by_its_arn(stack: Stack) -> None:
    ModelInvocationJob.from_job_arn(stack, "Job", ARN).on_failed("Rule")
    assert pattern(Synthesized.of(stack))["detail"] == {"batchJobArn": [ARN], "status": FAILED}
