"""Rules for the job's events: this job's only, and there before the job."""

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from cdk_bedrock_batch import ModelInvocationJob

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
