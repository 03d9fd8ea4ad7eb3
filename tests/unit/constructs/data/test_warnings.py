"""What only the owners of a bucket or a key can allow is said at synth, and can be acknowledged."""

import pytest
from aws_cdk import Annotations, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import InputData, OutputData

from ..conftest import MakeJob, RecordFile
from ..template import warned, warnings

OTHER = "111122223333"
KEY_ARN = f"arn:aws:kms:us-east-1:{OTHER}:key/12345678-1234-1234-1234-123456789012"


def test_what_is_all_our_own_has_nothing_to_warn_of(stack: Stack, make_job: MakeJob, record_file: RecordFile) -> None:
    key, bucket = kms.Key(stack, "Key"), s3.Bucket(stack, "Data", encryption=s3.BucketEncryption.KMS)
    first = make_job("One", encryption_key=key, input_data=InputData.from_file(record_file()))
    second = make_job(
        "Two", input_data=InputData.from_bucket(first.output_bucket, "in/"), output_data=OutputData.to_bucket(bucket)
    )
    second.node.add_dependency(first)
    assert warnings(stack) == []


def test_an_imported_bucket_may_have_a_key_that_nobody_told_of(stack: Stack, make_job: MakeJob) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Imported", "records")
    make_job(input_data=InputData.from_bucket(bucket, "in/"))
    (text,) = warnings(stack)
    assert text == (
        "'input_data': the bucket records is imported: if a KMS key encrypts it, give that as 'encryption_key'; else "
        "the job fails with a message that does not mention the key [ack: cdk-bedrock-batch:input_data:importedBucket]"
    )


@pytest.mark.parametrize("given", ["in from_bucket_attributes", "as encryption_key"])
def test_an_imported_bucket_of_a_known_key_has_nothing_to_warn_of(stack: Stack, make_job: MakeJob, given: str) -> None:
    key = kms.Key(stack, "Key")
    of_bucket, of_data = (key, None) if "attributes" in given else (None, key)
    bucket = s3.Bucket.from_bucket_attributes(stack, "Imported", bucket_name="records", encryption_key=of_bucket)
    make_job(input_data=InputData.from_bucket(bucket, "in/", encryption_key=of_data))
    assert warnings(stack) == []


def test_the_owner_of_a_foreign_bucket_must_allow_the_role(stack: Stack, make_job: MakeJob) -> None:
    make_job(
        input_data=InputData.from_uri("s3://records/in/", bucket_owner=OTHER),
        output_data=OutputData.to_uri("s3://results/", bucket_owner=OTHER),
    )
    source, target = warnings(stack)
    assert source == (
        f"'input_data': the bucket records belongs to account {OTHER}: its bucket policy must allow the job's role "
        "s3:ListBucket on the bucket and s3:GetObject on its objects [ack: cdk-bedrock-batch:input_data:foreignBucket]"
    )
    assert target == (
        f"'output_data': the bucket results belongs to account {OTHER}: its bucket policy must allow the job's role "
        "s3:ListBucket on the bucket and s3:PutObject on its objects [ack: cdk-bedrock-batch:output_data:foreignBucket]"
    )


@pytest.mark.parametrize("where", ["input_data", "output_data"])
def test_the_policy_of_an_imported_key_must_allow_the_role(stack: Stack, make_job: MakeJob, where: str) -> None:
    key = kms.Key.from_key_arn(stack, "Key", KEY_ARN)
    make_job(
        input_data=InputData.from_bucket(s3.Bucket(stack, "In"), "in/", encryption_key=key if "in" in where else None),
        output_data=OutputData.to_bucket(s3.Bucket(stack, "Out"), encryption_key=None if "in" in where else key),
    )
    (text,) = warned(stack, f"{where}:importedKey")
    assert text == (
        f"'{where}': the KMS key {KEY_ARN} is imported: its key policy must let the job's role, or the IAM policies of "
        f"the role's account, use it through S3 [ack: cdk-bedrock-batch:{where}:importedKey]"
    )


def test_an_imported_key_of_the_constructs_own_buckets_is_warned_of_too(stack: Stack, make_job: MakeJob) -> None:
    make_job(encryption_key=kms.Key.from_key_arn(stack, "Key", KEY_ARN))
    assert [text.rpartition("[")[2] for text in warnings(stack)] == [
        "ack: cdk-bedrock-batch:input_data:importedBucket]",
        "ack: cdk-bedrock-batch:encryption_key:importedKey]",
    ]


def test_a_warning_is_silent_once_it_is_acknowledged(stack: Stack, make_job: MakeJob) -> None:
    job = make_job()
    Annotations.of(job).acknowledge_warning("cdk-bedrock-batch:input_data:importedBucket", "no key")
    assert warnings(stack) == []
