"""SimulatePrincipalPolicy: what IAM says to a question, with the condition keys that it is told."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, LocalAws, allow, policy

OBJECT = "arn:aws:s3:::b/in/a.jsonl"
GET = allow("s3:GetObject", "arn:aws:s3:::b/*", StringEquals={"aws:ResourceAccount": ACCOUNT})


def asked(aws: LocalAws, role: str, *actions: str, resources: tuple[str, ...] = (OBJECT,), **more: Any) -> Any:
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": values, "ContextKeyType": "string"}
        for key, values in more.pop("context", {}).items()
    ]
    question = {"PolicySourceArn": role, "ActionNames": list(actions), "ResourceArns": list(resources), **more}
    return aws.client("iam").simulate_principal_policy(**question, ContextEntries=entries)


def decisions(answer: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    results = answer["EvaluationResults"]
    return [(each["EvalActionName"], each["EvalResourceName"], each["EvalDecision"]) for each in results]


@pytest.mark.parametrize(
    ("context", "decision", "missing"),
    [
        ({"aws:ResourceAccount": [ACCOUNT]}, "allowed", []),
        ({"AWS:resourceaccount": [ACCOUNT]}, "allowed", []),
        ({"aws:ResourceAccount": ["111122223333"]}, "implicitDeny", []),
        ({}, "implicitDeny", ["aws:ResourceAccount"]),
    ],
)
def test_condition_keys_are_those_of_the_question(
    aws: LocalAws, context: dict[str, list[str]], decision: str, missing: list[str]
) -> None:
    (result,) = asked(aws, aws.role(GET), "s3:GetObject", context=context)["EvaluationResults"]
    (specific,) = result["ResourceSpecificResults"]
    assert (result["EvalDecision"], specific["EvalResourceDecision"]) == (decision, decision)
    assert (specific["EvalResourceName"], specific["MissingContextValues"]) == (OBJECT, missing)


def test_a_deny_is_explicit(aws: LocalAws) -> None:
    role = aws.role(allow("s3:*", "*"), {**allow("s3:Get*", "*"), "Effect": "Deny"})
    answer = asked(aws, role, "s3:GetObject", "s3:PutObject", "iam:GetRole")
    assert [decision for _, _, decision in decisions(answer)] == ["explicitDeny", "allowed", "implicitDeny"]


def test_each_action_is_asked_of_each_resource_on_as_many_pages_as_are_wanted(aws: LocalAws) -> None:
    resources = tuple(f"arn:aws:s3:::b/{number}" for number in range(3))
    role = aws.role(allow("s3:*", resources[0]))
    first = asked(aws, role, "s3:GetObject", "s3:PutObject", resources=resources, MaxItems=4)
    rest = asked(aws, role, "s3:GetObject", "s3:PutObject", resources=resources, MaxItems=4, Marker=first["Marker"])
    assert (first["IsTruncated"], rest["IsTruncated"]) == (True, False)
    found = decisions(first) + decisions(rest)
    assert len(set(found)) == 6
    assert [each for each in found if each[2] == "allowed"] == [
        ("s3:GetObject", resources[0], "allowed"),
        ("s3:PutObject", resources[0], "allowed"),
    ]


def test_a_boundary_bounds_and_says_so(aws: LocalAws) -> None:
    iam, role = aws.client("iam"), aws.role(allow("s3:*", "*"))
    name = role.rpartition("/")[2]
    bounds = iam.create_policy(PolicyName=name, PolicyDocument=policy(allow("s3:GetObject", "*")))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=bounds)
    get, put = asked(aws, role, "s3:GetObject", "s3:PutObject")["EvaluationResults"]
    assert (get["EvalDecision"], put["EvalDecision"]) == ("allowed", "implicitDeny")
    said = [each["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] for each in (get, put)]
    assert said == [True, False]
    other = asked(aws, role, "s3:PutObject", PermissionsBoundaryPolicyInputList=[policy(allow("s3:*", "*"))])
    assert other["EvaluationResults"][0]["EvalDecision"] == "allowed"
    without = asked(aws, aws.role(allow("s3:*", "*")), "s3:GetObject")["EvaluationResults"][0]
    assert "PermissionsBoundaryDecisionDetail" not in without


def test_policies_of_the_question_come_on_top(aws: LocalAws) -> None:
    more = [policy(allow("s3:GetObject", "*"))]
    assert asked(aws, aws.role(), "s3:GetObject")["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
    answer = asked(aws, aws.role(), "s3:GetObject", PolicyInputList=more)
    assert answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


def test_of_nobody_nothing_is_said(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as error:
        asked(aws, f"arn:aws:iam::{ACCOUNT}:role/absent", "s3:GetObject")
    assert error.value.response["Error"]["Code"] == "NoSuchEntity"
