"""Policies, judged as the IAM user guide has it: yes, no, or that it cannot be told."""

import json
from typing import Any

import pytest

from bedrock_batch.diagnosis.policies.context import Context
from bedrock_batch.diagnosis.policies.document import Request
from bedrock_batch.diagnosis.policies.opinion import Opinion, opinion
from bedrock_batch.diagnosis.policies.principals import Asker, Role, Service
from bedrock_batch.diagnosis.policies.truth import Truth

ROLE = "arn:aws:iam::111122223333:role/team/job"
OBJECT = "arn:aws:s3:::bucket/in/a.jsonl"
JOB_ROLE = Role(ROLE, "AROAEXAMPLE")
BEDROCK = Service("bedrock.amazonaws.com")
CONTEXT = Context(
    {
        "aws:SecureTransport": ("true",),
        "aws:ResourceAccount": ("111122223333",),
        "aws:SourceArn": ("arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/abcdefghwxyz",),
        "aws:TagKeys": ("one", "two"),
        "kms:ResourceAliases": (),
    },
    absent=("aws:username", "ec2:"),
)


def said(*statements: Any, asker: Asker = JOB_ROLE, of_identity: bool = True) -> Opinion:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return opinion(document, Request("s3:GetObject", OBJECT, asker, CONTEXT), of_identity=of_identity)


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", **({"Action": "*"} if "NotAction" not in elements else {}), "Resource": "*", **elements}


@pytest.mark.parametrize(
    ("elements", "allowed"),
    [
        ({"Action": "s3:GetObject"}, True),
        ({"Action": ["s3:Put*", "S3:getobject"]}, True),
        ({"Action": "s3:Get?bject"}, True),
        ({"Action": "s3:GetObjects"}, False),
        ({"NotAction": "s3:Put*"}, True),
        ({"NotAction": ["iam:*", "s3:Get*"]}, False),
        ({"Resource": "arn:aws:s3:::bucket/*"}, True),
        ({"Resource": "arn:aws:s3:::bucket/in/*.jsonl"}, True),
        ({"Resource": "arn:aws:s3:::Bucket/*"}, False),
        ({"Resource": "arn:aws:s3:::bucket"}, False),
        ({"Resource": "arn:*:s3:*:*:bucket/*"}, True),
        # Where a wildcard would have to span colons, the guide does not say what counts.
        ({"Resource": "arn:aws:s3*"}, None),
        ({"Resource": "arn:aws:s3:::other/${aws:username}/*"}, False),
        ({"Resource": "arn:aws:s3:::bucket/${aws:PrincipalTag/x}/a.jsonl"}, None),
        ({"Resource": 7}, None),
        # A variable without a value may make the whole statement invalid, whatever else is listed.
        ({"Resource": ["arn:aws:s3:::bucket/*", "arn:aws:s3:::other/${aws:username}/*"]}, None),
        ({"Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceAccount": "x-${aws:username}"}}}, None),
        # What a template leaves open is no variable of IAM's.
        ({"Resource": ["arn:aws:s3:::bucket/*", "arn:aws:s3:::${Other.Name}/*"]}, True),
        ({"Resource": []}, None),
        ({"Action": []}, None),
        ({"NotAction": []}, None),
        ({"conditions": {"Bool": {"aws:SecureTransport": "false"}}}, None),
    ],
)
def test_actions_and_resources(elements: dict[str, Any], allowed: Truth) -> None:
    assert said(allow(**elements)).allowed is allowed


def test_not_resource_is_about_all_others() -> None:
    def statement(resource: str) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": "*", "NotResource": resource}

    assert said(statement("arn:aws:s3:::other/*")).allowed is True
    assert said(statement("arn:aws:s3:::bucket/*")).allowed is False
    assert said(statement("arn:aws:s3:::other/${aws:username}/*")).allowed is None


@pytest.mark.parametrize(
    ("operator", "key", "expected", "met"),
    [
        ("Bool", "aws:SecureTransport", "true", True),
        ("Bool", "aws:securetransport", True, True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("Bool", "aws:SecureTransport", "maybe", None),
        ("StringEquals", "aws:ResourceAccount", "111122223333", True),
        ("StringEquals", "aws:ResourceAccount", ["1", "111122223333"], True),
        ("StringEquals", "aws:ResourceAccount", "1111*", False),
        ("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}", None),
        ("StringLike", "aws:ResourceAccount", "1111*", True),
        ("StringNotEquals", "aws:ResourceAccount", ["1", "111122223333"], False),
        ("StringNotEquals", "aws:ResourceAccount", ["1", "2"], True),
        ("StringNotLike", "aws:ResourceAccount", "2*", True),
        ("StringEqualsIgnoreCase", "aws:SecureTransport", "TRUE", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/*", True),
        ("ArnEquals", "aws:SourceArn", "arn:aws:bedrock:*:111122223333:*", True),
        ("ArnEquals", "aws:SourceArn", "arn:aws:bedrock:eu-west-1:*:*", False),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:sagemaker:*:*:*", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:bedrock:*", None),
        # A key that is not there.
        ("StringEquals", "aws:username", "x", False),
        ("StringNotEquals", "aws:username", "x", True),
        ("StringEqualsIfExists", "aws:username", "x", True),
        ("ForAllValues:StringEquals", "aws:username", "x", True),
        ("ForAnyValue:StringEquals", "aws:username", "x", False),
        ("ForAnyValue:StringNotEquals", "aws:username", "x", False),
        ("StringEquals", "ec2:Subnet", "x", False),
        ("Null", "aws:username", "true", True),
        ("Null", "aws:username", "false", False),
        ("Null", "aws:SecureTransport", "false", True),
        ("Null", "aws:SecureTransport", "perhaps", None),
        ("Null", "aws:SecureTransport", ["true", "false"], None),
        ("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/x", False),
        # Several values.
        ("ForAllValues:StringEquals", "aws:TagKeys", ["one", "two", "three"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["one"], False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["one"], True),
        ("ForAnyValue:StringLike", "aws:TagKeys", ["x*"], False),
        ("StringEquals", "aws:TagKeys", ["one"], None),
        # What is not known: a key, an operator.
        ("StringEquals", "aws:PrincipalOrgID", "o-1", None),
        ("StringNotEquals", "aws:SourceVpce", "vpce-1", None),
        ("StringEqualsIfExists", "aws:SourceVpce", "vpce-1", None),
        ("Null", "aws:SourceVpce", "true", None),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", None),
        ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", None),
        ("NumericLessThan", "aws:ResourceAccount", "5", None),
        ("BoolNot", "aws:SecureTransport", "true", None),
        ("StringAlmost", "aws:ResourceAccount", "1", None),
        ("StringEquals", "aws:ResourceAccount", {"a": 1}, None),
        ("StringNotEquals", "aws:ResourceAccount", [], None),
    ],
)
def test_conditions(operator: str, key: str, expected: Any, met: Truth) -> None:
    assert said(allow(Condition={operator: {key: expected}})).allowed is met


def test_all_conditions_must_be_met() -> None:
    right, wrong, unknown = {"aws:SecureTransport": "true"}, {"aws:SecureTransport": "false"}, {"aws:SourceIp": "1"}
    assert said(allow(Condition={"Bool": right, "StringEquals": {"aws:ResourceAccount": "1"}})).allowed is False
    assert said(allow(Condition={"Bool": wrong, "IpAddress": unknown})).allowed is False
    assert said(allow(Condition={"Bool": right, "IpAddress": unknown})).allowed is None


def deny(**elements: Any) -> dict[str, Any]:
    return {**allow(**elements), "Effect": "Deny"}


def test_a_deny_wins_and_one_that_cannot_be_told_leaves_it_open() -> None:
    unknown = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    assert said(allow(), deny(Sid="No", Resource="arn:aws:s3:::bucket/*")) == Opinion(
        denied=True, allowed=True, directly=True, says='statement "No"'
    )
    open_one = said(allow(), deny(Condition=unknown))
    assert (open_one.denied, open_one.allowed) == (None, True)
    assert open_one.says == "statement 2 has StringNotEquals aws:PrincipalOrgID"
    assert said(allow(), deny(Condition={"Bool": {"aws:SecureTransport": "false"}})).denied is False


@pytest.mark.parametrize(
    ("principal", "allowed", "directly"),
    [
        ("*", True, True),
        ({"AWS": "*"}, True, True),
        ({"AWS": ROLE}, True, True),
        ({"AWS": "111122223333"}, True, False),
        ({"AWS": "arn:aws:iam::111122223333:root"}, True, False),
        ({"AWS": ["arn:aws:iam::999999999999:root", ROLE]}, True, True),
        ({"AWS": "arn:aws:iam::111122223333:role/job"}, None, None),
        ({"AWS": "arn:aws:iam::999999999999:role/job"}, False, False),
        ({"AWS": "arn:aws:iam::111122223333:role/jobs"}, False, False),
        ({"AWS": "arn:aws:iam::111122223333:role/*"}, False, False),
        ({"AWS": "arn:aws:iam::999999999999:root"}, False, False),
        ({"AWS": "AROAEXAMPLE"}, True, True),
        ({"AWS": "AROAOTHER"}, False, False),
        ({"AWS": "arn:aws:sts::111122223333:assumed-role/job/bedrock-1"}, None, None),
        ({"AWS": "arn:aws:sts::111122223333:assumed-role/other/bedrock-1"}, False, False),
        ({"Service": "bedrock.amazonaws.com"}, False, False),
        ({"CanonicalUser": "79a5"}, None, None),
        ({"AWS": [7]}, None, None),
        (None, None, None),
    ],
)
def test_principals_of_a_resource(principal: Any, allowed: Truth, directly: Truth) -> None:
    found = said(allow(Principal=principal), of_identity=False)
    assert (found.allowed, found.directly) == (allowed, directly)


@pytest.mark.parametrize(
    ("spared", "denied"),
    [
        ("arn:aws:iam::999999999999:root", True),
        # The session has to be spared as well, and nobody knows its name.
        (ROLE, None),
        (["arn:aws:iam::111122223333:root", ROLE], None),
    ],
)
def test_not_principal_denies_all_others(spared: Any, denied: Truth) -> None:
    assert said(deny(NotPrincipal={"AWS": spared}), of_identity=False).denied is denied


def test_not_principal_allows_nobody_for_sure() -> None:
    assert said(allow(NotPrincipal={"AWS": "999999999999"}), of_identity=False).allowed is None


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        ({"Service": "bedrock.amazonaws.com"}, True),
        ({"Service": ["lambda.amazonaws.com", "Bedrock.amazonaws.com"]}, True),
        ({"Service": "lambda.amazonaws.com"}, False),
        ({"AWS": "arn:aws:iam::111122223333:root"}, False),
        ({"AWS": "*"}, None),
        ({"Service": "*"}, None),
        ("*", None),
    ],
)
def test_who_may_assume_a_role(principal: Any, allowed: Truth) -> None:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject"}
    assert said(statement, asker=BEDROCK, of_identity=False).allowed is allowed


@pytest.mark.parametrize(
    "document",
    ["", "{", "[" * 100_000, "[]", "{}", '{"Statement": 1}', '{"Statement": [{"Effect": "Perhaps"}]}', None, 7],
)
def test_what_cannot_be_read_says_nothing(document: Any) -> None:
    found = opinion(document, Request("s3:GetObject", OBJECT, Role(ROLE), CONTEXT))
    assert found == Opinion(denied=None, allowed=None, directly=None, says="it cannot be read")


def test_one_statement_needs_no_list_and_none_allows_nothing() -> None:
    request = Request("s3:GetObject", OBJECT, Role(ROLE), CONTEXT)
    assert opinion({"Statement": allow()}, request, of_identity=True).allowed is True
    assert opinion({"Statement": []}, request, of_identity=True).allowed is False
