"""What a user can get wrong before the API has a say; tokens are let through."""

from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, OutputData, WaitUntil

from ..conftest import MakeJob
from ..template import Synthesized


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"model": "amazon.nova-lite-v1:0"}, "'model' must be of type BatchModel, such as .*, got 'amazon.nova-lite"),
        ({"model": None}, "'model' must be of type BatchModel"),
        ({"input_data": "prompts.jsonl"}, "'input_data' must be of type InputData, such as .*, got 'prompts.jsonl'"),
        ({"output_data": "s3://out/"}, "'output_data' must be of type OutputData, such as .*, got 's3://out/'"),
        ({"encryption_key": "alias/data"}, "'encryption_key' must have a key_arn, as .* does, got 'alias/data'"),
        ({"role": "BatchRole"}, "'role' must have a role_arn, as .* does, got 'BatchRole'"),
        ({"job_name": 5}, "'job_name' must be of type str, such as .*, got 5"),
        ({"client_request_token": 5}, "'client_request_token' must be of type str, such as .*, got 5"),
        ({"run_token": 2}, "'run_token' must be of type str, such as .*, got 2"),
        ({"run_token": "2\ud83d"}, r"'run_token' must be text that UTF-8 can hold, got '2\\ud83d': replace the half"),
        ({"invocation_type": "Converse"}, "'invocation_type' must be of type InvocationType, .* got 'Converse'"),
        ({"timeout": 48}, r"'timeout' must be of type Duration, such as Duration.hours\(48\), got 48"),
        ({"timeout": Duration.minutes(1470)}, "'timeout' must be 24 to 168 whole hours, got 24.5 hours"),
        ({"vpc": "vpc-1"}, "'vpc' must have a vpc_id, as .* does, got 'vpc-1'"),
        ({"vpc_subnets": ["subnet-1"]}, "'vpc_subnets' must be of type SubnetSelection, .* got \\['subnet-1'\\]"),
        ({"security_groups": "sg-1"}, "'security_groups' must have a security_group_id, as .* does, got 'sg-1'"),
        ({"security_groups": ["sg-1"]}, "'security_groups' must have a security_group_id, as .* does, got 'sg-1'"),
        ({"wait_until": "SUBMITTED"}, "'wait_until' must be of type WaitUntil, such as .*, got 'SUBMITTED'"),
        ({"wait_timeout": 300}, "'wait_timeout' must be of type Duration, such as .*, got 300"),
        ({"wait_timeout": Duration.minutes(13)}, "'wait_timeout' must be 1 second to 12 minutes, got 13 minutes"),
        (
            {"wait_timeout": Duration.millis(500)},
            "'wait_timeout' must be whole seconds, 1 second to 12 .*, got 0.5 seconds: give a longer",
        ),
        (
            {"wait_timeout": Duration.millis(1500)},
            "'wait_timeout' must be whole seconds, .*, got 1.5 seconds: round it",
        ),
        (
            {"wait_timeout": Duration.minutes(5), "wait_until": WaitUntil.SUBMITTED},
            "'wait_timeout' must not be given where 'wait_until' is SUBMITTED, .*, got 5 minutes: leave it out",
        ),
        ({"wait_timeout": Duration.minutes(13)}, "give a shorter one, or wait for the end with WaitUntil.FINISHED"),
        (
            {"wait_timeout": Duration.hours(13), "wait_until": WaitUntil.FINISHED},
            "'wait_timeout' must be 1 second to 12 hours, got 13 hours: give a shorter one",
        ),
        (
            {"wait_timeout": Duration.seconds(0), "wait_until": WaitUntil.FINISHED},
            "'wait_timeout' must be whole seconds, 1 second to 12 hours, got 0 seconds: give a longer one",
        ),
        (
            {"accept_partial_completion": True},
            "'accept_partial_completion' must be False where 'wait_until' is VALIDATED, got True: .*FINISHED",
        ),
        ({"accept_partial_completion": 1}, "'accept_partial_completion' must be of type bool, such as .*, got 1"),
        (
            {"removal_policy": RemovalPolicy.SNAPSHOT},
            "'removal_policy' must be RETAIN, RETAIN_ON_UPDATE_OR_DELETE or DESTROY, got SNAPSHOT: .* with RETAIN$",
        ),
        ({"removal_policy": "DESTROY"}, "'removal_policy' must be of type RemovalPolicy, such as .*, got 'DESTROY'"),
        ({"stop_on_delete": "false"}, "'stop_on_delete' must be of type bool, such as .*, got 'false'"),
        ({"output_job_arn": 0}, "'output_job_arn' must be of type bool, such as .*, got 0"),
        ({"job_name": "a" + "-" * 35 + "_"}, "'job_name' must match the API's pattern for jobName"),
        ({"job_name": "j" * 29}, "'job_name' must have at most 28 characters, got 29"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_bad_parameter_is_named_with_its_value_and_creates_nothing(
    stack: Stack, make_job: MakeJob, parameters: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_job(**parameters)
    assert not stack.node.children


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: InputData.from_file(None), "'input_data' must be a path, .* got None"),
        (lambda: InputData.from_files("prompts.jsonl"), "'input_data' must be a list of paths, .* got 'prompts.jsonl'"),
        (lambda: InputData.from_files([]), "'input_data' must have at least one file, got none"),
        (lambda: InputData.from_directory(5), "'input_data' must be a path, .* got 5"),
        (lambda: InputData.from_records(5), "'input_data' must be a list or generator of mappings, got 5"),
        (lambda: InputData.from_records("text"), "'input_data' must be mappings .* got 't' as record 0"),
        (lambda: InputData.from_bucket("bucket", "in/"), "'input_data' must have a bucket_name, as .*, got 'bucket'"),
        (lambda: InputData.from_uri(5), "'input_data' must be of type str, such as .*, got 5"),
        (
            lambda: InputData.from_uri("s3://records/", bucket_owner=5),
            "'input_data' must be of type str, such as .*, got 5",
        ),
        (
            lambda: InputData.from_uri("s3://records/", encryption_key="k"),
            "'encryption_key' must have a key_arn, .* got 'k'",
        ),
        (lambda: OutputData.to_bucket("bucket"), "'output_data' must have a bucket_name, as .* does, got 'bucket'"),
        (lambda: OutputData.to_uri(None), "'output_data' must be of type str, such as .*, got None"),
        (lambda: OutputData.to_uri("s3://out", encryption_key=5), "'encryption_key' must have a key_arn, .* got 5"),
        (lambda: InputData.from_file("a.jsonl", limits=100), "'limits' must be of type RecordLimits, .* got 100"),
        (lambda: BatchModel.foundation_model(5), "'model' must be of type str, such as .*, got 5"),
        (lambda: BatchModel.from_id(None), "'model' must be of type str, such as .*, got None"),
        (
            lambda: BatchModel.inference_profile("us.amazon.nova-lite-v1:0", regions="us-east-1"),
            "'regions' must be a list of texts, such as .*, got 'us-east-1'",
        ),
        (
            lambda: BatchModel.application_inference_profile("abcdefghijkl", model_arns=[5]),
            r"'model_arns' must be a list of texts, such as .*, got \[5\]",
        ),
    ],
)
def test_a_part_says_itself_what_it_must_be(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_path_in_a_bucket_must_be_a_text() -> None:
    bucket = s3.Bucket(Stack(App(), "Stack"), "Bucket")
    with pytest.raises(ValueError, match=r"'input_data' must be of type str, such as .*, got 5"):
        InputData.from_bucket(bucket, 5)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(ValueError, match=r"'output_data' must be of type str, such as .*, got 5"):
        OutputData.to_bucket(bucket, 5)  # type: ignore[arg-type]  # the mistake under test


def test_every_parameter_reaches_the_properties(stack: Stack, make_job: MakeJob) -> None:
    make_job(
        job_name="nightly",
        client_request_token="mine",
        invocation_type=InvocationType.CONVERSE,
        timeout=Duration.hours(48),
        wait_until=WaitUntil.FINISHED,
        wait_timeout=Duration.minutes(5),
        run_token="2",
        stop_on_delete=False,
        output_job_arn=False,
    )
    template = Synthesized.of(stack)
    assert (
        template.call.items()
        >= {
            "clientRequestToken": "mine",
            "modelInvocationType": "Converse",
            "timeoutDurationInHours": 48,
        }.items()
    )
    assert template.job["JobNamePrefix"].startswith("nightly-")
    assert (
        template.job.items()
        >= {
            "WaitUntil": "FINISHED",
            "WaitTimeoutSeconds": 300,
            "RunToken": "2",
            "StopOnDelete": False,
        }.items()
    )
    assert "Outputs" not in template.template


def test_absent_parameters_are_absent_from_the_call(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    template = Synthesized.of(stack)
    assert set(template.call) == {"modelId", "roleArn", "inputDataConfig", "outputDataConfig"}
    assert {"RunToken", "StagedInput", "Tags"}.isdisjoint(template.job)


@pytest.mark.parametrize(
    ("wait_until", "seconds"), [(WaitUntil.SUBMITTED, 600), (WaitUntil.VALIDATED, 600), (WaitUntil.FINISHED, 43_200)]
)
def test_what_is_waited_for_says_how_long_by_default(
    stack: Stack, make_job: MakeJob, wait_until: WaitUntil, seconds: int
) -> None:
    make_job(wait_until=wait_until)
    assert Synthesized.of(stack).job["WaitTimeoutSeconds"] == seconds


def test_a_token_is_a_run_token_and_a_path_too(stack: Stack, make_job: MakeJob) -> None:
    text = CfnParameter(stack, "Text").value_as_string
    bucket = s3.Bucket(stack, "Data")
    make_job(
        run_token=text,
        input_data=InputData.from_bucket(bucket, text),
        output_data=OutputData.to_bucket(bucket, text),
    )
    template = Synthesized.of(stack)
    assert template.job["RunToken"] == "${Text}"
    assert template.call["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] == "s3://${Data}/${Text}"
    assert template.call["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"] == "s3://${Data}/${Text}/"


def test_the_last_of_a_good_pair_can_still_be_made_after_a_refusal(stack: Stack, make_job: MakeJob) -> None:
    with pytest.raises(ValueError, match="'timeout'"):
        make_job(timeout=Duration.hours(1))
    assert isinstance(make_job(timeout=Duration.hours(24)), ModelInvocationJob)
    assert Synthesized.of(stack).call["timeoutDurationInHours"] == 24


def test_destroy_empties_and_removes_the_buckets(stack: Stack, make_job: MakeJob) -> None:
    make_job(removal_policy=RemovalPolicy.DESTROY)
    template = Synthesized.of(stack)
    assert {bucket["DeletionPolicy"] for bucket in template.all("AWS::S3::Bucket").values()} == {"Delete"}
    assert len(template.all("Custom::S3AutoDeleteObjects")) == len(template.all("AWS::S3::Bucket"))


@pytest.mark.parametrize("wait_until", [WaitUntil.VALIDATED, WaitUntil.FINISHED])
def test_a_wait_that_only_cloudformation_will_know_is_refused(
    stack: Stack, make_job: MakeJob, wait_until: WaitUntil
) -> None:
    seconds = CfnParameter(stack, "Seconds", type="Number").value_as_number
    with pytest.raises(ValueError, match=r"'wait_timeout' must be .*, got a value that only .*: give a"):
        make_job(wait_timeout=Duration.seconds(seconds), wait_until=wait_until)
