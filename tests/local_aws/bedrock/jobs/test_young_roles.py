"""``young_role``: what makes a role young, and that a job with it is accepted and fails its validation."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.local_aws.conftest import LocalAws, allow, policy, records, serve, trust

SECONDS = 2.0
HARMLESS = policy(allow("sqs:ListQueues", "*"))


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with serve(behaviours=f"Behaviours(role_propagation=0, young_role={SECONDS})") as started:
        yield started


class Role:
    """A role with all that a job needs, a managed policy and one as its boundary."""

    def __init__(self, aws: LocalAws) -> None:
        self.iam = aws.client("iam")
        self.stacks = aws.client("cloudformation")
        self.bucket = aws.bucket({"in.jsonl": records()})
        self.arn = aws.service_role(self.bucket)
        self.name = self.arn.rpartition("/")[2]
        self.attached, self.boundary = self.policy(HARMLESS), self.policy(policy(allow("*", "*")))
        self.iam.attach_role_policy(RoleName=self.name, PolicyArn=self.attached)
        self.iam.put_role_permissions_boundary(RoleName=self.name, PermissionsBoundary=self.boundary)
        self.iam.put_role_policy(RoleName=self.name, PolicyName="other", PolicyDocument=HARMLESS)

    def policy(self, document: str) -> str:
        made = self.iam.create_policy(PolicyName=f"policy-{uuid.uuid4().hex}", PolicyDocument=document)
        return str(made["Policy"]["Arn"])

    def version(self, arn: str) -> None:
        document = policy(allow("*", "*", StringLike={"aws:PrincipalArn": "*"}))
        self.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)

    def stack(self, kind: str, **properties: Any) -> None:
        """Put a policy on the role by a stack of its own."""
        name = f"stack-{uuid.uuid4().hex}"
        properties |= {"PolicyDocument": json.loads(HARMLESS), "Roles": [self.name]}
        body = json.dumps({"Resources": {"Policy": {"Type": kind, "Properties": properties}}})
        self.stacks.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
        self.stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05})


CHANGES: dict[str, Callable[[Role], object]] = {
    "its trust": lambda role: role.iam.update_assume_role_policy(
        RoleName=role.name, PolicyDocument=policy(trust(), trust())
    ),
    "an inline policy": lambda role: role.iam.put_role_policy(
        RoleName=role.name, PolicyName="new", PolicyDocument=HARMLESS
    ),
    "an inline policy gone": lambda role: role.iam.delete_role_policy(RoleName=role.name, PolicyName="other"),
    "an attached policy": lambda role: role.iam.attach_role_policy(RoleName=role.name, PolicyArn=role.policy(HARMLESS)),
    "an attached policy gone": lambda role: role.iam.detach_role_policy(RoleName=role.name, PolicyArn=role.attached),
    "the text of an attached policy": lambda role: role.version(role.attached),
    "no boundary": lambda role: role.iam.delete_role_permissions_boundary(RoleName=role.name),
    "the text of its boundary": lambda role: role.version(role.boundary),
    "a stack's policy": lambda role: role.stack("AWS::IAM::Policy", PolicyName="of-stack"),
    "a stack's managed policy": lambda role: role.stack("AWS::IAM::ManagedPolicy"),
}


@pytest.fixture(scope="module")
def settled(aws: LocalAws) -> dict[str, Role]:
    """A role for each change, none of them young."""
    roles = {change: Role(aws) for change in CHANGES}
    time.sleep(SECONDS)
    return roles


def end(aws: LocalAws, role: Role) -> dict[str, Any]:
    return aws.end(aws.start(role.bucket, roleArn=role.arn))


def test_a_job_with_a_new_role_is_accepted_and_fails_until_the_role_is_known(aws: LocalAws) -> None:
    role = Role(aws)
    job = end(aws, role)
    assert job["status"] == "Failed"
    assert job["message"].startswith("Could not assume provided IAM role. ")
    assert role.arn in job["message"]
    time.sleep(SECONDS)
    assert end(aws, role)["status"] == "Completed"


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_a_role_young(aws: LocalAws, settled: dict[str, Role], change: str) -> None:
    role = settled[change]
    assert end(aws, role)["status"] == "Completed"
    CHANGES[change](role)
    assert end(aws, role)["message"].startswith("Could not assume provided IAM role. ")


def test_what_changes_nothing_does_not(aws: LocalAws) -> None:
    role = Role(aws)
    time.sleep(SECONDS)
    role.iam.tag_role(RoleName=role.name, Tags=[{"Key": "a", "Value": "b"}])
    role.iam.put_role_policy(RoleName=role.name, PolicyName="other", PolicyDocument=HARMLESS)
    role.iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=policy(trust()))
    assert end(aws, role)["status"] == "Completed"


def test_a_role_that_does_not_exist_is_not_young(aws: LocalAws) -> None:
    job = aws.end(aws.start(aws.bucket({"in.jsonl": records()}), roleArn="arn:aws:iam::000000000000:role/absent"))
    assert "absent does not exist" in job["message"]
