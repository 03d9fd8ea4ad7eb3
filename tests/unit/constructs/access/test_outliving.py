"""A job that may go on when the deployment that waits for its end fails: what stays for it, and who removes that."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData, WaitUntil

from ..conftest import NOVA
from ..template import JOB, Synthesized, plain

RESULTS = f"{JOB}Results"
POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
REMOVING = (
    "iam:DeletePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:ListRolePolicies",
)
Given = dict[str, Any]


def make(stack: Stack, id: str = "Job", **parameters: Any) -> ModelInvocationJob:
    given: Given = {
        "model": BatchModel.foundation_model(NOVA),
        "input_data": InputData.from_uri(f"s3://records/{id}/"),
        "wait_until": WaitUntil.FINISHED,
    }
    return ModelInvocationJob(stack, id, **{**given, **parameters})


def deployed(given: Callable[[Stack], Given] = lambda _: {}, **parameters: Any) -> Synthesized:
    stack = Stack(App(), "Stack")
    make(stack, **given(stack), **parameters)
    return Synthesized.of(stack)


def goes_on(template: Synthesized) -> bool:
    """Whether the function is told that the job may."""
    (results,) = template.properties(RESULTS)
    found: bool = results["LeaveRunning"]
    return found


def retained(template: Synthesized) -> set[str]:
    kinds = ("AWS::IAM::Role", *POLICIES, "AWS::EC2::SecurityGroup")
    return {name for kind in kinds for name, r in template.all(kind).items() if r.get("DeletionPolicy") == "Retain"}


def removing(template: Synthesized) -> dict[str, Any]:
    allowed = template.allowed("BedrockBatchProviderRole")
    return {action: [s["Resource"] for s in allowed[action]] for action in REMOVING if action in allowed}


def bedrocks_role(stack: Stack, policy: RemovalPolicy | None = None) -> iam.Role:
    role = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    if policy:
        role.apply_removal_policy(policy)
    return role


def imported_role(stack: Stack, *, mutable: bool = True) -> iam.IRole:
    return iam.Role.from_role_arn(stack, "Given", "arn:aws:iam::123456789012:role/given", mutable=mutable)


def test_role_and_policies_of_a_jobs_own_stay_and_the_function_is_told_to_remove_them() -> None:
    template = deployed()
    assert goes_on(template)
    role, policy = (name for name in sorted(retained(template)))
    assert template.resources[template.job_id]["Properties"]["LeftBehind"] == {
        "RoleName": {"Ref": role},
        "DeleteRole": True,
        "Policies": [policy],
        "ManagedPolicies": [],
    }
    assert template.resources[policy]["Properties"]["PolicyName"] == policy
    assert removing(template) == {
        action: ["${JobJobRole.Arn}"] for action in ("iam:DeleteRole", "iam:DeleteRolePolicy", "iam:ListRolePolicies")
    }


def test_managed_ones_are_told_by_their_arns_and_may_be_removed_by_them_alone() -> None:
    arns = [f"arn:aws:bedrock:us-east-1::foundation-model/vendor.a-model-with-a-long-name-{n}-v1:0" for n in range(99)]
    profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"
    template = deployed(model=BatchModel.application_inference_profile(profile, model_arns=arns))
    managed = [name for name in retained(template) if template.resources[name]["Type"] == "AWS::IAM::ManagedPolicy"]
    left = template.resources[template.job_id]["Properties"]["LeftBehind"]
    assert len(managed) > 1
    assert sorted(each["Ref"] for each in left["ManagedPolicies"]) == sorted(managed)
    assert left["Policies"] == []
    allowed = removing(template)
    assert sorted(allowed["iam:DeletePolicy"][0]) == sorted(map(plain, left["ManagedPolicies"]))
    assert allowed["iam:DetachRolePolicy"] == ["${JobJobRole.Arn}"]


def test_the_right_to_remove_them_is_another_policy_when_they_are_others() -> None:
    """So the one of before is there until CloudFormation has had them removed, in its clean-up."""

    def right(template: Synthesized) -> str:
        (found,) = (name for name in template.all("AWS::IAM::Policy") if "LeftBehindPolicy" in name)
        assert found in template.needed(template.job_id)
        assert "DeletionPolicy" not in template.resources[found]
        return found

    role = deployed(lambda stack: {"role": imported_role(stack)})
    assert right(deployed()) != right(role)


GIVEN: dict[str, Callable[[Stack], iam.IRole]] = {
    "imported": imported_role,
    "kept": lambda stack: bedrocks_role(stack, RemovalPolicy.RETAIN),
    "of another stack": lambda stack: bedrocks_role(Stack(App.of(stack), "Other")),  # type: ignore[arg-type]  # it has one
}


@pytest.mark.parametrize("kind", GIVEN)
def test_of_a_role_that_stays_the_policies_go_and_not_the_role(kind: str) -> None:
    template = deployed(lambda stack: {"role": GIVEN[kind](stack)})
    assert goes_on(template)
    left = template.job["LeftBehind"]
    assert left["DeleteRole"] is False
    assert len(left["Policies"]) + len(left["ManagedPolicies"]) == 1
    assert {"iam:DeleteRole", "iam:ListRolePolicies"}.isdisjoint(removing(template))
    assert removing(template).keys() <= {"iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:DeletePolicy"}


def test_a_role_that_cdk_must_not_change_leaves_nothing() -> None:
    template = deployed(lambda stack: {"role": imported_role(stack, mutable=False)})
    assert goes_on(template)
    assert "LeftBehind" not in template.job
    assert removing(template) == {}
    assert retained(template) == set()


def retained_vpc(stack: Stack) -> ec2.IVpc:
    """Of such a one CDK retains nothing but the VPC itself."""
    vpc = ec2.Vpc(stack, "Vpc", max_azs=1)
    vpc.apply_removal_policy(RemovalPolicy.RETAIN)
    return vpc


STOPPED: dict[str, Callable[[Stack], Given]] = {
    "buckets are emptied": lambda _: {"removal_policy": RemovalPolicy.DESTROY},
    "a bucket of the user's goes": lambda stack: {
        "output_data": OutputData.to_bucket(s3.Bucket(stack, "Mine", removal_policy=RemovalPolicy.DESTROY))
    },
    "the key goes": lambda stack: {"encryption_key": kms.Key(stack, "Key", removal_policy=RemovalPolicy.DESTROY)},
    "the role goes": lambda stack: {"role": bedrocks_role(stack)},
    "the role is lazy, and goes": lambda stack: {
        "role": iam.LazyRole(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    },
    "the role is not kept when the stack is new": lambda stack: {
        "role": bedrocks_role(stack, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    },
    "the network would be held": lambda stack: {"vpc": ec2.Vpc(stack, "Vpc", max_azs=1)},
    "the subnets would be held": lambda stack: {"vpc": retained_vpc(stack)},
}


@pytest.mark.parametrize("case", STOPPED)
def test_where_something_goes_that_the_job_needs_it_is_stopped_as_always(case: str) -> None:
    template = deployed(STOPPED[case])
    assert not goes_on(template)
    assert "LeftBehind" not in template.job
    assert removing(template) == {}
    assert {name for name in retained(template) if not name.startswith("Given")} == set()


def test_jobs_that_share_their_policies_are_stopped_and_those_before_them_go_on() -> None:
    stack = Stack(App(), "Stack")
    role = imported_role(stack)
    for number in range(5):
        make(stack, f"Job{number}", role=role)
    template = Synthesized.of(stack)
    assert [results["LeaveRunning"] for results in template.properties(RESULTS)] == [True, True, True, False, False]
    assert ["LeftBehind" in job for job in template.properties(JOB)] == [True, True, True, False, False]
    assert [job.get("LeaveRunning") for job in template.properties(JOB)] == [True, True, True, None, None]
    assert not any("BedrockBatchJobs" in name for name in retained(template))


def test_a_job_that_is_never_stopped_goes_on_and_what_it_has_is_not_removed() -> None:
    template = deployed(stop_on_delete=False)
    assert goes_on(template)
    assert "LeftBehind" not in template.job
    assert removing(template) == {}
    assert len(retained(template)) == 2


@pytest.mark.parametrize("wait_until", [WaitUntil.SUBMITTED, WaitUntil.VALIDATED])
def test_a_job_whose_end_is_not_waited_for_leaves_nothing(wait_until: WaitUntil) -> None:
    template = deployed(wait_until=wait_until)
    assert "LeftBehind" not in template.job
    assert removing(template) == {}
    assert retained(template) == set()


def test_many_jobs_of_a_stack_do_not_take_the_function_over_the_limits_of_its_inline_policies() -> None:
    stack = Stack(App(), "Stack")
    for number in range(30):
        make(stack, f"Job{number}")
    template = Synthesized.of(stack)
    allowed = template.allowed("BedrockBatchProviderRole")["iam:DeleteRole"]
    named = {
        resource for s in allowed for resource in ([s["Resource"]] if isinstance(s["Resource"], str) else s["Resource"])
    }
    assert len(named) == 30
    inline = [
        p["PolicyDocument"]
        for p in template.properties("AWS::IAM::Policy")
        if "BedrockBatchProviderRole" in str(p["Roles"])
    ]
    # As long as AWS makes the names of roles.
    assert sum(len(str(plain(each)).replace("JobRole.Arn", "x" * 90)) for each in inline) < 10_240
