"""Limits of CloudFormation, IAM and Bedrock that a stack of jobs may reach: said at synth, with what to do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Annotations, App, CfnOutput, CfnParameter, CfnResource, NestedStack, Stack
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk_bedrock_batch import BatchModel

from ..conftest import NOVA, MakeJob
from ..template import Synthesized, warnings

JOBS, RESOURCES, POLICIES, CALLERS = (
    f"cdk-bedrock-batch:{name}" for name in ("model:jobs", "stack:resources", "role:policies", "function:policy")
)
CONTEXT = "cdk-bedrock-batch:jobsPerModel"
FOUNDATION = BatchModel.foundation_model(NOVA)
PROFILE = BatchModel.inference_profile(f"us.{NOVA}")
ARN = BatchModel.foundation_model(f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}")


def said(stack: Stack, name: str) -> list[str]:
    return [text for text in warnings(stack) if name in text]


def topics(scope: Construct, count: int) -> None:
    for number in range(count):
        CfnResource(scope, f"Topic{number}", type="AWS::SNS::Topic")


@pytest.mark.parametrize(
    "models", [[FOUNDATION], [PROFILE], [FOUNDATION, PROFILE, ARN]], ids=["one", "profile", "mixed"]
)
def test_more_jobs_of_a_model_than_bedrock_takes_are_said(
    stack: Stack, make_job: MakeJob, models: list[BatchModel]
) -> None:
    for number in range(21):
        make_job(f"Job{number}", model=models[number % len(models)])
    (text,) = said(stack, JOBS)
    assert text.startswith(f"the stack has 21 jobs of {NOVA}, and an account may have 20 of a model")
    assert "InputData.from_files" in text
    assert f'"{CONTEXT}": 21' in text


def test_as_many_as_it_takes_are_not_nor_are_more_of_several_models(stack: Stack, make_job: MakeJob) -> None:
    for number in range(40):
        name = "lite" if number % 2 else "pro"
        make_job(f"Job{number}", model=BatchModel.foundation_model(f"amazon.nova-{name}-v1:0"))
    assert said(stack, JOBS) == []


@pytest.mark.parametrize(("most", "warned"), [(5, True), ("5", True), (6, False), ("100", False)])
def test_the_number_is_the_users_to_set(make_job: MakeJob, most: object, *, warned: bool) -> None:
    stack = Stack(App(context={CONTEXT: most}), "Stack")
    for number in range(6):
        make_job(f"Job{number}", scope=stack)
    assert bool(said(stack, JOBS)) == warned


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "many", "", "\u00b2", [5]])
def test_what_is_no_number_of_jobs_is_refused(make_job: MakeJob, wrong: object) -> None:
    stack = Stack(App(context={CONTEXT: wrong}), "Stack")
    with pytest.raises(ValueError, match=f"the context '{CONTEXT}' must be a whole number of jobs from 1, got "):
        make_job(scope=stack)


def test_nearly_as_many_resources_as_cloudformation_takes_are_said(stack: Stack, make_job: MakeJob) -> None:
    topics(stack, 390)
    make_job()
    (text,) = said(stack, RESOURCES)
    number = len(Synthesized.of(stack).resources)
    assert text.startswith(f"the stack has {number} resources, and CloudFormation takes 500: put some of the jobs into")


def test_too_many_resources_are_refused_with_what_to_do(stack: Stack, make_job: MakeJob) -> None:
    topics(stack, 490)
    make_job()
    with pytest.raises(
        RuntimeError, match=r"the stack has 50\d resources, and CloudFormation takes 500: put some of the"
    ):
        Synthesized.of(stack)


@pytest.mark.parametrize("limit", [1000, 0])
def test_who_has_lifted_the_limit_of_cdk_is_told_all_the_same(make_job: MakeJob, limit: int) -> None:
    stack = Stack(App(context={"@aws-cdk/core:stackResourceLimit": limit}), "Stack")
    topics(stack, 500)
    make_job(scope=stack)
    assert len(said(stack, RESOURCES)) == 1


def test_resources_of_a_nested_stack_are_its_own(stack: Stack, make_job: MakeJob) -> None:
    nested = NestedStack(stack, "Nested")
    topics(nested, 300)
    for number in range(100):
        # A user with a policy: two resources that Python has not made itself.
        iam.User(nested, f"User{number}").add_to_policy(iam.PolicyStatement(actions=["s3:List*"], resources=["*"]))
    make_job()
    assert said(stack, RESOURCES) == []


def role_with(stack: Stack, policies: int) -> iam.Role:
    role = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    for number in range(policies):
        role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(f"Policy{number}"))
    return role


@pytest.mark.parametrize(("own", "jobs", "warned"), [(9, 1, False), (10, 1, True), (7, 3, False), (8, 3, True)])
def test_more_managed_policies_than_a_role_may_have_are_said(
    stack: Stack, make_job: MakeJob, own: int, jobs: int, *, warned: bool
) -> None:
    role = role_with(stack, own)
    for number in range(jobs):
        make_job(f"Job{number}", role=role)
    found = said(stack, POLICIES)
    assert bool(found) == warned
    if warned:
        assert f"the role {stack.resolve(role.node.default_child.logical_id)} has 11 managed policies" in found[0]  # type: ignore[union-attr]  # a role has one
        assert "IAM lets a role have 10 unless the quota is raised (at most 20): give some of its jobs" in found[0]


def test_policies_that_are_attached_by_themselves_count(stack: Stack, make_job: MakeJob) -> None:
    role = role_with(stack, 8)
    statement = iam.PolicyStatement(actions=["s3:ListAllMyBuckets"], resources=["*"])
    for number in range(2):
        iam.ManagedPolicy(stack, f"Own{number}", roles=[role], statements=[statement])
    make_job(role=role)
    assert len(said(stack, POLICIES)) == 1


@pytest.mark.parametrize(("alarms", "warned"), [(40, False), (50, True)])
def test_more_alarms_than_the_policy_of_the_function_takes_are_said(
    stack: Stack, make_job: MakeJob, alarms: int, *, warned: bool
) -> None:
    """Each is a statement of about 430 characters here, and there may be 20,480."""
    job = make_job()
    for number in range(alarms):
        job.alarm_on_failed(f"Alarm{number}")
    found = said(stack, CALLERS)
    assert bool(found) == warned
    if warned:
        assert f"when {alarms} rules and others may call it, and Lambda takes 20480" in found[0]
        assert "call alarm_on_failed for fewer jobs, put some of the jobs into another stack" in found[0]


def test_the_longer_the_names_the_fewer_they_are(make_job: MakeJob) -> None:
    stack = Stack(App(), "TheSummariesOfAllArticlesOfTheWeek")
    job = make_job(scope=stack)
    for number in range(45):
        job.alarm_on_failed(f"Alarm{number}")
    assert len(said(stack, CALLERS)) == 1


def test_so_are_rules_that_tell_a_function_of_the_users(stack: Stack, make_job: MakeJob) -> None:
    code = lambda_.Code.from_inline("def handler(event, context): ...")
    reader = lambda_.Function(stack, "Reader", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=code)
    job = make_job()
    for number in range(50):
        job.on_completed(f"Done{number}", target=targets.LambdaFunction(reader))
    (text,) = said(stack, CALLERS)
    assert text.startswith("the function Reader")


def test_too_many_parameters_are_refused_with_what_to_do(make_job: MakeJob) -> None:
    stack = Stack(App(), "Stack")
    make_job(scope=stack)
    for number in range(201):
        CfnParameter(stack, f"Parameter{number}")
    with pytest.raises(RuntimeError, match="parameters, and CloudFormation takes 200: each local file has three"):
        Synthesized.of(stack)


def test_more_outputs_than_a_template_takes_are_refused_with_what_to_do(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    for number in range(200):
        CfnOutput(stack, f"Output{number}", value="same")
    with pytest.raises(RuntimeError, match="the stack has 201 outputs, and CloudFormation takes 200: each job has one"):
        Synthesized.of(stack)


def test_all_of_it_can_be_acknowledged(stack: Stack, make_job: MakeJob) -> None:
    for name in (JOBS, RESOURCES, POLICIES, "cdk-bedrock-batch:input_data:importedBucket"):
        Annotations.of(stack).acknowledge_warning(name)
    topics(stack, 390)
    role = role_with(stack, 10)
    for number in range(21):
        make_job(f"Job{number}", role=role)
    assert warnings(stack) == []


APP = """
import sys
from aws_cdk import App, CfnResource, Stack
from constructs import Construct
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob
app = App(outdir=sys.argv[1])
stack = Stack(app, "Stack")
scope = Construct(stack, "Topics") if sys.argv[2] == "below" else stack
for number in range(420):
    CfnResource(scope, f"Topic{number}", type="AWS::SNS::Topic")
ModelInvocationJob(stack, "Job", model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
    input_data=InputData.from_uri("s3://records/in/"))
app.synth()
"""


@pytest.mark.parametrize("where", ["beside", "below"])
def test_a_stack_without_a_function_of_the_users_is_looked_through_too(tmp_path: Path, where: str) -> None:
    subprocess.run([sys.executable, "-c", APP, tmp_path, where], check=True)
    manifests: list[dict[str, Any]] = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    assert "CloudFormation takes 500" in str(manifests)


def test_jobs_that_are_deployed_with_a_stack_are_counted_together(stack: Stack, make_job: MakeJob) -> None:
    for name in "AB":
        nested = NestedStack(stack, name)
        for number in range(11):
            make_job(f"Job{number}", scope=nested)
    found = [message for each in stack.node.root.synth().stacks for message in each.messages]  # type: ignore[attr-defined]  # an app
    (text,) = (str(message.entry.data) for message in found if JOBS in str(message.entry.data))
    assert text.startswith(f"the stack has 22 jobs of {NOVA}")


@pytest.mark.parametrize("form", ["foundation_model", "application_inference_profile", "inference_profile"])
def test_jobs_are_counted_by_what_answers(stack: Stack, make_job: MakeJob, form: str) -> None:
    prefix = CfnParameter(stack, "Model").value_as_string
    arn = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
    for number in range(21):
        given: dict[str, Any] = {
            "foundation_model": {"id_or_arn": prefix},
            "application_inference_profile": {"arn": f"abcdefghij{number:02d}", "model_arns": [arn]},
            "inference_profile": {"id_or_arn": f"us.{prefix}"},
        }[form]
        make_job(f"Job{number}", model=getattr(BatchModel, form)(**given))
    assert len(said(stack, JOBS)) == 1
