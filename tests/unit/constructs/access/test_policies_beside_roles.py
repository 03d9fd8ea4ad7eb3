"""Policies that a user attaches beside the role of a job: the job waits for them, and they go after it."""

from collections.abc import Callable

import pytest
from aws_cdk import NestedStack, Stack
from aws_cdk import aws_iam as iam

from cdk_bedrock_batch import WaitUntil

from ..conftest import MakeJob
from ..template import JOB, Synthesized

Attach = Callable[[Stack, iam.Role], object]


def statements(resource: str = "*") -> list[iam.PolicyStatement]:
    return [iam.PolicyStatement(actions=["bedrock:GetModelInvocationJob"], resources=[resource])]


def given(stack: Stack) -> iam.Role:
    return iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))


ATTACHED: dict[str, Attach] = {
    "policy": lambda stack, role: iam.Policy(stack, "Mine", roles=[role], statements=statements()),
    "managed policy": lambda stack, role: iam.ManagedPolicy(stack, "Mine", roles=[role], statements=statements()),
    "attached": lambda stack, role: role.attach_inline_policy(iam.Policy(stack, "Mine", statements=statements())),
    "by name": lambda stack, role: iam.CfnPolicy(
        stack,
        "Mine",
        policy_name="mine",
        policy_document=iam.PolicyDocument(statements=statements()),
        roles=[role.role_name],
    ),
}


@pytest.mark.parametrize("attach", ATTACHED.values(), ids=ATTACHED)
@pytest.mark.parametrize("unchanged", [True, False], ids=["not to be changed", "as it is"])
def test_a_job_waits_for_them(stack: Stack, make_job: MakeJob, attach: Attach, *, unchanged: bool) -> None:
    """Also of a role that CDK must not change, whose rights are others' work."""
    role = given(stack)
    make_job(role=role.without_policy_updates() if unchanged else role)
    attach(stack, role)
    template = Synthesized.of(stack)
    assert any(name.startswith("Mine") for name in template.needed(template.job_id))


def test_what_needs_a_job_comes_after_all_of_them(stack: Stack, make_job: MakeJob) -> None:
    role = given(stack)
    for name in ("One", "Other"):
        job = make_job(name, role=role)
        iam.Policy(stack, f"Sees{name}", roles=[role], statements=statements(job.job_arn))
    template = Synthesized.of(stack)
    for name in template.all(JOB):
        assert not [each for each in template.needed(name) if each.startswith("Sees")]


def test_jobs_of_a_role_do_not_wait_for_each_other(stack: Stack, make_job: MakeJob) -> None:
    role = given(stack)
    for number in range(5):
        make_job(f"Job{number}", role=role, wait_until=WaitUntil.FINISHED)
    template = Synthesized.of(stack)
    for name in template.all(JOB):
        others = {policy for policy in template.needed(name) if "JobRolePolicy" in policy}
        assert all(policy.startswith(name[:4]) for policy in others)


def test_policies_of_other_roles_and_stacks_are_nothing_to_it(stack: Stack, make_job: MakeJob) -> None:
    make_job(role=given(stack))
    other = iam.Role(stack, "Another", assumed_by=iam.AccountRootPrincipal())
    iam.Policy(stack, "Else", roles=[other], statements=statements())
    nested = NestedStack(stack, "Nested")
    iam.Policy(nested, "Mine", roles=[given(nested)], statements=statements())
    template = Synthesized.of(stack)
    assert not [name for name in template.needed(template.job_id) if name.startswith(("Else", "Nested"))]
