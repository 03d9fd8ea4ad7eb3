"""The stack's one function: shared by its jobs, and allowed what they need."""

import pytest
from aws_cdk import (
    App,
    CliCredentialsStackSynthesizer,
    DefaultStackSynthesizer,
    IStackSynthesizer,
    LegacyStackSynthesizer,
    RemovalPolicy,
    Stack,
)
from aws_cdk import aws_kms as kms

from cdk_bedrock_batch import InputData

from ..conftest import ACCOUNT, NOVA, PARTITION, REGION, MakeJob, RecordFile
from ..template import JOB, Synthesized, plain

ANY_JOB = f"arn:{PARTITION}:bedrock:{REGION}:{ACCOUNT}:model-invocation-job/*"
ASSETS = f"arn:{PARTITION}:s3:::cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
KEY = f"arn:aws:kms:us-east-1:111122223333:key/{'1' * 8}-1111-1111-1111-{'1' * 12}"
TO_BEDROCK = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}


def test_all_jobs_of_a_stack_share_one_function(stack: Stack, make_job: MakeJob) -> None:
    make_job("First")
    make_job("Second")
    template = Synthesized.of(stack)
    assert len(template.all("AWS::Lambda::Function")) == 2, "the function, and the one that answers when it has died"
    first, second = template.properties(JOB)
    assert first["ServiceToken"] == second["ServiceToken"]


def test_the_function_may_do_exactly_this(stack: Stack, make_job: MakeJob, record_file: RecordFile) -> None:
    make_job(input_data=InputData.from_file(record_file()))
    found = {}
    for statement in Synthesized.of(stack).statements("BedrockBatchProviderRole"):
        action = statement["Action"]
        found[action if isinstance(action, str) else tuple(action)] = (
            statement["Resource"],
            statement.get("Condition"),
        )
    source, _ = found.pop("s3:GetObject")
    assert source.startswith(f"{ASSETS}/")
    assert source.endswith(".jsonl")
    target, _ = found.pop(("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"))
    assert target.startswith(f"arn:{PARTITION}:s3:::${{BedrockBatchInput}}/Stack-Summaries-")
    assert target.endswith("/*")
    assert found == {
        ("logs:CreateLogStream", "logs:PutLogEvents"): ("${BedrockBatchProviderLogs.Arn}", None),
        # Itself, for the state machine has the same role.
        "lambda:InvokeFunction": (
            ["${BedrockBatchProviderLastWord.Arn}", "${BedrockBatchProviderFunction.Arn}"],
            None,
        ),
        (
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        ): ("${BedrockBatchProviderWaits.Arn}", None),
        "states:StartExecution": ("${BedrockBatchProviderLooks.Arn}", None),
        (
            "bedrock:GetModelInvocationJob",
            "bedrock:ListTagsForResource",
            "bedrock:StopModelInvocationJob",
            "bedrock:TagResource",
            "bedrock:UntagResource",
        ): (ANY_JOB, None),
        ("cloudformation:DescribeStackResource", "cloudformation:DescribeStacks"): ("${AWS::StackId}", None),
        "bedrock:ListModelInvocationJobs": ("*", None),
        "bedrock:CreateModelInvocationJob": (
            [ANY_JOB, f"arn:{PARTITION}:bedrock:{REGION}::foundation-model/{NOVA}"],
            None,
        ),
        "iam:PassRole": ("${SummariesJobRole.Arn}", TO_BEDROCK),
        # Whatever key the account was bootstrapped with, for what is in the bucket of the assets.
        "kms:Decrypt": (
            f"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:key/*",
            {
                "StringEquals": {"kms:ViaService": f"s3.{REGION}.${{AWS::URLSuffix}}"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": [ASSETS, f"{ASSETS}/*"]},
            },
        ),
        "s3:DeleteBucket": (["${BedrockBatchInput.Arn}", "${BedrockBatchOutput.Arn}"], None),
        "s3:ListBucketVersions": ("${BedrockBatchInput.Arn}", None),
    }


@pytest.mark.parametrize(
    ("synthesizer", "bucket"),
    [
        (LegacyStackSynthesizer(), "${AssetParameters"),
        (CliCredentialsStackSynthesizer(qualifier="ours"), f"cdk-ours-assets-{ACCOUNT}-{REGION}"),
        (DefaultStackSynthesizer(qualifier="ours"), f"cdk-ours-assets-{ACCOUNT}-{REGION}"),
        (DefaultStackSynthesizer(file_assets_bucket_name="elsewhere"), "elsewhere"),
    ],
)
def test_assets_can_be_read_and_decrypted_wherever_the_synthesizer_puts_them(
    make_job: MakeJob, record_file: RecordFile, synthesizer: IStackSynthesizer, bucket: str
) -> None:
    stack = Stack(App(), "Stack", synthesizer=synthesizer)
    make_job(scope=stack, input_data=InputData.from_file(record_file()))
    allowed = Synthesized.of(stack).allowed("BedrockBatchProviderRole")
    (read,), (decrypt,) = allowed["s3:GetObject"], allowed["kms:Decrypt"]
    of_bucket, all_of_it = decrypt["Condition"]["StringLike"]["kms:EncryptionContext:aws:s3:arn"]
    assert of_bucket.startswith(f"arn:{PARTITION}:s3:::{bucket}")
    assert all_of_it == f"{of_bucket}/*"
    assert read["Resource"].startswith(f"{of_bucket}/")


def test_records_in_s3_need_no_staging(stack: Stack, make_job: MakeJob) -> None:
    """Of the results' bucket the function may remove nothing but itself, once it is empty."""
    make_job()
    allowed = Synthesized.of(stack).allowed("BedrockBatchProviderRole")
    assert {action for action in allowed if "s3:" in action} == {"s3:DeleteBucket"}


@pytest.mark.parametrize("key_is_made", [True, False])
def test_a_bucket_with_a_key_of_the_stack_is_left_alone(stack: Stack, make_job: MakeJob, *, key_is_made: bool) -> None:
    """The function's rights would wait for the key, and each job for what that waits for; the key stays as well."""
    key = kms.Key(stack, "Key") if key_is_made else kms.Key.from_key_arn(stack, "Key", KEY)
    make_job(encryption_key=key)
    template = Synthesized.of(stack)
    assert ("s3:DeleteBucket" in template.allowed("BedrockBatchProviderRole")) is not key_is_made
    (job,) = template.properties("Custom::BedrockModelInvocationJob")
    assert ("OwnBuckets" in job) is not key_is_made


@pytest.mark.parametrize("policy", [RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])
def test_a_bucket_that_is_kept_comes_after_the_function_and_keeps_its_policy(
    stack: Stack, make_job: MakeJob, policy: RemovalPolicy
) -> None:
    make_job(removal_policy=policy)
    template = Synthesized.of(stack)
    (function,) = (name for name in template.all("AWS::Lambda::Function") if "ProviderFunction" in name)
    for name, bucket in template.all("AWS::S3::Bucket").items():
        assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
        assert function in template.needed(name)
    assert {each["DeletionPolicy"] for each in template.all("AWS::S3::BucketPolicy").values()} == {"Retain"}


def test_a_bucket_that_is_destroyed_is_cloudformations(stack: Stack, make_job: MakeJob) -> None:
    make_job(removal_policy=RemovalPolicy.DESTROY)
    template = Synthesized.of(stack)
    assert "s3:DeleteBucket" not in template.allowed("BedrockBatchProviderRole")
    (job,) = template.properties("Custom::BedrockModelInvocationJob")
    assert "OwnBuckets" not in job
    assert {each["DeletionPolicy"] for each in template.all("AWS::S3::Bucket").values()} == {"Delete"}


def test_every_function_has_its_log_group_in_the_template(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    template = Synthesized.of(stack)
    groups = {f"${{{name[:-8]}}}" for name in template.all("AWS::Logs::LogGroup")}
    functions = template.properties("AWS::Lambda::Function")
    assert {plain(function["LoggingConfig"]["LogGroup"]) for function in functions} == groups
    for group in template.properties("AWS::Logs::LogGroup"):
        assert group["RetentionInDays"]
        assert "LogGroupName" not in group


def test_cloudformation_waits_as_long_as_it_can_and_no_run_begins_that_it_would_not_wait_for(
    stack: Stack, make_job: MakeJob
) -> None:
    make_job()
    template = Synthesized.of(stack)
    longest = max(function["Timeout"] for function in template.properties("AWS::Lambda::Function"))
    assert template.job["ServiceTimeout"] == "3600"
    (config,) = template.properties("AWS::Lambda::EventInvokeConfig")
    assert config["MaximumEventAgeInSeconds"] + longest < int(template.job["ServiceTimeout"])


def test_a_function_that_dies_is_answered_for(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    template = Synthesized.of(stack)
    (config,) = template.properties("AWS::Lambda::EventInvokeConfig")
    destination = config["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    last_word = template.resources[destination]["Properties"]
    assert last_word["Handler"] == "model_invocation_job.last_word.handler"
    assert set(template.allowed("BedrockBatchProviderLastWordRole")) == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_five_lines_give_buckets_role_function_job_and_output(
    stack: Stack, make_job: MakeJob, record_file: RecordFile
) -> None:
    make_job(input_data=InputData.from_file(record_file()))
    template = Synthesized.of(stack)
    counts = {kind: len(template.all(kind)) for kind in ("AWS::S3::Bucket", "AWS::IAM::Role", "AWS::Lambda::Function")}
    assert counts == {"AWS::S3::Bucket": 2, "AWS::IAM::Role": 3, "AWS::Lambda::Function": 2}
    (output,) = template.template["Outputs"].values()
    assert output["Value"] == {"Fn::GetAtt": [template.job_id, "JobArn"]}


def test_buckets_are_private_encrypted_tls_only_and_kept(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    template = Synthesized.of(stack)
    for bucket in template.all("AWS::S3::Bucket").values():
        assert bucket["DeletionPolicy"] == "Retain"
        assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())
        assert "BucketEncryption" in bucket["Properties"]
    for policy in template.properties("AWS::S3::BucketPolicy"):
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_functions_run_in_every_region(stack: Stack, make_job: MakeJob) -> None:
    """As CDK's own providers they name no architecture: arm64 is not in every Region, and nothing here needs it."""
    make_job()
    functions = Synthesized.of(stack).properties("AWS::Lambda::Function")
    assert len(functions) == 2
    assert not [each for each in functions if "Architectures" in each]
