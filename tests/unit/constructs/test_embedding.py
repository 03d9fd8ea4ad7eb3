"""At home in any stack: nested, in Stages, in several environments, under other people's Aspects."""

from typing import Any

import jsii
import pytest
from aws_cdk import App, Aspects, Environment, IAspect, NestedStack, RemovalPolicy, Stack, Stage, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData

from .conftest import NOVA, MakeJob, RecordFile
from .template import JOB, Synthesized, plain

URI = InputData.from_uri("s3://records/in/")


def test_a_nested_stack_has_a_function_and_buckets_of_its_own(
    stack: Stack, make_job: MakeJob, record_file: RecordFile
) -> None:
    nested = NestedStack(stack, "Nested")
    make_job("Outer", input_data=InputData.from_file(record_file()))
    make_job("Inner", scope=nested, input_data=InputData.from_file(record_file()))
    for found in (Synthesized.of(stack), Synthesized.of(nested)):
        assert len(found.all(JOB)) == 1
        assert len(found.all("AWS::Lambda::Function")) == 2
        assert len(found.all("AWS::S3::Bucket")) == 2


def test_a_job_in_a_nested_stack_takes_roles_and_buckets_of_its_parent(stack: Stack, make_job: MakeJob) -> None:
    nested = NestedStack(stack, "Nested")
    bucket = s3.Bucket(stack, "Data")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    data = {"input_data": InputData.from_bucket(bucket, "in/"), "output_data": OutputData.to_bucket(bucket, "out")}
    make_job(scope=nested, role=role, **data)
    outer, inner = Synthesized.of(stack), Synthesized.of(nested)
    assert inner.call["roleArn"].startswith("${referenceto")
    assert "AWS::IAM::Policy" not in {r["Type"] for name, r in outer.resources.items() if name.startswith("Role")}
    (child,) = outer.all("AWS::CloudFormation::Stack")
    assert child not in {needed for name in outer.resources if name != child for needed in outer.needed(name)}


def test_buckets_of_another_stack_are_there_first_and_wait_for_nothing(make_job: MakeJob) -> None:
    app = App()
    storage, jobs = Stack(app, "Storage"), Stack(app, "Jobs")
    bucket = s3.Bucket(storage, "Data")
    data = {"input_data": InputData.from_bucket(bucket, "in/"), "output_data": OutputData.to_bucket(bucket, "out")}
    job = make_job(scope=jobs, **data)
    job.grant_read_output(iam.Role(jobs, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    template = Synthesized.of(jobs)
    assert jobs.dependencies == [storage]
    assert not storage.dependencies
    assert set(Synthesized.of(storage).resources) == {storage.get_logical_id(bucket.node.default_child)}
    assert "Storage:ExportsOutput" in template.call["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]


def test_a_stage_makes_the_same_job_in_each_environment(record_file: RecordFile) -> None:
    path, app, found = record_file(), App(), []
    for region in ("us-east-1", "eu-west-1"):
        stage = Stage(app, f"Stage-{region}", env=Environment(account="123456789012", region=region))
        stack = Stack(stage, "Jobs")
        model = BatchModel.foundation_model(NOVA)
        ModelInvocationJob(stack, "Job", model=model, input_data=InputData.from_file(path))
        found.append(Synthesized.of(stack))
    one, two = (template.job["StagedInput"][0]["Source"] for template in found)
    assert "us-east-1" in one
    assert one.replace("us-east-1", "eu-west-1") == two
    assert one.rpartition("/")[2] == two.rpartition("/")[2]


@pytest.mark.parametrize(
    "environment", [None, Environment(region="eu-west-1"), Environment(account="123456789012", region="eu-west-1")]
)
def test_partition_region_and_account_come_from_the_stack(make_job: MakeJob, environment: Environment | None) -> None:
    stack = Stack(App(), "Stack", env=environment)
    make_job(scope=stack)
    text = str(plain(Synthesized.of(stack).template["Resources"]))
    assert "arn:aws:" not in text
    assert "arn:${AWS::Partition}:bedrock:${AWS::Region}:" in text
    assert "eu-west-1" not in str(Synthesized.of(stack).call)


class Jobs(Stack):
    """A stack as users write it."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        for number in range(2):
            # Nobody keeps a reference to the first one.
            ModelInvocationJob(self, f"Job{number}", model=BatchModel.foundation_model(NOVA), input_data=URI)


def test_jobs_of_a_subclassed_stack_share_what_nobody_holds_on_to() -> None:
    template = Synthesized.of(Jobs(App(), "Jobs"))
    assert len(template.all(JOB)) == 2
    assert len(template.all("AWS::Lambda::Function")) == 2
    assert len(template.all("AWS::S3::Bucket")) == 1


def test_a_job_can_be_built_upon(stack: Stack) -> None:
    class Nightly(ModelInvocationJob):
        """A team's own job."""

        def __init__(self, scope: Construct, id: str) -> None:
            super().__init__(scope, id, model=BatchModel.foundation_model(NOVA), input_data=URI, job_name="nightly")

    job = Nightly(stack, "Job")
    job.on_completed("Done")
    assert Synthesized.of(stack).job["JobNamePrefix"].startswith("nightly-")


@jsii.implements(IAspect)
class Visitor:
    """An Aspect that wants to see every construct's defaults."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.functions: list[str] = []

    def visit(self, node: IConstruct) -> None:
        self.seen.append(node.node.path)
        if isinstance(node, lambda_.CfnFunction):
            self.functions.append(node.handler or "")


def test_an_aspect_sees_the_job_and_all_that_belongs_to_it(stack: Stack, make_job: MakeJob) -> None:
    visitor = Visitor()
    Aspects.of(stack).add(visitor)
    make_job()
    Synthesized.of(stack)
    assert {"Stack/Summaries", "Stack/Summaries/Resource", "Stack/BedrockBatchProvider/Role"} <= set(visitor.seen)
    assert visitor.functions == ["model_invocation_job.index.handler", "model_invocation_job.last_word.handler"]


def test_the_tags_of_a_stack_reach_its_functions_and_their_logs(stack: Stack, make_job: MakeJob) -> None:
    Tags.of(stack).add("team", "platform")
    make_job()
    template = Synthesized.of(stack)
    for kind in ("AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::IAM::Role"):
        assert all(found["Tags"] == [{"Key": "team", "Value": "platform"}] for found in template.properties(kind))


def test_jobs_that_share_buckets_must_agree_on_what_becomes_of_them(make_job: MakeJob) -> None:
    make_job("One")
    with pytest.raises(
        ValueError, match=r"'removal_policy' must be the same for all jobs .*, got DESTROY after RETAIN: "
    ):
        make_job("Two", removal_policy=RemovalPolicy.DESTROY)
