"""KMS keys of buckets and objects: S3 asks for the permission to use them, of jobs and of everybody else."""

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, Credentials, LocalAws, Statement, allow, policy, records

VIA_S3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
MEGABYTE = 1024**2


def key_of(aws: LocalAws, *statements: Statement) -> str:
    """Make a key; with statements, its policy names whom they name and no longer delegates to IAM."""
    administrator = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Resource": "*"}
    administration = {**administrator, "Action": ["kms:Put*", "kms:Describe*", "kms:Disable*", "kms:Schedule*"]}
    document = {"Policy": policy(administration, *statements)} if statements else {}
    return str(aws.client("kms").create_key(**document)["KeyMetadata"]["Arn"])


def encrypt(aws: LocalAws, bucket: str, key_id: str) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_id}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def grant(aws: LocalAws, role: str, *statements: Statement) -> None:
    document = policy(*statements)
    aws.client("iam").put_role_policy(RoleName=role.rpartition("/")[2], PolicyName="kms", PolicyDocument=document)


def user(aws: LocalAws, bucket: str, *statements: Statement) -> Credentials:
    return aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"), *statements)


def of_objects_in(bucket: str) -> dict[str, dict[str, str]]:
    return {"StringLike": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}/*"}}


def refused(error: pytest.ExceptionInfo[ClientError], action: str, key: str) -> bool:
    code, message = error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]
    return code == "AccessDenied" and f"is not authorized to perform: {action} on resource: {key}" in message


@pytest.mark.parametrize("named", ["arn", "id", "alias", "default"])
def test_the_output_is_written_with_the_key_that_the_job_or_the_bucket_names(aws: LocalAws, named: str) -> None:
    key, bucket = key_of(aws), aws.bucket({"in.jsonl": records()})
    aws.client("kms").create_alias(AliasName=f"alias/{bucket}", TargetKeyId=key)
    names = {"arn": key, "id": key.rpartition("/")[2], "alias": f"alias/{bucket}"}
    output = {"s3Uri": f"s3://{bucket}/out/", **({"s3EncryptionKeyId": names[named]} if named in names else {})}
    if named == "default":
        encrypt(aws, bucket, key)
    role = aws.service_role(bucket)
    config = {"s3OutputDataConfig": output}
    refusal = aws.end(aws.start(bucket, roleArn=role, outputDataConfig=config))["message"]
    assert refusal.startswith(f"Could not validate PutObject permissions to access S3 bucket: {bucket} at key: out/")
    grant(aws, role, allow("kms:GenerateDataKey", key, **VIA_S3))
    job = aws.end(aws.start(bucket, roleArn=role, outputDataConfig=config))
    assert job["status"] == "Completed", job
    folder = f"out/{job['jobArn'].rpartition('/')[2]}"
    for name in ("in.jsonl.out", "manifest.json.out"):
        assert aws.client("s3").head_object(Bucket=bucket, Key=f"{folder}/{name}")["SSEKMSKeyId"] == key


@pytest.mark.parametrize("by_default", [False, True])
def test_the_key_that_the_input_was_written_with_needs_decrypt(
    aws: LocalAws,
    by_default: bool,  # noqa: FBT001 -- a parameter
) -> None:
    key, bucket = key_of(aws), aws.bucket()
    if by_default:
        encrypt(aws, bucket, key)
    options = {} if by_default else {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    aws.client("s3").put_object(Bucket=bucket, Key="in.jsonl", Body=records(), **options)
    # What is encrypted today says nothing about the objects of yesterday.
    encrypt(aws, bucket, other := key_of(aws))
    role = aws.service_role(bucket)
    write = allow("kms:GenerateDataKey", other)
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        grant(aws, role, write, allow(action, key, **VIA_S3))
        job = aws.end(aws.start(bucket, roleArn=role))
        if action == "kms:Decrypt":
            assert job["status"] == "Completed", job
        else:
            assert job["message"] == (
                f"Could not validate GetObject permissions to access S3 bucket: {bucket} at key: in.jsonl"
            )


def test_output_in_parts_needs_decrypt_too(aws: LocalAws) -> None:
    # Every answer holds its question.
    key, bucket = key_of(aws), aws.bucket({"in.jsonl": records(100, "{n} " + "x" * (MEGABYTE // 10))})
    role = aws.service_role(bucket)
    output = {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/", "s3EncryptionKeyId": key}}
    for actions, status in ((["kms:GenerateDataKey"], "Failed"), (["kms:GenerateDataKey", "kms:Decrypt"], "Completed")):
        grant(aws, role, allow(actions, key))
        job = aws.end(aws.start(bucket, roleArn=role, outputDataConfig=output))
        assert job["status"] == status, job
        if status == "Failed":
            assert job["message"].startswith("Could not validate PutObject permissions")


@pytest.mark.parametrize("unusable", ["disabled", "deleted", "absent"])
def test_a_key_that_cannot_be_used_fails_the_job(aws: LocalAws, unusable: str) -> None:
    key, bucket = key_of(aws), aws.bucket({"in.jsonl": records()})
    if unusable == "disabled":
        aws.client("kms").disable_key(KeyId=key)
    elif unusable == "deleted":
        aws.client("kms").schedule_key_deletion(KeyId=key)
    else:
        key = key[:-12] + "0123456789ab"
    role = aws.service_role(bucket)
    grant(aws, role, allow("kms:*", "*"))
    output = {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/", "s3EncryptionKeyId": key}}
    job = aws.end(aws.start(bucket, roleArn=role, outputDataConfig=output))
    assert "Could not validate PutObject permissions" in job["message"]
    assert "kms" not in job["message"].lower()


def test_the_key_policy_has_to_delegate_or_to_name_the_role(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    role, stranger = aws.service_role(bucket), aws.role()

    def naming(arn: str) -> Statement:
        return {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:GenerateDataKey", "Resource": "*"}

    def end(key: str) -> str:
        output = {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/", "s3EncryptionKeyId": key}}
        return str(aws.end(aws.start(bucket, roleArn=role, outputDataConfig=output))["status"])

    not_delegating, named = key_of(aws, naming(stranger)), key_of(aws, naming(role))
    assert end(named) == "Completed"
    grant(aws, role, allow("kms:*", "*"))
    assert end(not_delegating) == "Failed"
    denying = {**naming(role), "Effect": "Deny"}
    aws.client("kms").put_key_policy(KeyId=named, PolicyName="default", Policy=policy(naming(role), denying))
    assert end(named) == "Failed"


def test_whoever_writes_into_an_encrypted_bucket_needs_its_key(aws: LocalAws) -> None:
    key, bucket, source = key_of(aws), aws.bucket(), aws.bucket({"asset": b"x"})
    encrypt(aws, bucket, key)
    copies = allow("s3:GetObject", f"arn:aws:s3:::{source}/*")
    without = aws.client("s3", user(aws, bucket, copies))
    for write in (
        lambda s3: s3.put_object(Bucket=bucket, Key="put", Body=b"x"),
        lambda s3: s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": source, "Key": "asset"}),
        lambda s3: s3.create_multipart_upload(Bucket=bucket, Key="parts"),
    ):
        with pytest.raises(ClientError) as error:
            write(without)
        assert refused(error, "kms:GenerateDataKey", key)
        may = allow("kms:GenerateDataKey", key, **VIA_S3, **of_objects_in(bucket))
        write(aws.client("s3", user(aws, bucket, copies, may)))
    assert aws.client("s3").head_object(Bucket=bucket, Key="copy")["SSEKMSKeyId"] == key


def test_whoever_reads_an_encrypted_object_needs_its_key(aws: LocalAws) -> None:
    key, bucket, target = key_of(aws), aws.bucket(), aws.bucket()
    encrypt(aws, bucket, key)
    aws.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    writes = allow("s3:PutObject", f"arn:aws:s3:::{target}/*")
    without = aws.client("s3", user(aws, bucket, writes))
    for read in (
        lambda s3: s3.get_object(Bucket=bucket, Key="k"),
        lambda s3: s3.copy_object(Bucket=target, Key="copy", CopySource={"Bucket": bucket, "Key": "k"}),
    ):
        with pytest.raises(ClientError) as error:
            read(without)
        assert refused(error, "kms:Decrypt", key)
        may = allow("kms:Decrypt", key, **VIA_S3, **of_objects_in(bucket))
        read(aws.client("s3", user(aws, bucket, writes, may)))
    # Its metadata need no key.
    assert without.head_object(Bucket=bucket, Key="k")["SSEKMSKeyId"] == key


def test_an_upload_in_parts_needs_decrypt_for_the_parts(aws: LocalAws) -> None:
    key, bucket = key_of(aws), aws.bucket()
    encrypt(aws, bucket, key)
    s3 = aws.client("s3", user(aws, bucket, allow("kms:GenerateDataKey", key)))
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    with pytest.raises(ClientError) as error:
        s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"x")
    assert refused(error, "kms:Decrypt", key)
