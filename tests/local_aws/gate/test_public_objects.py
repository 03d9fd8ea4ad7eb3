"""What S3 answers without a signature, and to pages of other origins: only what a bucket's owner has opened."""

import json
import uuid
from typing import Any

import pytest

from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT

from .calls import Call

PAGE = "http://app.example"


def bucket(aws: RunningAws, *statements: dict[str, Any]) -> str:
    s3, name = aws.client("s3"), f"b-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    for key in ("open/k", "closed/k"):
        s3.put_object(Bucket=name, Key=key, Body=b"content")
    if statements:
        s3.delete_public_access_block(Bucket=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        s3.put_bucket_policy(Bucket=name, Policy=document.replace("BUCKET", f"arn:aws:s3:::{name}"))
    return name


def anybody(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": "BUCKET/open/*", **more}


def test_a_policy_lets_anybody_read_what_it_names(aws: RunningAws) -> None:
    name = bucket(aws, anybody("s3:GetObject"))
    assert Call(f"/{name}/open/k").send(aws)[::2] == (200, b"content")
    assert Call(f"/{name}/open/k", "HEAD").status(aws) == 200
    closed = [f"/{name}/closed/k", f"/{name}", f"/{name}?list-type=2", f"/{name}/open/k?acl", "/"]
    assert [Call(path).status(aws) for path in closed] == [403] * len(closed)
    assert [Call(f"/{name}/open/k", method, body=b"x").status(aws) for method in ("PUT", "DELETE", "POST")] == [403] * 3


def test_a_policy_lets_anybody_write_only_where_it_says_so(aws: RunningAws) -> None:
    name = bucket(aws, anybody("s3:PutObject"))
    assert Call(f"/{name}/open/new", "PUT", body=b"left here").status(aws) == 200
    assert aws.client("s3").get_object(Bucket=name, Key="open/new")["Body"].read() == b"left here"
    assert [Call(f"/{name}/open/k").status(aws), Call(f"/{name}/closed/x", "PUT", body=b"x").status(aws)] == [403, 403]


@pytest.mark.parametrize(
    "statement",
    [
        anybody("s3:GetObject", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        anybody("s3:GetObject", Principal={"AWS": ACCOUNT}),
        anybody("s3:GetObject", Principal={"Service": "bedrock.amazonaws.com"}),
        anybody("s3:GetObject", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
        anybody("s3:GetObject", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    ],
)
def test_a_policy_that_names_somebody_lets_nobody_else_in(aws: RunningAws, statement: dict[str, Any]) -> None:
    assert Call(f"/{bucket(aws, statement)}/open/k").status(aws) == 403


def test_a_denial_wins(aws: RunningAws) -> None:
    name = bucket(aws, anybody("s3:GetObject"), anybody("s3:*", Effect="Deny"))
    assert Call(f"/{name}/open/k").status(aws) == 403


def test_blocked_public_access_keeps_the_policy_shut(aws: RunningAws) -> None:
    name = bucket(aws, anybody("s3:GetObject"))
    aws.client("s3").put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True, "BlockPublicPolicy": True}
    )
    assert Call(f"/{name}/open/k").status(aws) == 403


def test_without_a_signature_there_is_no_other_service_behind_an_open_bucket(aws: RunningAws) -> None:
    name = bucket(aws, anybody("s3:*", Resource=["BUCKET", "BUCKET/*"]))
    assert Call(f"/{name}").status(aws) == 200
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    users = "Action=ListUsers&Version=2010-05-08"
    to_s3 = [
        Call(f"/{name}", headers=form, body=users.encode()),
        Call(f"/{name}", headers={"X-Amz-Target": "DynamoDB_20120810.ListTables"}),
        Call("/", headers={"Host": f"{name}.localhost"}),
    ]
    assert [b"<ListBucketResult" in each.send(aws)[2] for each in to_s3] == [True] * len(to_s3)
    elsewhere = [
        Call(f"/{name}?{users}"),
        Call(f"/?{users}", headers={"Host": f"{name}.localhost"}),
        Call(f"/{name}", "POST", form, users.encode()),
        Call("/", headers={"Host": "iam.localhost"}),
        Call("/", headers={"Host": "s3.localhost"}),
        Call(f"/{bucket(aws)}/open/k"),
    ]
    assert [each.status(aws) for each in elsewhere] == [403] * len(elsewhere)


def test_a_key_that_looks_like_another_services_path_is_a_key(aws: RunningAws) -> None:
    name = bucket(aws, anybody("s3:GetObject", Resource="BUCKET/*"))
    for key in ("v2/_catalog", "Execute", "iceberg/v1/config", "oauth2/authorize", "latest/meta-data", "logout"):
        aws.client("s3").put_object(Bucket=name, Key=key, Body=b"content")
        for call in (Call(f"/{name}/{key}"), Call(f"/{key}", headers={"Host": f"{name}.localhost"})):
            for each in (call, call.signed(aws, ACCOUNT, aws.secret), call.presigned(aws, ACCOUNT, aws.secret)):
                assert each.send(aws)[::2] == (200, b"content"), each


@pytest.mark.parametrize("name", ["ses", "iam", "tasks-of-may", "restapis-of-may", "latest", "clusters"])
def test_a_bucket_that_is_called_like_something_else_is_one(aws: RunningAws, name: str) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"content")
    s3.delete_public_access_block(Bucket=name)
    document = {"Version": "2012-10-17", "Statement": [anybody("s3:GetObject", Resource=f"arn:aws:s3:::{name}/*")]}
    for call in (Call(f"/{name}/k"), Call("/k", headers={"Host": f"{name}.localhost"})):
        assert call.status(aws) == 403
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
        assert call.send(aws)[::2] == (200, b"content")
        s3.delete_bucket_policy(Bucket=name)
    assert Call(f"/{name}/k").presigned(aws, ACCOUNT, aws.secret).send(aws)[::2] == (200, b"content")


@pytest.mark.parametrize("named", ["k?location", "k?website", "k?acl", "/open/k", "k?uploads", "k?logging"])
def test_anybody_gets_objects_and_listings_and_no_other_part_of_a_bucket(aws: RunningAws, named: str) -> None:
    name = bucket(aws, anybody("s3:GetBucketLocation", "s3:ListBucket", "s3:GetBucketWebsite", "s3:GetBucketLogging"))
    assert Call(f"/{name}/open/{named}").status(aws) == 403


def test_a_bucket_before_localhost_is_one(aws: RunningAws) -> None:
    name = bucket(aws)
    for host in (f"{name}.localhost", f"{name}.s3.localhost", f"{name}.s3.us-east-1.localhost"):
        call = Call("/open/k", headers={"Host": host})
        assert call.status(aws) == 403
        assert call.signed(aws, ACCOUNT, aws.secret).send(aws)[::2] == (200, b"content")


def test_a_buckets_cors_rules_let_a_page_ask_for_its_objects(aws: RunningAws) -> None:
    name, other = bucket(aws, anybody("s3:GetObject")), bucket(aws, anybody("s3:GetObject"))
    rules = {"CORSRules": [{"AllowedOrigins": [PAGE], "AllowedMethods": ["GET"], "AllowedHeaders": ["x-a"]}]}
    aws.client("s3").put_bucket_cors(Bucket=name, CORSConfiguration=rules)
    page = {"Origin": PAGE, "Sec-Fetch-Site": "cross-site"}
    status, answered, content = Call(f"/{name}/open/k", headers=page).send(aws)
    assert (status, content, answered["access-control-allow-origin"]) == (200, b"content", PAGE)
    preflight = {**page, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-a"}
    assert Call(f"/{name}/open/k", "OPTIONS", preflight).send(aws)[1]["access-control-allow-methods"] == "GET"
    # The page may ask; whether it may have is another question.
    assert Call(f"/{name}/closed/k", headers=page).status(aws) == 403
    refused = [
        Call(f"/{other}/open/k", headers=page),
        Call(f"/{name}/open/k", headers={**page, "Origin": "http://attacker.example"}),
        Call(f"/{name}/open/k", "OPTIONS", {**preflight, "Access-Control-Request-Method": "PUT"}),
        Call(f"/{name}", headers=page),
        Call(f"/{name}/open/k?Action=ListUsers&Version=2010-05-08", headers=page),
        Call(f"/{name}/open/k", headers={"Sec-Fetch-Site": "cross-site"}),
    ]
    answers = [each.send(aws) for each in refused]
    assert [status for status, _, _ in answers] == [403] * len(refused)
    assert not [name for _, answered, _ in answers for name in answered if name.startswith("access-control-")]
