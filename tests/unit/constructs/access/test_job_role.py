"""The role that Bedrock assumes: who may, what it may, and where given roles get their permissions."""

from collections.abc import Callable

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam

from cdk_bedrock_batch import InputData, OutputData

from ..conftest import ACCOUNT, PARTITION, REGION, MakeJob, RecordFile
from ..template import JOB, Synthesized, plain

ANY_JOB = f"arn:{PARTITION}:bedrock:{REGION}:{ACCOUNT}:model-invocation-job/*"
DATA = {
    "input_data": InputData.from_uri("s3://records/in/"),
    "output_data": OutputData.to_uri("s3://results/out/"),
}


def bedrock_role(stack: Stack, id: str = "Mine") -> iam.Role:
    return iam.Role(stack, id, assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))


def test_only_bedrock_assumes_the_role_and_only_for_jobs_of_this_account_and_region(
    stack: Stack, make_job: MakeJob
) -> None:
    job = make_job()
    template = Synthesized.of(stack)
    (name,) = (name for name in template.all("AWS::IAM::Role") if name.startswith("SummariesJobRole"))
    assert stack.resolve(job.role.role_arn) == {"Fn::GetAtt": [name, "Arn"]}
    (statement,) = plain(template.resources[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"])
    assert statement == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnEquals": {"aws:SourceArn": ANY_JOB},
        },
    }


def test_the_role_reads_input_writes_output_invokes_the_model_and_no_more(
    stack: Stack, make_job: MakeJob, record_file: RecordFile
) -> None:
    make_job(input_data=InputData.from_file(record_file()))
    allowed = Synthesized.of(stack).allowed("SummariesJobRole")
    assert set(allowed) == {"s3:GetObject", "s3:PutObject", "s3:ListBucket", "bedrock:InvokeModel"}
    for action, bucket in {"s3:GetObject": "BedrockBatchInput", "s3:PutObject": "BedrockBatchOutput"}.items():
        (statement,) = allowed[action]
        own_folder = statement["Resource"].removeprefix(f"arn:{PARTITION}:s3:::${{{bucket}}}/Stack-Summaries-")
        assert own_folder.endswith("/*")
        assert len(own_folder) == len("12345678/*")


@pytest.mark.parametrize("given", ["a role", "a role that the job's construct would have made too"])
def test_a_given_role_gets_the_permissions_and_none_is_made(stack: Stack, make_job: MakeJob, given: str) -> None:
    role = bedrock_role(stack, "JobRole" if "too" in given else "Mine")
    assert make_job(role=role, **DATA).role is role
    template = Synthesized.of(stack)
    beginning = str(stack.get_logical_id(role.node.default_child))[:4]  # type: ignore[arg-type]  # it is a CfnRole
    assert set(template.allowed(beginning)) == {"s3:GetObject", "s3:PutObject", "s3:ListBucket", "bedrock:InvokeModel"}
    assert not any(name.startswith("SummariesJobRole") for name in template.all("AWS::IAM::Role"))
    assert template.call["roleArn"].endswith(".Arn}")


def share_a_role(make_job: MakeJob, role: iam.IRole, jobs: int) -> None:
    for number in range(jobs):
        make_job(f"Job{number}", role=role, **{**DATA, "output_data": OutputData.to_uri(f"s3://results/{number}/")})


def test_a_few_jobs_that_share_a_role_have_a_policy_each(stack: Stack, make_job: MakeJob) -> None:
    share_a_role(make_job, bedrock_role(stack), 3)
    template = Synthesized.of(stack)
    writes = [statement["Resource"] for statement in template.allowed("Mine")["s3:PutObject"]]
    assert [resource.rpartition("results/")[2] for resource in writes] == ["0/*", "1/*", "2/*"]
    (pass_role,) = template.allowed("BedrockBatchProviderRole")["iam:PassRole"]
    assert pass_role["Resource"] == "${Mine.Arn}"


def test_further_jobs_that_share_a_role_ask_once_for_what_they_have_in_common(stack: Stack, make_job: MakeJob) -> None:
    share_a_role(make_job, bedrock_role(stack), 7)
    allowed = Synthesized.of(stack).allowed("Mine")
    assert len(allowed["bedrock:InvokeModel"]) == len(allowed["s3:GetObject"]) == 4
    (write,) = (s for s in allowed["s3:PutObject"] if isinstance(s["Resource"], list))
    assert [resource.rpartition("results/")[2] for resource in write["Resource"]] == ["3/*", "4/*", "5/*", "6/*"]


def test_a_role_of_another_stack_gets_a_policy_in_this_one(make_job: MakeJob) -> None:
    app = App()
    roles, jobs = Stack(app, "Roles"), Stack(app, "Jobs")
    make_job(scope=jobs, role=bedrock_role(roles))
    template = Synthesized.of(jobs)
    assert set(template.allowed("SummariesJobRolePolicy")) >= {"s3:GetObject", "bedrock:InvokeModel"}
    assert any(name.startswith("SummariesJobRolePolicy") for name in template.needed(template.job_id))
    assert jobs.dependencies == [roles]
    assert not roles.dependencies
    assert not Synthesized.of(roles).all("AWS::IAM::Policy")


@pytest.mark.parametrize("jobs", [1, 4, 6])
def test_an_imported_role_gets_policies_too(stack: Stack, make_job: MakeJob, jobs: int) -> None:
    arn = "arn:aws:iam::123456789012:role/service/Mine"
    share_a_role(make_job, iam.Role.from_role_arn(stack, "Mine", arn), jobs)
    template = Synthesized.of(stack)
    policies = {name for name, p in template.all("AWS::IAM::Policy").items() if p["Properties"]["Roles"] == ["Mine"]}
    assert len(policies) == min(jobs, 4)
    (*_, last) = template.all(JOB)
    assert policies & template.needed(last)
    assert plain(template.resources[last]["Properties"])["Job"]["roleArn"] == arn


def test_a_permissions_boundary_reaches_every_role(stack: Stack, make_job: MakeJob) -> None:
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.from_managed_policy_name(stack, "Boundary", "developers"))
    make_job()
    roles = Synthesized.of(stack).properties("AWS::IAM::Role")
    assert len(roles) == 3
    assert all("policy/developers" in plain(role["PermissionsBoundary"]) for role in roles)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (lambda _: None, True),
        (bedrock_role, True),
        (lambda stack: bedrock_role(stack).without_policy_updates(), True),
        (lambda stack: iam.LazyRole(stack, "Lazy", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com")), True),
        (lambda stack: iam.Role.from_role_arn(stack, "Theirs", f"arn:aws:iam::{'1' * 12}:role/theirs"), None),
        (lambda stack: bedrock_role(Stack(App.of(stack), "Roles")), None),
    ],
    ids=["of its own", "of this stack", "of this stack, not to be changed", "lazy", "imported", "of another stack"],
)
def test_a_role_that_is_as_young_as_the_job_is_told_to_the_function(
    stack: Stack, make_job: MakeJob, role: Callable[[Stack], iam.IRole | None], *, told: bool | None
) -> None:
    make_job(role=role(stack), **DATA)
    (job,) = Synthesized.of(stack).all("Custom::BedrockModelInvocationJob").values()
    assert job["Properties"].get("RoleOfStack") is told
