"""AWS::IAM::Policy and AWS::IAM::ManagedPolicy that come and go, on a role that stays."""

import json
import uuid
from typing import Any

import pytest

from tests.local_aws.conftest import LocalAws, allow, policy
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack

KINDS = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]


def document(action: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(policy(allow(action, "*")))
    return made


def role_of_stack(name: str) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    properties = {
        "RoleName": name,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": "own", "PolicyDocument": document("s3:GetObject")}],
    }
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def policy_of_stack(kind: str, name: str, *roles: str, action: str = "s3:PutObject") -> dict[str, Any]:
    named = "PolicyName" if kind == "AWS::IAM::Policy" else "ManagedPolicyName"
    properties = {named: name, "PolicyDocument": document(action), "Roles": list(roles)}
    return {"Type": kind, "Properties": properties}


def held(aws: LocalAws, role: str) -> set[str]:
    iam = aws.client("iam")
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return {*iam.list_role_policies(RoleName=role)["PolicyNames"], *(each["PolicyName"] for each in attached)}


def with_other_policies(aws: LocalAws) -> tuple[Stack, str]:
    """Make a stack with a role that has a policy of its own, and got one from elsewhere."""
    name = f"role-{uuid.uuid4().hex}"
    stack, status = Stack.create(aws, Role=role_of_stack(name))
    assert status == "CREATE_COMPLETE"
    aws.client("iam").put_role_policy(
        RoleName=name, PolicyName="elsewhere", PolicyDocument=policy(allow("s3:ListBucket", "*"))
    )
    return stack, name


@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_and_goes_and_the_others_stay(aws: LocalAws, kind: str) -> None:
    stack, role = with_other_policies(aws)
    name = f"added-{uuid.uuid4().hex}"
    added = policy_of_stack(kind, name, role)
    assert stack.update(Role=role_of_stack(role), Added={**added, "DependsOn": "Role"}) == "UPDATE_COMPLETE"
    assert held(aws, role) == {"own", "elsewhere", name}
    assert stack.update(Role=role_of_stack(role)) == "UPDATE_COMPLETE"
    assert held(aws, role) == {"own", "elsewhere"}


@pytest.mark.parametrize(("before", "after"), [KINDS, KINDS[::-1]])
def test_one_kind_may_take_the_place_of_the_other(aws: LocalAws, before: str, after: str) -> None:
    stack, role = with_other_policies(aws)
    first, second = f"first-{uuid.uuid4().hex}", f"second-{uuid.uuid4().hex}"
    stack.update(Role=role_of_stack(role), First={**policy_of_stack(before, first, role), "DependsOn": "Role"})
    stack.update(Role=role_of_stack(role), Second={**policy_of_stack(after, second, role), "DependsOn": "Role"})
    assert held(aws, role) == {"own", "elsewhere", second}


@pytest.mark.parametrize("kind", KINDS)
def test_it_moves_from_role_to_role(aws: LocalAws, kind: str) -> None:
    stack, role = with_other_policies(aws)
    other = aws.role(allow("s3:GetObject", "*")).rpartition("/")[2]
    name = f"moved-{uuid.uuid4().hex}"
    for each in (role, other):
        moved = policy_of_stack(kind, name, each)
        assert stack.update(Role=role_of_stack(role), Moved={**moved, "DependsOn": "Role"}) == "UPDATE_COMPLETE"
    assert (held(aws, role), held(aws, other)) == ({"own", "elsewhere"}, {"p", name})


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_that_fails_takes_an_added_one_away_again(aws: LocalAws, recorder: Recorder, kind: str) -> None:
    role = aws.role(allow("s3:GetObject", "*")).rpartition("/")[2]
    kept, added = f"kept-{uuid.uuid4().hex}", f"added-{uuid.uuid4().hex}"
    stack, _ = Stack.create(aws, Kept=policy_of_stack(kind, kept, role), Last=recorder.thing("last"))
    status = stack.update(
        Added=policy_of_stack(kind, added, role),
        Last=recorder.thing("last", ("Added",), Fail="Update", Watched=role),
    )
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    (seen,) = [each["Seen"]["Policies"] for each in recorder.requests() if "Policies" in each["Seen"]]
    assert set(seen) == {"p", kept, added}
    assert held(aws, role) == {"p", kept}


@pytest.mark.parametrize("kind", KINDS)
def test_a_removed_one_counts_until_what_depended_on_it_is_deleted(
    aws: LocalAws, recorder: Recorder, kind: str
) -> None:
    role = aws.role().rpartition("/")[2]
    name = f"removed-{uuid.uuid4().hex}"
    old = recorder.thing("thing-1", ("Removed",), Watched=role)
    stack, _ = Stack.create(aws, Removed=policy_of_stack(kind, name, role), Thing=old)
    stack.update(Thing=recorder.thing("thing-2", Watched=role))
    assert [(each["RequestType"], each["Seen"]["Policies"]) for each in recorder.requests()] == [
        ("Create", [name]),
        ("Update", [name]),
        ("Delete", [name]),
    ]
    assert held(aws, role) == set()
