"""A job whose end was waited for writes elsewhere: to a bucket that has another name, and is the same resource."""

from typing import Any

from aws_cdk import CfnOutput, CfnParameter, Duration, Stack
from aws_cdk import aws_s3 as s3

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import OutputData, WaitUntil

from .gallery import job
from .stacks import Stacks
from .test_finished_again import LINK, conditions, is_waiting
from .waits import Waits, eventually


def writing(stack: Stack, name: str, **of_bucket: Any) -> None:
    bucket = s3.Bucket(stack, "Bucket", bucket_name=name, **of_bucket)
    made = job(
        stack,
        "Job",
        output_data=OutputData.to_bucket(bucket),
        wait_until=WaitUntil.FINISHED,
        wait_timeout=Duration.hours(2),
    )
    CfnOutput(stack, "Results", value=made.output_uri)


def test_another_name_in_the_template_has_another_condition(stacks: Stacks, aws: RunningAws) -> None:
    deployed = stacks.deploy(lambda stack: writing(stack, "first-place"), "Elsewhere")
    first = deployed.jobs["Job"]
    stacks.deploy(lambda stack: writing(stack, "first-place", versioned=True), "Elsewhere")
    assert deployed.jobs["Job"] == first, "a job that is over is waited for no longer, and not made anew"
    (before,) = conditions(deployed)
    template = stacks.synthesize(lambda stack: writing(stack, "second-place", versioned=True), "Elsewhere")
    with aws.faults.hold("InProgress", job_name="Elsewhere-"):
        stacks.begin(template, "Elsewhere")
        eventually(lambda: is_waiting(deployed, but=before))
    stacks.settle(deployed)
    assert deployed.jobs["Job"] != first
    assert deployed.outputs["Results"].startswith("s3://second-place/")


def test_another_name_by_a_parameter_is_waited_for_by_links(stacks: Stacks, aws: RunningAws) -> None:
    def build(stack: Stack) -> None:
        writing(stack, CfnParameter(stack, "Name", default="third-place").value_as_string)

    deployed = stacks.deploy(build, "Named")
    first, template = deployed.jobs["Job"], stacks.synthesize(build, "Named")
    with aws.faults.hold("InProgress", job_name="Named-"):
        stacks.begin(template, "Named", Parameters=[{"ParameterKey": "Name", "ParameterValue": "fourth-place"}])
        assert Waits(deployed).holds(LINK)["ResourceProperties"]["JobArn"] != first
    stacks.settle(deployed)
    assert deployed.outputs["Results"].startswith("s3://fourth-place/")
