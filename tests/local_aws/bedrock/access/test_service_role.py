"""What a job may do: decided by the trust policy and the permissions of its service role."""

import subprocess
import sys

import pytest

from tests.local_aws.conftest import (
    ACCOUNT,
    JOBS_ARN,
    LocalAws,
    Statement,
    policy,
    records,
    trust,
)


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("s3:ListBucket", "Could not validate ListBucket permissions for S3URI: s3://{bucket}/in.jsonl"),
        ("s3:GetObject", "Could not validate GetObject permissions to access S3 bucket: {bucket} at key: in.jsonl"),
        (
            "s3:PutObject",
            "Could not validate PutObject permissions to access S3 bucket: {bucket} at key: out/{id}/manifest.json.out",
        ),
        ("bedrock:InvokeModel", "Customer doesn't have permissions to invokeModel"),
    ],
)
def test_a_role_without_a_permission_fails_the_job(aws: LocalAws, without: str, message: str) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    job = aws.end(aws.start(bucket, roleArn=aws.service_role(bucket, without=without)))
    assert job["status"] == "Failed"
    assert job["message"] == message.format(bucket=bucket, id=job["jobArn"].rpartition("/")[2])
    assert job["totalRecordCount"] == 0


def test_a_bucket_policy_that_denies_the_role_counts(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket)
    objects = f"arn:aws:s3:::{bucket}/*"
    deny = {"Effect": "Deny", "Principal": {"AWS": role}, "Action": "s3:PutObject", "Resource": objects}
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(deny))
    assert "Could not validate PutObject permissions" in aws.end(aws.start(bucket, roleArn=role))["message"]


SOURCE = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": JOBS_ARN}}


@pytest.mark.parametrize(
    ("trusted", "status"),
    [
        (trust(**SOURCE), "Completed"),
        (trust(**SOURCE | {"StringEquals": {"aws:SourceAccount": "111122223333"}}), "Failed"),
        (trust(**SOURCE | {"ArnLike": {"aws:SourceArn": "arn:aws:bedrock:eu-west-1:*"}}), "Failed"),
        ({**trust(), "Principal": {"Service": "lambda.amazonaws.com"}}, "Failed"),
        ({**trust(), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}, "Failed"),
    ],
)
def test_the_trust_policy_decides_with_account_and_job(aws: LocalAws, trusted: Statement, status: str) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    job = aws.end(aws.start(bucket, roleArn=aws.service_role(bucket, trusted=trusted)))
    assert job["status"] == status
    if status == "Failed":
        assert job["message"].startswith("Could not assume provided IAM role. ")


def test_a_role_that_does_not_exist_fails_the_job_not_the_request(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    job = aws.end(aws.start(bucket, roleArn=f"arn:aws:iam::{ACCOUNT}:role/absent"))
    assert "Could not assume provided IAM role" in job["message"]
    assert "absent does not exist" in job["message"]


def test_the_path_of_a_role_is_part_of_its_arn(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    elsewhere = aws.service_role(bucket).replace(":role/", ":role/team/")
    assert "does not exist" in aws.end(aws.start(bucket, roleArn=elsewhere))["message"]


SESSIONS = """
from datetime import UTC, datetime
from bedrock_local.bedrock.models.backends.echo import Echo
from bedrock_local.names.job_arn import job_arn
from bedrock_local.names.place import Place
from bedrock_local.application import build_app
build_app(1, secret="s", backend=Echo())
from bedrock_local.services.service_roles import EmulatedRoles
from ministack.core.iam_evaluator import resolve_credential
from ministack.services import iam, sts
role = "arn:aws:iam::000000000000:role/r"
principal = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
iam._roles["r"] = {"Arn": role, "AssumeRolePolicyDocument": {"Statement": [principal]}}
end = datetime(2099, 1, 1, tzinfo=UTC)
place = Place("aws", "us-east-1", "000000000000")
def found():
    ((key, session),) = sts._sessions.items()
    return resolve_credential(key, place.account, session["SessionToken"])
with EmulatedRoles("http://127.0.0.1:1", "s").assume(role, job_arn(place, "1"), place, end):
    print([session["Expiration"] == end.timestamp() for session in sts._sessions.values()], found().principal_type)
print(found().code)
"""


def test_a_session_expires_with_the_job_and_ends_with_it() -> None:
    seen = subprocess.run([sys.executable, "-c", SESSIONS], capture_output=True, text=True, check=True)
    assert seen.stdout.split("\n") == ["[True] AssumedRole", "ExpiredTokenException", ""]
