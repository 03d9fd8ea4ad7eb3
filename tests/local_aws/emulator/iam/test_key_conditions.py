"""Key policies with conditions: who is let in by them, and who is not."""

import http.client
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, REGION, Credentials, LocalAws, Statement, allow, policy, records

OTHER = "111122223333"
VIA_S3 = f"s3.{REGION}.amazonaws.com"
CRYPTOGRAPHY = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]


def everybody(*actions: str, effect: str = "Allow", **condition: Any) -> Statement:
    named = allow(actions or CRYPTOGRAPHY, "*", **condition)
    return {**named, "Effect": effect, "Principal": {"AWS": "*"}}


def key_of(aws: LocalAws, *statements: Statement, **request: Any) -> str:
    """Make a key whose policy does not delegate to IAM."""
    administrator = {**everybody("kms:Put*", "kms:Create*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    made = aws.client("kms").create_key(Policy=policy(administrator, *statements), **request)
    return str(made["KeyMetadata"]["Arn"])


def encrypted_bucket(aws: LocalAws, key: str, *, bucket_key: bool = False) -> str:
    bucket = aws.bucket()
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    rules = {"Rules": [{**rule, "BucketKeyEnabled": bucket_key}]}
    aws.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    return bucket


def is_let_in(call: Callable[[], object]) -> bool:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"AccessDenied", "AccessDeniedException"}:
            raise
        return False
    return True


def of_s3(aws: LocalAws, bucket: str, user: Credentials) -> Callable[[], object]:
    return lambda: aws.client("s3", user).put_object(Bucket=bucket, Key="k", Body=b"x")


def status_of(address: str) -> int:
    host, _, path = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    connection.request("GET", f"/{path}")
    status = connection.getresponse().status
    connection.close()
    return status


def user_of_other(aws: LocalAws, bucket: str, key: str) -> Credentials:
    """Make a user of another account who may do all, as far as that account goes; and let it into the bucket."""
    iam, name = aws.client("iam", aws.root(OTHER)), f"user-{uuid.uuid4().hex}"
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    everything = policy(allow("s3:*", f"arn:aws:s3:::{bucket}/*"), allow("kms:*", key))
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=everything)
    opened = {**allow("s3:*", f"arn:aws:s3:::{bucket}/*"), "Principal": {"AWS": arn}}
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(opened))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


def test_the_bootstrap_key_of_the_cdk_lets_its_account_in_through_s3_and_nobody_else(aws: LocalAws) -> None:
    key = key_of(aws, everybody(StringEquals={"kms:CallerAccount": ACCOUNT, "kms:ViaService": [VIA_S3]}))
    bucket = encrypted_bucket(aws, key)
    of_the_account = aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}/*"))
    assert is_let_in(of_s3(aws, bucket, of_the_account))
    assert not is_let_in(lambda: aws.client("kms", of_the_account).encrypt(KeyId=key, Plaintext=b"x"))
    assert not is_let_in(of_s3(aws, bucket, user_of_other(aws, bucket, key)))


@pytest.mark.parametrize(
    ("key", "through_s3", "direct"),
    [("aws:PrincipalIsAWSService", "false", "false"), ("aws:ViaAWSService", "true", "false")],
)
def test_every_request_tells_who_asks_in_whose_name(aws: LocalAws, key: str, through_s3: str, direct: str) -> None:
    for value in ("true", "false"):
        named = key_of(aws, everybody(Bool={key: value}))
        bucket = encrypted_bucket(aws, named)
        user = aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}/*"))
        kms = aws.client("kms", user)
        assert is_let_in(of_s3(aws, bucket, user)) == (value == through_s3)
        assert is_let_in(lambda: kms.encrypt(KeyId=named, Plaintext=b"x")) == (value == direct)  # noqa: B023 -- called here


def test_a_job_reads_and_writes_with_such_a_key(aws: LocalAws) -> None:
    key = key_of(aws, everybody(StringEquals={"kms:CallerAccount": ACCOUNT, "kms:ViaService": VIA_S3}))
    bucket = encrypted_bucket(aws, key)
    aws.client("s3").put_object(Bucket=bucket, Key="in.jsonl", Body=records())
    assert aws.end(aws.start(bucket))["status"] == "Completed"
    foreign = key_of(aws, everybody(StringEquals={"kms:CallerAccount": OTHER, "kms:ViaService": VIA_S3}))
    output = {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/", "s3EncryptionKeyId": foreign}}
    assert aws.end(aws.start(bucket, outputDataConfig=output))["status"] == "Failed"


def test_an_object_that_is_open_to_all_is_not_read_without_its_key(aws: LocalAws) -> None:
    bucket = encrypted_bucket(aws, key_of(aws, everybody()))
    s3 = aws.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x", ServerSideEncryption="AES256")
    everything = {**allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"), "Principal": "*"}
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(everything))
    assert status_of(f"{aws.url}/{bucket}/plain") == HTTPStatus.OK
    assert status_of(f"{aws.url}/{bucket}/k") == HTTPStatus.BAD_REQUEST


def test_a_condition_on_another_account_lets_that_one_in(aws: LocalAws) -> None:
    key = key_of(aws, everybody(StringEquals={"kms:CallerAccount": OTHER}))
    bucket = encrypted_bucket(aws, key)
    assert is_let_in(of_s3(aws, bucket, user_of_other(aws, bucket, key)))
    assert not is_let_in(of_s3(aws, bucket, aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}/*"))))


def test_no_account_is_that_of_operations_on_no_key(aws: LocalAws) -> None:
    condition = {"StringEquals": {"kms:CallerAccount": ACCOUNT}}
    user = aws.client("kms", aws.user(allow("kms:*", "*", **condition)))
    assert not is_let_in(user.list_keys)


@pytest.mark.parametrize(
    ("condition", "right", "wrong"),
    [
        (
            {"StringEquals": {"kms:EncryptionContext:AppName": "Prompts"}},
            {"EncryptionContext": {"appname": "Prompts"}},
            {"EncryptionContext": {"AppName": "Answers"}},
        ),
        (
            {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["A", "B"]}},
            {"EncryptionContext": {"A": "1"}},
            {"EncryptionContext": {"A": "1", "C": "2"}},
        ),
        ({"Null": {"kms:EncryptionContextKeys": "false"}}, {"EncryptionContext": {"A": "1"}}, {}),
        (
            {"StringEquals": {"kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}},
            {},
            {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"},
        ),
        ({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT", "kms:KeyOrigin": "AWS_KMS"}}, {}, None),
        ({"StringEquals": {"kms:KeyUsage": "SIGN_VERIFY"}}, None, {}),
        ({"Bool": {"kms:MultiRegion": "true"}}, None, {}),
        ({"Null": {"kms:ViaService": "true"}}, {}, None),
        ({"StringNotEquals": {"kms:ViaService": VIA_S3}}, {}, None),
    ],
)
def test_what_is_asked_of_kms_directly_meets_the_conditions_on_it(
    aws: LocalAws, condition: dict[str, Any], right: dict[str, Any] | None, wrong: dict[str, Any] | None
) -> None:
    key = key_of(aws, everybody(**condition))
    kms = aws.client("kms", aws.user())
    for request, let_in in ((right, True), (wrong, False)):
        if request is not None:
            assert is_let_in(lambda: kms.encrypt(KeyId=key, Plaintext=b"x", **request)) == let_in  # noqa: B023 -- called at once


def test_a_statement_that_denies_by_such_a_condition_denies(aws: LocalAws) -> None:
    only_s3 = everybody("kms:*", effect="Deny", StringNotEquals={"kms:ViaService": VIA_S3})
    key = key_of(aws, everybody(), only_s3)
    bucket = encrypted_bucket(aws, key)
    user = aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}/*"))
    assert is_let_in(of_s3(aws, bucket, user))
    assert not is_let_in(lambda: aws.client("kms", user).encrypt(KeyId=key, Plaintext=b"x"))


@pytest.mark.parametrize("named", ["alias", "arn of the alias", "id"])
def test_a_key_is_the_same_by_each_of_its_names(aws: LocalAws, named: str) -> None:
    administrator = {**everybody("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    key, alias = key_of(aws, administrator), f"alias/{uuid.uuid4().hex}"
    aws.client("kms").create_alias(AliasName=alias, TargetKeyId=key)
    name = {"alias": alias, "arn of the alias": f"arn:aws:kms:{REGION}:{ACCOUNT}:{alias}"}.get(named, key[-36:])
    by_arn = aws.client("kms", aws.user(allow("kms:Encrypt", key)))
    assert is_let_in(lambda: by_arn.encrypt(KeyId=name, Plaintext=b"x"))
    aliases = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}
    assert is_let_in(
        lambda: aws.client("kms", aws.user(allow("kms:Encrypt", key, **aliases))).encrypt(KeyId=name, Plaintext=b"x")
    )
    requested = aws.client("kms", aws.user(allow("kms:Encrypt", key, StringEquals={"kms:RequestAlias": alias})))
    assert is_let_in(lambda: requested.encrypt(KeyId=name, Plaintext=b"x")) == (named != "id")


@pytest.mark.parametrize(
    ("condition", "let_in"),
    [
        ({"Bool": {"kms:GrantIsForAWSResource": "true"}}, False),
        ({"Bool": {"kms:GrantIsForAWSResource": "false"}}, True),
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "Decrypt"]}}, True),
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]}}, False),
        ({"StringLike": {"kms:GranteePrincipal": "arn:aws:iam::*:role/reader"}}, True),
        ({"StringEquals": {"kms:GranteePrincipal": "arn:aws:iam::*:role/writer"}}, False),
        ({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}}, True),
        ({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextEquals"}}, False),
        ({"Null": {"kms:RetiringPrincipal": "true"}}, True),
    ],
)
def test_grants_meet_the_conditions_on_them(
    aws: LocalAws,
    condition: dict[str, Any],
    let_in: bool,  # noqa: FBT001 -- a parameter
) -> None:
    key = key_of(aws, everybody("kms:CreateGrant", **condition))
    kms = aws.client("kms", aws.user())
    grant = {
        "GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/reader",
        "Operations": ["Encrypt"],
        "Constraints": {"EncryptionContextSubset": {"A": "1"}},
    }
    assert is_let_in(lambda: kms.create_grant(KeyId=key, **grant)) == let_in


@pytest.mark.parametrize("bucket_key", [False, True])
def test_with_a_bucket_key_the_encryption_context_names_the_bucket(
    aws: LocalAws,
    bucket_key: bool,  # noqa: FBT001 -- a parameter
) -> None:
    key = key_of(aws, everybody("kms:*"))
    bucket = encrypted_bucket(aws, key, bucket_key=bucket_key)
    arns = {False: f"arn:aws:s3:::{bucket}/k", True: f"arn:aws:s3:::{bucket}"}
    for named, arn in arns.items():
        context = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": arn}}
        aws.client("kms").put_key_policy(
            KeyId=key, PolicyName="default", Policy=policy(everybody("kms:Decrypt", "kms:GenerateDataKey", **context))
        )
        user = aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}/*"))
        assert is_let_in(of_s3(aws, bucket, user)) == (named == bucket_key)
        if named == bucket_key:
            assert (
                aws.client("s3", user).get_object(Bucket=bucket, Key="k").get("BucketKeyEnabled", False) == bucket_key
            )


def test_a_request_to_another_service_has_no_caller_of_kms(aws: LocalAws) -> None:
    bucket = aws.bucket({"a": b"a"})
    without = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Null={"kms:CallerAccount": "true"})
    found = aws.client("s3", aws.user(without)).get_object(Bucket=bucket, Key="a")
    assert found["Body"].read() == b"a"
