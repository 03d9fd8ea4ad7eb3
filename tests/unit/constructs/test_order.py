"""What must be there before the job, and whoever must wait for it, without the user's help."""

import re

import pytest
from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm

from cdk_bedrock_batch import InputData, OutputData

from .conftest import MakeJob, RecordFile
from .template import JOB, Synthesized, named

ATTRIBUTES = {
    "job_arn": "JobArn",
    "job_id": "JobId",
    "job_name": "JobName",
    "job_status": "JobStatus",
    "output_uri": "OutputUri",
}


def before(template: Synthesized) -> set[str]:
    return {named(name) for name in template.needed(template.job_id)}


def test_everything_that_a_job_of_five_lines_has_is_there_before_it(
    stack: Stack, make_job: MakeJob, record_file: RecordFile
) -> None:
    make_job(input_data=InputData.from_file(record_file()))
    template = Synthesized.of(stack)
    assert template.needed(template.job_id) == template.resources.keys() - {template.job_id}


def test_keys_buckets_their_policies_and_the_network_are_there_before_the_job(
    stack: Stack, make_job: MakeJob, record_file: RecordFile
) -> None:
    key, bucket = kms.Key(stack, "Key"), s3.Bucket(stack, "Results", enforce_ssl=True)
    make_job(
        input_data=InputData.from_file(record_file()),
        output_data=OutputData.to_bucket(bucket),
        encryption_key=key,
        vpc=ec2.Vpc(stack, "Vpc", max_azs=1),
    )
    there = before(Synthesized.of(stack))
    # What the function may do with the buckets stands beside them.
    assert there >= {
        "Key",
        "Results",
        "ResultsPolicy",
        "SummariesJobRole",
        "SummariesJobRolePolicy",
        "SummariesSecurityGroup",
        "BedrockBatchProviderRoleDefaultPolicy",
        "BedrockBatchProviderLastWord",
    }
    assert any(re.fullmatch(r"BedrockBatchInput\w+BedrockBatchPolicy", name) for name in there)


def test_a_shared_role_has_its_permissions_before_each_of_its_jobs(stack: Stack, make_job: MakeJob) -> None:
    role = iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    for number in range(6):
        make_job(f"Job{number}", role=role)
    template = Synthesized.of(stack)
    for number, job in enumerate(template.all(JOB)):
        there = {named(name) for name in template.needed(job)}
        assert {
            "MineBedrockBatchPolicy",
            f"Job{number}JobRolePolicy1" if number < 3 else "MineBedrockBatchJobs1",
        } <= there


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_whoever_uses_an_attribute_waits_for_the_job(stack: Stack, make_job: MakeJob, attribute: str) -> None:
    value = getattr(make_job(), attribute)
    ssm.StringParameter(stack, "Parameter", string_value=value)
    CfnOutput(stack, "Output", value=value)
    template = Synthesized.of(stack)
    (parameter,) = template.all("AWS::SSM::Parameter")
    assert template.job_id in template.needed(parameter)
    assert stack.resolve(value) == {"Fn::GetAtt": [template.job_id, ATTRIBUTES[attribute]]}


def test_jobs_of_a_stack_do_not_wait_for_one_another(stack: Stack, make_job: MakeJob) -> None:
    make_job("First")
    make_job("Second")
    template = Synthesized.of(stack)
    first, second = template.all("Custom::BedrockModelInvocationJob")
    assert second not in template.needed(first)
    assert first not in template.needed(second)


def test_a_job_can_read_what_an_earlier_one_wrote(stack: Stack, make_job: MakeJob) -> None:
    first = make_job("First")
    make_job("Second", input_data=InputData.from_uri(first.output_uri))
    template = Synthesized.of(stack)
    earlier, later = template.all("Custom::BedrockModelInvocationJob")
    assert earlier in template.needed(later)
