"""What is denied is listed with the statement that is missing: written where it says, it lets the caller in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from bedrock_local.services.denials import Denials, Denied, Where
from tests.local_aws.conftest import ACCOUNT, LocalAws, allow, policy, records, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.local_aws.conftest import Credentials, Statement

    from .visitor import Visitor


def listed(visitor: Visitor, who: str) -> list[dict[str, Any]]:
    return [each for each in visitor.seen()["denials"] if who in each["who"]]


class User:
    """A user with a boundary, whose policies can be added to."""

    def __init__(self, aws: LocalAws, *statements: Statement, boundary: Statement | None = None) -> None:
        self.iam, self.name = aws.client("iam"), f"user-{uuid.uuid4().hex}"
        self.boundary = self._boundary(boundary or allow("*", "*"))
        self.iam.create_user(UserName=self.name, PermissionsBoundary=self.boundary)
        self.add(allow("sts:GetCallerIdentity", "*"), *statements)
        key = self.iam.create_access_key(UserName=self.name)["AccessKey"]
        self.credentials: Credentials = (key["AccessKeyId"], key["SecretAccessKey"])

    def _boundary(self, statement: Statement) -> str:
        made = self.iam.create_policy(PolicyName=f"{self.name}-boundary", PolicyDocument=policy(statement))
        return str(made["Policy"]["Arn"])

    def add(self, *statements: Mapping[str, Any]) -> None:
        name = f"p-{uuid.uuid4().hex}"
        self.iam.put_user_policy(UserName=self.name, PolicyName=name, PolicyDocument=policy(*statements))

    def widen(self, *statements: Mapping[str, Any]) -> None:
        self.iam.create_policy_version(PolicyArn=self.boundary, PolicyDocument=policy(*statements), SetAsDefault=True)


def test_a_statement_is_missing_in_a_policy_of_its_own(aws: LocalAws, visitor: Visitor) -> None:
    bucket, user = aws.bucket({"k": b"content"}), User(aws)
    s3 = aws.client("s3", user.credentials)
    for _ in range(2):
        with pytest.raises(ClientError):
            s3.get_object(Bucket=bucket, Key="k")
    (denial,) = listed(visitor, user.name)
    assert (denial["where"], denial["times"], denial["explicitly"]) == ("a policy of its own", 2, False)
    user.add(denial["statement"])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"content"


def test_a_statement_is_missing_in_a_boundary(aws: LocalAws, visitor: Visitor) -> None:
    narrow = allow("sts:*", "*")
    user = User(aws, allow("bedrock:ListModelInvocationJobs", "*"), boundary=narrow)
    bedrock = aws.client("bedrock", user.credentials)
    with pytest.raises(ClientError):
        bedrock.list_model_invocation_jobs()
    (denial,) = listed(visitor, user.name)
    assert denial["where"] == "its permissions boundary or session policy"
    user.widen(narrow, denial["statement"])
    assert "invocationJobSummaries" in bedrock.list_model_invocation_jobs()


def test_a_statement_is_missing_in_the_policy_of_a_key(aws: LocalAws, visitor: Visitor) -> None:
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Resource": "*"}
    administration = {**root, "Action": ["kms:PutKeyPolicy", "kms:DescribeKey"]}
    key = aws.client("kms").create_key(Policy=policy(administration))["KeyMetadata"]["Arn"]
    user = User(aws, allow("kms:Encrypt", key))
    kms = aws.client("kms", user.credentials)
    with pytest.raises(ClientError):
        kms.encrypt(KeyId=key, Plaintext=b"secret")
    (denial,) = listed(visitor, user.name)
    assert denial["where"] == "the policy of the resource"
    allowed = policy(administration, denial["statement"])
    aws.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=allowed)
    assert kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]


def test_a_statement_is_missing_in_the_trust_of_a_role(aws: LocalAws, visitor: Visitor) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket, trusted={**trust(), "Principal": {"Service": "ec2.amazonaws.com"}})
    assert aws.end(aws.start(bucket, roleArn=role))["status"] == "Failed"
    (denial,) = [each for each in listed(visitor, "bedrock.amazonaws.com") if each["resource"] == role]
    assert denial["where"] == "the trust policy of the role"
    trusted = policy(denial["statement"])
    aws.client("iam").update_assume_role_policy(RoleName=role.rpartition("/")[2], PolicyDocument=trusted)
    assert aws.end(aws.start(bucket, roleArn=role))["status"] == "Completed"


@pytest.mark.parametrize("where", ["a policy of its own", "the policy of the resource"])
def test_no_statement_allows_what_is_denied_explicitly(aws: LocalAws, visitor: Visitor, where: str) -> None:
    bucket = aws.bucket({"k": b"content"})
    objects = f"arn:aws:s3:::{bucket}/*"
    user = User(aws, allow("s3:GetObject", objects))
    refusal: dict[str, Any] = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": objects}
    if where == "a policy of its own":
        user.add(refusal)
    else:
        aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy({**refusal, "Principal": "*"}))
    with pytest.raises(ClientError):
        aws.client("s3", user.credentials).get_object(Bucket=bucket, Key="k")
    (denial,) = listed(visitor, user.name)
    assert (denial["where"], denial["explicitly"], denial["statement"]) == (where, True, None)


def test_a_session_is_listed_with_its_role_and_for_whom_it_acts(aws: LocalAws, visitor: Visitor) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket, without="bedrock:InvokeModel")
    arn = aws.start(bucket, roleArn=role)
    aws.end(arn)
    (denial,) = listed(visitor, role.rpartition("/")[2])
    assert denial["who"] == f"role {role.rpartition('/')[2]}, as bedrock-{arn.rpartition('/')[2]}"
    assert denial["statement"]["Action"] == "bedrock:InvokeModel"


def test_of_many_the_latest_are_kept() -> None:
    denials = Denials()
    for number in range(201):
        denials.note(Denied("arn:aws:iam::1:user/u", "u", f"s3:Action{number}", "*", Where.OWN))
    actions = [each.what.action for each in denials.all()]
    assert (len(actions), actions[0], actions[-1]) == (200, "s3:Action200", "s3:Action1")
