"""Jobs of a stack that wait for one another, in whatever way: in order when deployed, in reverse when destroyed."""

from collections.abc import Callable
from itertools import pairwise

import jsii
import pytest
from aws_cdk import Aspects, CfnResource, IAspect, NestedStack, Stack, triggers
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData

from .conftest import NOVA, MakeJob, RecordFile
from .template import JOB, Synthesized, warnings

Between = Callable[[Stack, Construct, Construct], None]


def directly(_: Stack, first: Construct, second: Construct) -> None:
    second.node.add_dependency(first)


def by_a_queue(stack: Stack, first: Construct, second: Construct) -> None:
    queue = sqs.Queue(stack, "Queue")
    queue.node.add_dependency(first)
    second.node.add_dependency(queue)


def by_a_trigger(stack: Stack, first: Construct, second: Construct) -> None:
    function = lambda_.Function(
        stack,
        "Between",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
    )
    triggers.Trigger(stack, "Trigger", handler=function, execute_after=[first], execute_before=[second])


def by_an_aspect(stack: Stack, first: Construct, second: Construct) -> None:
    @jsii.implements(IAspect)
    class InTurn:
        def visit(self, node: IConstruct) -> None:
            if isinstance(node, ModelInvocationJob) and node is second:
                node.node.add_dependency(first)

    Aspects.of(stack).add(InTurn())


def by_a_resource(_: Stack, first: Construct, second: Construct) -> None:
    earlier, later = (each.node.find_child("Resource") for each in (first, second))
    assert isinstance(earlier, CfnResource)
    assert isinstance(later, CfnResource)
    later.add_dependency(earlier)


WAYS = [directly, by_a_queue, by_a_trigger, by_an_aspect, by_a_resource]


def assert_in_turn(stack: Stack) -> None:
    template = Synthesized.of(stack)
    jobs = list(template.all(JOB))
    for earlier, later in pairwise(jobs):
        assert earlier in template.needed(later)
        assert later not in template.needed(earlier)


@pytest.mark.parametrize("between", WAYS)
@pytest.mark.parametrize("key", [False, True], ids=["", "with a key"])
def test_a_job_waits_for_another(
    stack: Stack, make_job: MakeJob, record_file: RecordFile, between: Between, *, key: bool
) -> None:
    data = {"input_data": InputData.from_file(record_file()), "encryption_key": kms.Key(stack, "Key") if key else None}
    between(stack, make_job("First", **data), make_job("Second", **data))
    assert_in_turn(stack)


class Step(Construct):
    """A part of somebody's app, with all that its jobs need, or with as much as it is told to have of its own."""

    def __init__(self, scope: Construct, id: str, records: InputData, *, role: iam.IRole | None = None) -> None:
        super().__init__(scope, id)
        key = kms.Key(self, "Key")
        bucket = s3.Bucket(self, "Bucket", encryption_key=key)
        profile = bedrock.CfnApplicationInferenceProfile(self, "Profile", inference_profile_name=id)
        ModelInvocationJob(
            self,
            "Job",
            model=BatchModel.application_inference_profile(profile.attr_inference_profile_arn),
            input_data=records,
            encryption_key=key,
            output_data=OutputData.to_bucket(bucket),
            role=role or iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com")),
        )


@pytest.mark.parametrize("between", WAYS[:3])
@pytest.mark.parametrize("shared", [False, True], ids=["roles of their own", "a shared role"])
def test_so_does_whatever_has_jobs(stack: Stack, record_file: RecordFile, between: Between, *, shared: bool) -> None:
    bedrock_itself = iam.ServicePrincipal("bedrock.amazonaws.com")
    role = iam.Role(stack, "Role", assumed_by=bedrock_itself) if shared else None
    records = InputData.from_file(record_file())
    first, second = (Step(stack, name, records, role=role) for name in ("First", "Second"))
    between(stack, first, second)
    assert_in_turn(stack)


def test_many_jobs_wait_in_a_row(stack: Stack, make_job: MakeJob, record_file: RecordFile) -> None:
    records = InputData.from_file(record_file())
    jobs = [make_job(f"Job{number}", input_data=records) for number in range(30)]
    for earlier, later in pairwise(jobs):
        later.node.add_dependency(earlier)
    assert_in_turn(stack)


def test_a_few_steps_wait_in_a_row(stack: Stack, record_file: RecordFile) -> None:
    records = InputData.from_file(record_file())
    steps = [Step(stack, f"Step{number}", records) for number in range(4)]
    for earlier, later in pairwise(steps):
        later.node.add_dependency(earlier)
    assert_in_turn(stack)


@pytest.mark.parametrize(("steps", "warned"), [(4, False), (20, True)])
def test_more_than_a_function_can_have_policies_for_is_warned_of(
    stack: Stack, record_file: RecordFile, steps: int, *, warned: bool
) -> None:
    records = InputData.from_file(record_file())
    for number in range(steps):
        Step(stack, f"Step{number}", records)
    told = [text for text in warnings(stack) if "as a circle: let jobs share roles and keys" in text]
    assert bool(told) is warned


def test_many_jobs_with_roles_of_their_owners_wait_in_a_row(stack: Stack, make_job: MakeJob) -> None:
    bedrock_itself = iam.ServicePrincipal("bedrock.amazonaws.com")
    jobs = []
    for number in range(12):
        step = Construct(stack, f"Step{number}")
        jobs.append(make_job("Job", scope=step, role=iam.Role(step, "Role", assumed_by=bedrock_itself)))
    for earlier, later in pairwise(jobs):
        later.node.scope.node.add_dependency(earlier.node.scope)  # type: ignore[union-attr]  # each has one
    assert_in_turn(stack)


def test_a_nested_stack_waits_for_a_job(stack: Stack, make_job: MakeJob) -> None:
    nested = NestedStack(stack, "Nested")
    nested.node.add_dependency(make_job("First"))
    make_job("Second", scope=nested, model=BatchModel.foundation_model(NOVA))
    Synthesized.of(stack)
