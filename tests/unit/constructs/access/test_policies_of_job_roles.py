"""A job that runs keeps its rights: its role's policies are never rewritten, and stay where it is not stopped."""

from typing import Any

import pytest
from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData

from ..conftest import NOVA
from ..template import JOB, Synthesized, warnings

POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
NOVA_PRO = "amazon.nova-pro-v1:0"
ARN = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"


def deployed(jobs: int = 1, *, role: str = "own", last: dict[str, Any] | None = None, **changes: Any) -> Synthesized:
    """A stack of jobs, of which the first, and perhaps the last, is as it is told to be."""
    stack = Stack(App(), "Stack")
    bedrock = iam.ServicePrincipal("bedrock.amazonaws.com")
    roles = {
        "own": lambda: None,
        "given": lambda: iam.Role(stack, "Given", assumed_by=bedrock),
        "imported": lambda: iam.Role.from_role_arn(stack, "Given", "arn:aws:iam::123456789012:role/given"),
    }
    chosen = roles[role]()
    for number in range(jobs):
        parameters = {
            "model": BatchModel.foundation_model(NOVA),
            "input_data": InputData.from_uri(f"s3://records/{'of-a-place-with-a-long-name/' * 3}{number}/"),
            "role": chosen,
            **(changes if number == 0 else {}),
            **(last or {} if number == jobs - 1 else {}),
        }
        ModelInvocationJob(stack, f"Job{number}", **parameters)
    return Synthesized.of(stack)


def policies(template: Synthesized) -> dict[str, Any]:
    """Of the roles that jobs have, by logical id."""
    found = {name: r for kind in POLICIES for name, r in template.all(kind).items()}
    return {name: r for name, r in found.items() if "BedrockBatchProvider" not in str(r["Properties"]["Roles"])}


CHANGES: dict[str, dict[str, Any]] = {
    "another model": {"model": BatchModel.foundation_model(NOVA_PRO)},
    "other records": {"input_data": InputData.from_uri("s3://others/0/")},
    "another place for results": {"output_data": OutputData.to_uri("s3://results/")},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("role", "jobs"), [("own", 1), ("given", 1), ("given", 3), ("imported", 2)])
def test_a_change_makes_another_policy_and_leaves_the_one_of_before(role: str, jobs: int, change: str) -> None:
    before, after = policies(deployed(jobs, role=role)), policies(deployed(jobs, role=role, **CHANGES[change]))
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    assert (len(gone), len(new)) == (1, 1)
    # What has the same id says the same; so whatever is gone from the template goes when the new job is there.
    assert all(before[name] == after[name] for name in before.keys() & after.keys())
    assert before[min(gone)]["Properties"]["Roles"] == after[min(new)]["Properties"]["Roles"]


def test_subnets_count_as_well() -> None:
    def in_subnet(subnet: str) -> dict[str, Any]:
        stack = Stack(App(), "Stack")
        ModelInvocationJob(
            stack,
            "Job0",
            model=BatchModel.foundation_model(NOVA),
            input_data=InputData.from_uri("s3://records/"),
            vpc_subnets=ec2.SubnetSelection(subnets=[ec2.Subnet.from_subnet_id(stack, "Subnet", subnet)]),
            security_groups=[ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-12345678")],
        )
        return policies(Synthesized.of(stack))

    assert in_subnet("subnet-1234abcd").keys().isdisjoint(in_subnet("subnet-5678abcd").keys())


def test_the_role_itself_stays_what_it_was_before_it_stood_apart() -> None:
    # Another id would be another role, and that another job.
    assert "Job0JobRole34D23C5A" in deployed().all("AWS::IAM::Role")


def test_the_same_stack_has_the_same_policies_whatever_else_is_in_it() -> None:
    assert policies(deployed(1)).items() <= policies(deployed(3)).items()


def test_a_policy_that_is_too_long_to_stand_beside_its_successor_comes_in_parts() -> None:
    arns = [f"arn:aws:bedrock:us-east-1::foundation-model/vendor.a-model-with-a-long-name-{n}-v1:0" for n in range(100)]
    long, other = (
        policies(deployed(model=BatchModel.application_inference_profile(ARN, model_arns=arns[:count])))
        for count in (99, 100)
    )
    assert {r["Type"] for r in long.values()} == {"AWS::IAM::ManagedPolicy"}
    assert 1 < len(long) <= 4
    assert long.keys() != other.keys()
    assert all(long[name] == other[name] for name in long.keys() & other.keys())


def test_of_a_role_with_many_jobs_policies_are_rewritten_when_two_sets_would_be_too_many() -> None:
    few, many = (deployed(count, role="given") for count in (8, 90))
    assert all(len(name.rpartition("Jobs")[2]) == 17 for name in policies(few) if "BedrockBatchJobs" in name)
    parts = [name for name in policies(many) if "BedrockBatchJobs" in name]
    assert len(parts) > 4
    assert all(len(name.rpartition("Jobs")[2]) == 9 for name in parts)


@pytest.mark.parametrize("role", ["given", "imported"])
def test_so_it_is_of_the_jobs_that_share_their_policies(role: str) -> None:
    before = policies(deployed(8, role=role, last=CHANGES["another model"]))
    after = policies(deployed(8, role=role))
    assert len(before.keys() - after.keys()) == len(after.keys() - before.keys()) == 1
    assert all(before[name] == after[name] for name in before.keys() & after.keys())


def test_a_role_that_jobs_share_has_room_for_what_follows(stack: Stack) -> None:
    role = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    vpc, key = ec2.Vpc(stack, "Vpc", max_azs=3), kms.Key(stack, "Key")
    for number in range(5):
        ModelInvocationJob(
            stack,
            f"Job{number}",
            model=BatchModel.foundation_model(NOVA),
            input_data=InputData.from_uri(f"s3://records/{number}/"),
            role=role,
            vpc=vpc,
            encryption_key=key,
        )
    kinds = [r["Type"] for r in policies(Synthesized.of(stack)).values()]
    # None of them inline, where a role has 10,240 characters for all of them, old and new.
    assert set(kinds) == {"AWS::IAM::ManagedPolicy"}
    assert len(kinds) <= 5


def retained(template: Synthesized, kind: str) -> set[str]:
    return {name for name, r in template.all(kind).items() if r.get("DeletionPolicy") == "Retain"}


def test_a_job_that_is_not_stopped_keeps_its_role_and_its_rights() -> None:
    template = deployed(stop_on_delete=False)
    assert retained(template, "AWS::IAM::Role") == {"Job0JobRole34D23C5A"}
    assert retained(template, "AWS::IAM::Policy") == policies(template).keys()
    assert not retained(deployed(), "AWS::IAM::Role") | retained(deployed(), "AWS::IAM::Policy")


def test_nor_does_its_network_go(stack: Stack) -> None:
    ModelInvocationJob(
        stack,
        "Job",
        model=BatchModel.foundation_model(NOVA),
        input_data=InputData.from_uri("s3://records/"),
        vpc=ec2.Vpc(stack, "Vpc", max_azs=1),
        stop_on_delete=False,
    )
    template = Synthesized.of(stack)
    assert retained(template, "AWS::EC2::SecurityGroup") == template.all("AWS::EC2::SecurityGroup").keys()


@pytest.mark.parametrize("jobs", [1, 6])
def test_a_role_of_somebodys_own_is_kept_as_its_owner_says(jobs: int) -> None:
    for keep in (None, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE):
        stack = Stack(App(), "Stack")
        role = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
        if keep:
            role.apply_removal_policy(keep)
        for number in range(jobs):
            ModelInvocationJob(
                stack,
                f"Job{number}",
                model=BatchModel.foundation_model(NOVA),
                input_data=InputData.from_uri(f"s3://records/{number}/"),
                role=role,
                stop_on_delete=False,
            )
        template = Synthesized.of(stack)
        kept = retained(template, POLICIES[0]) | retained(template, POLICIES[1])
        assert kept == (policies(template).keys() if keep else set())
        told = [text for text in warnings(stack) if "apply_removal_policy" in text]
        assert len(told) == (0 if keep else jobs)


def test_what_is_not_stopped_is_not_left_without_its_buckets() -> None:
    with pytest.raises(
        ValueError, match=r"'removal_policy' must be RETAIN where 'stop_on_delete' is False, got DESTROY"
    ):
        deployed(stop_on_delete=False, removal_policy=RemovalPolicy.DESTROY)
    stack = Stack(App(), "Stack")
    ModelInvocationJob(
        stack,
        "Job",
        model=BatchModel.foundation_model(NOVA),
        input_data=InputData.from_uri("s3://records/"),
        output_data=OutputData.to_bucket(s3.Bucket(stack, "Results")),
        stop_on_delete=False,
        removal_policy=RemovalPolicy.DESTROY,
    )
    assert Synthesized.of(stack).all(JOB)
