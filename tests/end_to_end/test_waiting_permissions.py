"""What the function may do in order to wait is what that takes: without any one permission it shows, and says which."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import WaitUntil

from .function_policies import lacking, waiting
from .gallery import job
from .jobs import Jobs
from .permissions import Permission
from .stacks import Deployed, Stacks, Template
from .waits import Waits, eventually

SIDE_BY_SIDE = 4
#: Those that are tried: one that is gone from the template would be missed here.
ACTIONS = {
    "cloudformation:SignalResource",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:ListRolePolicies",
    "kms:Decrypt",
    "lambda:InvokeFunction",
    "s3:GetObject",
    "states:StartExecution",
}


def build(stack: Stack, run: str = "1") -> None:
    made = job(stack, "Job", wait_until=WaitUntil.FINISHED, run_token=run, encryption_key=kms.Key(stack, "Key"))
    CfnOutput(stack, "Tokens", value=made.input_tokens)


@pytest.fixture(scope="module")
def templates(stacks: Stacks) -> tuple[Template, Template]:
    """One, and one whose job is another."""
    first, second = (stacks.synthesize(lambda stack, r=run: build(stack, r), "Waiting") for run in ("1", "2"))
    return first, second


def test_all_of_them_are_tried(templates: tuple[Template, Template]) -> None:
    assert {each.action for each in waiting(templates[0])} == ACTIONS


def test_each_permission_to_wait_is_needed(stacks: Stacks, templates: tuple[Template, Template]) -> None:
    cases = list(enumerate(waiting(templates[0])))
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        shown = threads.map(lambda case: shows(stacks, templates, case[1], f"UnableToWait{case[0]}"), cases)
        assert [str(each) for (_, each), seen in zip(cases, shown, strict=True) if not seen] == []


def test_with_all_of_them_a_life_succeeds(stacks: Stacks, templates: tuple[Template, Template]) -> None:
    assert not shows(stacks, templates, None, "Able")


@pytest.mark.parametrize("action", ["dynamodb:PutItem", "states:StartExecution"])
def test_a_function_that_cannot_hold_a_request_waits_for_the_validation_itself(
    stacks: Stacks, aws: RunningAws, action: str
) -> None:
    name = f"Itself{action[:2]}"
    template = stacks.synthesize(lambda stack: job(stack, "Job", wait_until=WaitUntil.VALIDATED), name)
    (missing,) = (each for each in waiting(template) if each.action == action)
    with aws.faults.hold("Validating", job_name=f"{name}-"):
        deployed = stacks.begin(lacking(template, missing), name)
        eventually(lambda: Jobs(aws).named(f"{name}-"))
        # Longer than it looks itself where it can hold the request.
        time.sleep(3)
        assert Waits(deployed).held == Waits(deployed).running == []
        assert deployed.is_in_progress
    stacks.settle(deployed)
    eventually(lambda: "watching in the function itself" in Waits(deployed).said)


def shows(stacks: Stacks, templates: tuple[Template, Template], missing: Permission | None, name: str) -> bool:
    """Create, update and delete a stack; tell whether it shows that a permission is missing."""
    first, second = (lacking(each, missing) if missing else each for each in templates)
    denied = f"is not authorized to perform: {missing.action if missing else ''}"
    deployed = stacks.begin(first, name)
    if _says(deployed, denied):
        return True
    stacks.settle(deployed)
    stacks.begin(second, name)
    if _says(deployed, denied):
        return True
    stacks.settle(deployed)
    # As a job that went on would have left it.
    role = Jobs(stacks.aws).get(deployed.jobs["Job"])["roleArn"].rpartition("/")[2]
    stacks.iam.put_role_policy(RoleName=role, PolicyName="Left", PolicyDocument=_NOTHING)
    stacks.destroy(deployed)
    return role in [each["RoleName"] for each in _roles(stacks)]


_NOTHING = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}'


def _roles(stacks: Stacks) -> Iterator[dict[str, str]]:
    for page in stacks.iam.get_paginator("list_roles").paginate():
        yield from page["Roles"]


def _says(deployed: Deployed, text: str) -> bool:
    """Whether a stack says something before it is complete and nothing waits any more; it is given up then."""
    waits = Waits(deployed)
    eventually(lambda: text in waits.said or not (deployed.is_in_progress or waits.running), pause=1)
    if text not in waits.said:
        return False
    deployed.stacks.cloudformation.delete_stack(StackName=deployed.stack_id)
    return True
