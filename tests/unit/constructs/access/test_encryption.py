"""KMS keys: where the API is told of them, and exactly what the roles may do with them."""

from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import InputData, OutputData

from ..conftest import ACCOUNT, PARTITION, REGION, MakeJob, RecordFile
from ..template import Synthesized, as_list, plain, warnings

VIA_S3 = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.${{AWS::URLSuffix}}"}}
KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"
READ = ["kms:Decrypt"]
WRITE = ["kms:Decrypt", "kms:GenerateDataKey"]
#: With which key assets are encrypted, no app knows; see the tests of the function.
OF_ASSETS = f"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:key/*"


def of_key(stack: Stack, policy: str) -> list[tuple[list[str], str]]:
    """What a role may do with keys; checks that it may only through S3."""
    found = [s for s in Synthesized.of(stack).statements(policy) if any("kms:" in a for a in as_list(s["Action"]))]
    found = [s for s in found if s["Resource"] != OF_ASSETS]
    assert all(s["Condition"] == VIA_S3 for s in found)
    return [(sorted(as_list(s["Action"])), s["Resource"]) for s in found]


def sent_key(stack: Stack) -> object:
    return Synthesized.of(stack).call["outputDataConfig"]["s3OutputDataConfig"].get("s3EncryptionKeyId")


def test_without_a_key_nobody_may_use_kms(stack: Stack, make_job: MakeJob) -> None:
    make_job(output_data=OutputData.to_bucket(s3.Bucket(stack, "Data")))
    assert of_key(stack, "SummariesJobRole") == []
    assert sent_key(stack) is None
    assert "kms" not in str(Synthesized.of(stack).template)


def test_the_jobs_key_encrypts_its_buckets_and_its_results(
    stack: Stack, make_job: MakeJob, record_file: RecordFile
) -> None:
    key = kms.Key(stack, "Key")
    make_job(encryption_key=key, input_data=InputData.from_file(record_file()))
    assert of_key(stack, "SummariesJobRole") == [(READ, "${Key.Arn}"), (WRITE, "${Key.Arn}")]
    # A file is copied in one request.
    assert of_key(stack, "BedrockBatchProviderRole") == [(["kms:GenerateDataKey"], "${Key.Arn}")]
    assert sent_key(stack) == "${Key.Arn}"
    for bucket in Synthesized.of(stack).properties("AWS::S3::Bucket"):
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert plain(rule["ServerSideEncryptionByDefault"]) == {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": "${Key.Arn}",
        }
        assert rule["BucketKeyEnabled"] is True


def test_the_key_of_the_results_counts_before_that_of_the_job(stack: Stack, make_job: MakeJob) -> None:
    job_key, output_key = kms.Key(stack, "JobKey"), kms.Key(stack, "OutputKey")
    make_job(encryption_key=job_key, output_data=OutputData.to_uri("s3://results/", encryption_key=output_key))
    assert sent_key(stack) == "${OutputKey.Arn}"
    assert of_key(stack, "SummariesJobRole") == [(WRITE, "${OutputKey.Arn}")]


def test_the_key_of_the_job_encrypts_results_in_a_given_bucket_too(stack: Stack, make_job: MakeJob) -> None:
    make_job(encryption_key=kms.Key(stack, "Key"), output_data=OutputData.to_bucket(s3.Bucket(stack, "Data")))
    assert sent_key(stack) == "${Key.Arn}"
    assert of_key(stack, "SummariesJobRole") == [(WRITE, "${Key.Arn}")]


def test_the_key_of_the_records_is_for_reading_only(stack: Stack, make_job: MakeJob) -> None:
    make_job(input_data=InputData.from_uri("s3://records/in/", encryption_key=kms.Key(stack, "Key")))
    assert sent_key(stack) is None
    assert of_key(stack, "SummariesJobRole") == [(READ, "${Key.Arn}")]


def test_a_buckets_own_key_is_found_but_not_sent(stack: Stack, make_job: MakeJob) -> None:
    bucket = s3.Bucket(stack, "Data", encryption=s3.BucketEncryption.KMS)
    make_job(input_data=InputData.from_bucket(bucket, "in/"), output_data=OutputData.to_bucket(bucket, "out"))
    assert sent_key(stack) is None, "S3 does as the bucket says"
    assert of_key(stack, "SummariesJobRole") == [(READ, "${DataKey.Arn}"), (WRITE, "${DataKey.Arn}")]


def test_an_alias_of_this_app_is_sent_and_its_key_permitted(stack: Stack, make_job: MakeJob) -> None:
    alias = kms.Key(stack, "Key").add_alias("alias/data")
    make_job(output_data=OutputData.to_uri("s3://results/", encryption_key=alias))
    assert sent_key(stack) == f"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:alias/data"
    # A policy that names an alias says nothing of its key.
    assert of_key(stack, "SummariesJobRole") == [(WRITE, "${Key.Arn}")]
    assert not any("importedKey" in text for text in warnings(stack))
    template = Synthesized.of(stack)
    assert template.all("AWS::KMS::Alias").keys() <= template.needed(template.job_id)


def test_an_alias_by_name_permits_the_key_behind_it_and_no_other(stack: Stack, make_job: MakeJob) -> None:
    alias = kms.Alias.from_alias_name(stack, "Alias", "alias/data")
    make_job(output_data=OutputData.to_uri("s3://results/", encryption_key=alias))
    assert sent_key(stack) == f"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:alias/data"
    (statement,) = (s for s in Synthesized.of(stack).statements("SummariesJobRole") if "kms:" in str(s["Action"]))
    assert statement["Action"] == WRITE
    assert statement["Resource"] == f"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:key/*"
    assert statement["Condition"] == VIA_S3 | {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/data"}}


def test_an_imported_key_is_permitted_by_its_arn(stack: Stack, make_job: MakeJob) -> None:
    make_job(encryption_key=kms.Key.from_key_arn(stack, "Key", KEY_ARN))
    assert sent_key(stack) == KEY_ARN
    assert of_key(stack, "SummariesJobRole") == [(WRITE, KEY_ARN)]


def test_a_key_of_another_stack_is_there_before_the_job(make_job: MakeJob) -> None:
    app = App()
    keys, jobs = Stack(app, "Keys"), Stack(app, "Jobs")
    make_job(scope=jobs, encryption_key=kms.Key(keys, "Key"))
    assert "Keys:ExportsOutput" in str(sent_key(jobs))
    assert jobs.dependencies == [keys]
    assert not keys.dependencies, "or neither could be deployed first"


def test_jobs_with_different_keys_do_not_share_buckets(stack: Stack, make_job: MakeJob) -> None:
    make_job("First", encryption_key=kms.Key(stack, "One"))
    make_job("Second", encryption_key=kms.Key(stack, "Two"))
    make_job("Third")
    assert len(Synthesized.of(stack).all("AWS::S3::Bucket")) == 3
