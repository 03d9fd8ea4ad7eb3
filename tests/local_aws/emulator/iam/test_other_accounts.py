"""Buckets and keys of other accounts and Regions: both sides have to allow, and the job has to name the owner."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, LocalAws, Statement, allow, policy, records

OTHER = "111122223333"


def bucket_of_other(aws: LocalAws, *statements: Statement) -> str:
    """Make a bucket with an input in another account; what its policy allows may name the bucket as BUCKET."""
    name, s3 = f"b-{uuid.uuid4().hex}", aws.client("s3", aws.root(OTHER))
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="in.jsonl", Body=records())
    if statements:
        s3.put_bucket_policy(Bucket=name, Policy=policy(*statements).replace("BUCKET", name))
    return name


def let(principal: str, *actions: str, **condition: Any) -> Statement:
    resources = ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"]
    return {**allow(actions or ["s3:*"], *resources, **condition), "Principal": {"AWS": principal}}


def end(aws: LocalAws, role: str, bucket: str, **owner: str) -> dict[str, Any]:
    request = {
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/in.jsonl", **owner}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/", **owner}},
    }
    return aws.end(aws.start(bucket, roleArn=role, **request))


def job_role(aws: LocalAws) -> str:
    return aws.service_role("*")


def test_a_bucket_of_another_account_works_when_everybody_says_so(aws: LocalAws) -> None:
    role = job_role(aws)
    bucket = bucket_of_other(aws, let(role))
    job = end(aws, role, bucket, s3BucketOwner=OTHER)
    assert job["status"] == "Completed", job
    assert job["inputDataConfig"]["s3InputDataConfig"]["s3BucketOwner"] == OTHER
    written = aws.client("s3", aws.root(OTHER)).list_objects_v2(Bucket=bucket, Prefix="out/")
    assert written["KeyCount"] == 2


def test_its_owner_has_to_be_named(aws: LocalAws) -> None:
    role = job_role(aws)
    bucket = bucket_of_other(aws, let(role))
    assert end(aws, role, bucket)["message"].startswith("Could not validate ListBucket permissions for S3URI")


@pytest.mark.parametrize("wrong", ["input", "output"])
def test_a_wrong_owner_fails_the_job(aws: LocalAws, wrong: str) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    owners = {"input": ACCOUNT, "output": ACCOUNT, wrong: OTHER}
    location = {"s3Uri": f"s3://{bucket}/in.jsonl", "s3BucketOwner": owners["input"]}
    results = {"s3Uri": f"s3://{bucket}/out/", "s3BucketOwner": owners["output"]}
    configs = {"inputDataConfig": {"s3InputDataConfig": location}, "outputDataConfig": {"s3OutputDataConfig": results}}
    job = aws.end(aws.start(bucket, **configs))
    assert job["status"] == "Failed"
    assert job["message"].startswith("Could not validate ListBucket permissions for S3URI")


@pytest.mark.parametrize(
    ("missing", "message"),
    [("s3:ListBucket", "ListBucket"), ("s3:GetObject", "GetObject"), ("s3:PutObject", "PutObject")],
)
def test_its_policy_has_to_allow_what_the_role_may(aws: LocalAws, missing: str, message: str) -> None:
    role = job_role(aws)
    actions = {"s3:ListBucket", "s3:GetObject", "s3:PutObject"} - {missing}
    bucket = bucket_of_other(aws, let(role, *sorted(actions)))
    assert f"Could not validate {message} permissions" in end(aws, role, bucket, s3BucketOwner=OTHER)["message"]


def test_the_role_has_to_be_allowed_too(aws: LocalAws) -> None:
    role = aws.service_role("some-other-bucket")
    bucket = bucket_of_other(aws, let(role))
    assert end(aws, role, bucket, s3BucketOwner=OTHER)["status"] == "Failed"


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"aws:PrincipalAccount": ACCOUNT}, "Completed"),
        ({"aws:PrincipalAccount": OTHER}, "Failed"),
        ({"aws:PrincipalArn": "ROLE"}, "Completed"),
        ({"aws:ResourceAccount": OTHER}, "Completed"),
        ({"aws:ResourceAccount": ACCOUNT}, "Failed"),
    ],
)
def test_its_policy_may_ask_for_accounts_and_principals(aws: LocalAws, condition: dict[str, str], status: str) -> None:
    role = job_role(aws)
    values = {key: value.replace("ROLE", role) for key, value in condition.items()}
    bucket = bucket_of_other(aws, let(f"arn:aws:iam::{ACCOUNT}:root", StringEquals=values))
    assert end(aws, role, bucket, s3BucketOwner=OTHER)["status"] == status


@pytest.mark.parametrize(("account", "status"), [(OTHER, "Completed"), (ACCOUNT, "Failed")])
def test_the_role_may_be_held_to_buckets_of_an_account(aws: LocalAws, account: str, status: str) -> None:
    held = {"StringEquals": {"aws:ResourceAccount": account}}
    role = aws.role(
        allow(["s3:ListBucket", "s3:GetObject", "s3:PutObject"], "*", **held), allow("bedrock:InvokeModel", "*")
    )
    bucket = bucket_of_other(aws, let(role))
    assert end(aws, role, bucket, s3BucketOwner=OTHER)["status"] == status


def test_nobody_owns_a_foundation_model_as_far_as_conditions_go(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket, without="bedrock:InvokeModel")
    mine = {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
    document = policy(allow("bedrock:InvokeModel", "*", **mine))
    aws.client("iam").put_role_policy(RoleName=role.rpartition("/")[2], PolicyName="model", PolicyDocument=document)
    assert end(aws, role, bucket)["message"] == "Customer doesn't have permissions to invokeModel"


@pytest.mark.parametrize("wrong", ["input", "output"])
def test_a_bucket_of_another_region_fails_the_job(aws: LocalAws, wrong: str) -> None:
    here, there = aws.bucket({"in.jsonl": records()}), f"b-{uuid.uuid4().hex}"
    s3 = aws.client("s3", region="eu-west-1")
    s3.create_bucket(Bucket=there, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=there, Key="in.jsonl", Body=records())
    buckets = {"input": here, "output": here, wrong: there}
    job = aws.end(
        aws.start(
            here,
            roleArn=job_role(aws),
            inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://{buckets['input']}/in.jsonl"}},
            outputDataConfig={"s3OutputDataConfig": {"s3Uri": f"s3://{buckets['output']}/out/"}},
        )
    )
    assert job["status"] == "Failed"
    assert job["message"].startswith(f"Could not validate ListBucket permissions for S3URI: s3://{there}/")


def test_a_key_of_another_account_needs_its_policy_and_the_roles(aws: LocalAws) -> None:
    kms = aws.client("kms", aws.root(OTHER))
    key = kms.create_key()["KeyMetadata"]["Arn"]
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket)
    output = {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/", "s3EncryptionKeyId": key}}

    def status() -> str:
        return str(aws.end(aws.start(bucket, roleArn=role, outputDataConfig=output))["status"])

    document = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    named = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "kms:GenerateDataKey", "Resource": "*"}
    document["Statement"].append(named)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))
    assert status() == "Failed"
    may = policy(allow("kms:GenerateDataKey", key))
    aws.client("iam").put_role_policy(RoleName=role.rpartition("/")[2], PolicyName="kms", PolicyDocument=may)
    assert status() == "Completed"
    document["Statement"].pop()
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))
    assert status() == "Failed"


def test_a_user_reaches_a_bucket_of_another_account_only_with_both_policies(aws: LocalAws) -> None:
    closed, opened = bucket_of_other(aws), bucket_of_other(aws, let(f"arn:aws:iam::{ACCOUNT}:root", "s3:GetObject"))
    everything, nothing = (aws.client("s3", aws.user(*may)) for may in ([allow("s3:*", "*")], []))
    assert everything.get_object(Bucket=opened, Key="in.jsonl")["ContentLength"]
    for s3, bucket in ((everything, closed), (nothing, opened)):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.get_object(Bucket=bucket, Key="in.jsonl")


def test_a_copy_says_whose_buckets_it_expects(aws: LocalAws) -> None:
    source, target = aws.bucket({"k": b"x"}), aws.bucket()
    copy = {"Bucket": target, "Key": "copy", "CopySource": {"Bucket": source, "Key": "k"}}
    mine = {"ExpectedBucketOwner": ACCOUNT, "ExpectedSourceBucketOwner": ACCOUNT}
    aws.client("s3").copy_object(**copy, **mine)
    for name in mine:
        with pytest.raises(ClientError, match="AccessDenied"):
            aws.client("s3").copy_object(**copy, **mine | {name: OTHER})
