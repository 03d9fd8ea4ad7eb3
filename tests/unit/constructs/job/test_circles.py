"""What tells of a job comes before it; where that would be a circle, after it, and synth says so."""

from collections.abc import Callable

import pytest
from aws_cdk import Annotations, NestedStack, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_notifications as notifications
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk_bedrock_batch import ModelInvocationJob, OutputData, WaitUntil

from ..conftest import MakeJob
from ..template import Synthesized, warned

Build = Callable[[Stack, ModelInvocationJob], object]
LATE = "events:afterTheJob"


def function(scope: Construct, **environment: str) -> lambda_.Function:
    return lambda_.Function(
        scope,
        "Reader",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
        environment=environment,
    )


def machine(stack: Stack, uri: str) -> sfn.StateMachine:
    state = sfn.Pass(stack, "State", result=sfn.Result.from_object({"uri": uri}))
    return sfn.StateMachine(stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(state))


def environment_of_a_target(stack: Stack, job: ModelInvocationJob) -> None:
    job.on_completed("Done", target=targets.LambdaFunction(function(stack, URI=job.output_uri)))


def right_to_the_job(stack: Stack, job: ModelInvocationJob) -> None:
    reader = function(stack)
    job.on_completed("Done", target=targets.LambdaFunction(reader))
    job.grant_describe(reader)


def definition_of_a_machine(stack: Stack, job: ModelInvocationJob) -> None:
    job.on_completed("Done", target=targets.SfnStateMachine(machine(stack, job.output_uri)))


def message_to_a_topic(stack: Stack, job: ModelInvocationJob) -> None:
    message = events.RuleTargetInput.from_text(f"{job.job_name} has failed")
    job.on_failed("Done", target=targets.SnsTopic(sns.Topic(stack, "Topic"), message=message))


def message_to_a_queue(stack: Stack, job: ModelInvocationJob) -> None:
    message = events.RuleTargetInput.from_object({"job": job.job_id})
    job.on_state_change("Done", target=targets.SqsQueue(sqs.Queue(stack, "Queue"), message=message))


def function_in_a_nested_stack(stack: Stack, job: ModelInvocationJob) -> None:
    reader = function(NestedStack(stack, "Inner"), ARN=job.job_arn)
    job.on_completed("Done", target=targets.LambdaFunction(reader))


CIRCLES: list[Build] = [
    environment_of_a_target,
    right_to_the_job,
    definition_of_a_machine,
    message_to_a_topic,
    message_to_a_queue,
    function_in_a_nested_stack,
]


@pytest.mark.parametrize("build", CIRCLES)
def test_a_target_that_needs_the_job_comes_after_it(stack: Stack, make_job: MakeJob, build: Build) -> None:
    build(stack, make_job())
    # Here synth would fail if there were a circle.
    template = Synthesized.of(stack)
    (rule,) = template.all("AWS::Events::Rule")
    assert rule not in template.needed(template.job_id)
    assert template.job_id in template.needed(rule)
    (text,) = warned(stack, LATE)
    assert text.startswith("what tells of the job at Stack/Summaries/Done is made after the job")


def known_beforehand(stack: Stack, job: ModelInvocationJob) -> None:
    reader = function(stack, BASE=job.output_base_uri, BUCKET=job.output_bucket.bucket_name)
    job.grant_read_output(reader)
    job.output_bucket.grant_read(reader)
    job.on_completed("Done", target=targets.LambdaFunction(reader))


def machine_that_reads(stack: Stack, job: ModelInvocationJob) -> None:
    read = tasks.CallAwsService(
        stack,
        "Read",
        service="s3",
        action="listObjectsV2",
        parameters={"Bucket": job.output_bucket.bucket_name},
        iam_resources=[job.output_bucket.bucket_arn],
        iam_action="s3:ListBucket",
    )
    made = sfn.StateMachine(stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(read))
    job.on_completed("Done", target=targets.SfnStateMachine(made))


def named_by_the_event(stack: Stack, job: ModelInvocationJob) -> None:
    name = events.EventField.from_path("$.detail.batchJobName")
    message = events.RuleTargetInput.from_text(f"{name} has failed")
    job.on_failed("Done", target=targets.SnsTopic(sns.Topic(stack, "Topic"), message=message))


def alarm(stack: Stack, job: ModelInvocationJob) -> None:  # noqa: ARG001 (all are called alike)
    job.alarm_on_failed("Alarm", alarm_name=f"failed-{job.job_name}")


@pytest.mark.parametrize("build", [known_beforehand, machine_that_reads, named_by_the_event, alarm])
def test_a_target_of_what_is_known_beforehand_is_there_before_the_job(
    stack: Stack, make_job: MakeJob, build: Build
) -> None:
    build(stack, make_job())
    template = Synthesized.of(stack)
    assert template.all("AWS::Events::Rule").keys() <= template.needed(template.job_id)
    assert warned(stack, LATE) == []


@pytest.mark.parametrize("own", [True, False])
def test_a_bucket_that_tells_whoever_needs_the_job_tells_it_after_the_job(
    stack: Stack, make_job: MakeJob, *, own: bool
) -> None:
    output = {} if own else {"output_data": OutputData.to_bucket(s3.Bucket(stack, "Results"))}
    job = make_job(**output)
    job.output_bucket.add_event_notification(
        s3.EventType.OBJECT_CREATED, notifications.LambdaDestination(function(stack, ARN=job.job_arn))
    )
    template = Synthesized.of(stack)
    (notified,) = template.all("Custom::S3BucketNotifications")
    assert notified not in template.needed(template.job_id)
    (text,) = warned(stack, LATE)
    assert f"at Stack/{'BedrockBatchOutput' if own else 'Results'} is made after the job" in text


def test_two_jobs_whose_targets_need_each_other_make_no_circle(stack: Stack, make_job: MakeJob) -> None:
    jobs = [make_job("One"), make_job("Two")]
    for job, other in zip(jobs, reversed(jobs), strict=True):
        message = events.RuleTargetInput.from_text(other.job_name)
        job.on_completed("Done", target=targets.SnsTopic(sns.Topic(job, "Topic"), message=message))
    Synthesized.of(stack)
    assert len(warned(stack, LATE)) == 1


@pytest.mark.parametrize("attribute", ["output_uri", "job_status", "succeeded_records"])
def test_what_would_hear_of_an_end_after_it_is_refused(stack: Stack, make_job: MakeJob, attribute: str) -> None:
    job = make_job(wait_until=WaitUntil.FINISHED)
    reader = function(stack, TOLD=getattr(job, attribute))
    job.on_completed("Done", target=targets.LambdaFunction(reader))
    with pytest.raises(RuntimeError, match=r"Stack/Summaries/Done must be there before the job ends, got"):
        Synthesized.of(stack)


def test_of_a_job_that_is_waited_for_a_target_may_use_what_is_known_when_it_runs(
    stack: Stack, make_job: MakeJob
) -> None:
    job = make_job(wait_until=WaitUntil.FINISHED)
    job.on_completed("Done", target=targets.LambdaFunction(function(stack, ARN=job.job_arn)))
    template = Synthesized.of(stack)
    (rule,) = (name for name in template.all("AWS::Events::Rule") if name.startswith("SummariesDone"))
    assert not {"Custom::BedrockModelInvocationJobResults", "AWS::CloudFormation::WaitCondition"} & {
        template.resources[name]["Type"] for name in template.needed(rule)
    }
    assert warned(stack, LATE)


def test_the_warning_can_be_acknowledged(stack: Stack, make_job: MakeJob) -> None:
    job = make_job()
    environment_of_a_target(stack, job)
    Annotations.of(job).acknowledge_warning(f"cdk-bedrock-batch:{LATE}")
    Synthesized.of(stack)
    assert warned(stack, LATE) == []
