"""What a job tells of its results, and the rights that it takes."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm

from cdk_bedrock_batch import OutputData, WaitUntil

from ..conftest import ACCOUNT, PARTITION, MakeJob
from ..template import JOB, Synthesized, plain

RESULTS = f"{JOB}Results"
COUNTS = {
    "total_records": "TotalRecordCount",
    "processed_records": "ProcessedRecordCount",
    "succeeded_records": "SuccessRecordCount",
    "failed_records": "ErrorRecordCount",
}
TOKENS = {"input_tokens": "InputTokenCount", "output_tokens": "OutputTokenCount"}
OF_THE_END = {"job_status": "JobStatus", "output_uri": "OutputUri", **COUNTS, **TOKENS}
OF_THE_JOB = {"job_arn": "JobArn", "job_id": "JobId", "job_name": "JobName"}
FINISHED = WaitUntil.FINISHED


@pytest.mark.parametrize("attribute", OF_THE_END)
def test_whoever_uses_it_waits_for_the_end(stack: Stack, make_job: MakeJob, attribute: str) -> None:
    value = getattr(make_job(wait_until=FINISHED), attribute)
    ssm.StringParameter(stack, "Parameter", string_value=value)
    template = Synthesized.of(stack)
    (parameter,), (results,) = template.all("AWS::SSM::Parameter"), template.all(RESULTS)
    assert stack.resolve(value) == {"Fn::GetAtt": [results, OF_THE_END[attribute]]}
    assert results in template.needed(parameter)


@pytest.mark.parametrize("attribute", OF_THE_JOB)
def test_what_the_job_is_called_is_known_before_its_end(stack: Stack, make_job: MakeJob, attribute: str) -> None:
    value = getattr(make_job(wait_until=FINISHED), attribute)
    ssm.StringParameter(stack, "Parameter", string_value=value)
    template = Synthesized.of(stack)
    (parameter,), (results,) = template.all("AWS::SSM::Parameter"), template.all(RESULTS)
    assert stack.resolve(value) == {"Fn::GetAtt": [template.job_id, OF_THE_JOB[attribute]]}
    assert results not in template.needed(parameter)


@pytest.mark.parametrize("attribute", [*COUNTS, *TOKENS])
def test_what_is_counted_at_the_end_is_refused_where_nobody_waits_for_it(make_job: MakeJob, attribute: str) -> None:
    job = make_job()
    message = f"'{attribute}' must come after the job's end, .* 'wait_until' is VALIDATED: use WaitUntil.FINISHED"
    with pytest.raises(ValueError, match=message):
        getattr(job, attribute)


def reading(template: Synthesized) -> list[dict[str, Any]]:
    allowed = template.allowed("BedrockBatchProviderRole")
    return allowed.get("s3:GetObject", []) + allowed.get("kms:Decrypt", [])


def test_nobody_may_read_the_manifest_until_somebody_asks(stack: Stack, make_job: MakeJob) -> None:
    job = make_job(wait_until=FINISHED)
    CfnOutput(stack, "Total", value=job.total_records)
    template = Synthesized.of(stack)
    assert reading(template) == []
    assert "ReadManifest" not in template.properties(RESULTS)[0]


def test_then_the_function_may_read_the_manifests_of_this_job_and_nothing_else(stack: Stack, make_job: MakeJob) -> None:
    job = make_job(wait_until=FINISHED)
    CfnOutput(stack, "In", value=job.input_tokens)
    CfnOutput(stack, "Out", value=job.output_tokens)
    template = Synthesized.of(stack)
    (statement,) = reading(template)
    folder = template.call["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"].removeprefix("s3://")
    assert statement["Action"] == "s3:GetObject"
    assert statement["Resource"] == f"arn:{PARTITION}:s3:::{folder}*/manifest.json.out"
    assert statement["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
    assert template.properties(RESULTS)[0]["ReadManifest"] is True


def test_with_the_key_that_encrypts_it(stack: Stack, make_job: MakeJob) -> None:
    key = kms.Key(stack, "Key")
    job = make_job(wait_until=FINISHED, output_data=OutputData.to_bucket(s3.Bucket(stack, "Mine", encryption_key=key)))
    CfnOutput(stack, "In", value=job.input_tokens)
    template = Synthesized.of(stack)
    manifest, decrypt = reading(template)
    assert plain(manifest["Resource"]) == f"arn:{PARTITION}:s3:::${{Mine}}/*/manifest.json.out"
    assert (decrypt["Action"], decrypt["Resource"]) == ("kms:Decrypt", "${Key.Arn}")
    assert "kms:ViaService" in decrypt["Condition"]["StringEquals"]


def test_the_results_wait_for_that_right(stack: Stack, make_job: MakeJob) -> None:
    job = make_job(wait_until=FINISHED, output_data=OutputData.to_bucket(s3.Bucket(stack, "Mine")))
    CfnOutput(stack, "In", value=job.input_tokens)
    template = Synthesized.of(stack)
    (results,) = template.all(RESULTS)
    assert any(name.startswith("MineBedrockBatchPolicy") for name in template.needed(results))


KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
Given = dict[str, Any]
ELSEWHERE: dict[str, tuple[Callable[[Stack], Given], str]] = {
    "a URI": (
        lambda _: {"output_data": OutputData.to_uri("s3://results/")},
        r"got s3://results/ where only .* s3:GetObject on s3://results/\*/manifest\.json\.out: leave it out",
    ),
    "an imported bucket": (
        lambda stack: {"output_data": OutputData.to_bucket(s3.Bucket.from_bucket_name(stack, "Theirs", "theirs"))},
        r"got s3://theirs/ where only .* s3:GetObject on s3://theirs/\*/manifest\.json\.out: leave it out",
    ),
    "an imported key": (
        lambda stack: {"encryption_key": kms.Key.from_key_arn(stack, "Theirs", KEY_ARN)},
        f"got a place where only .* grant the stack's function kms:Decrypt on {KEY_ARN}: leave it out",
    ),
}


@pytest.mark.parametrize("attribute", TOKENS)
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_what_only_others_can_grant_is_refused_by_name(
    stack: Stack, make_job: MakeJob, attribute: str, elsewhere: str
) -> None:
    given, message = ELSEWHERE[elsewhere]
    job = make_job(wait_until=FINISHED, **given(stack))
    with pytest.raises(ValueError, match=f"'{attribute}' must be of results in a bucket, and .*, {message}"):
        getattr(job, attribute)
    template = Synthesized.of(stack)
    assert reading(template) == []
    assert "ReadManifest" not in template.properties(RESULTS)[0]
