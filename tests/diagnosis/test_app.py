"""An app that is not deployed: what its templates declare is judged, what they only name is asked of the account."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Aws, CfnCondition, Environment, Fn, NestedStack, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from bedrock_batch import Diagnosis, diagnose_app
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData
from tests.diagnosis.world import World, denies, untold, wrong
from tests.local_aws.conftest import ACCOUNT, MODEL, REGION, LocalAws, policy, serve
from tests.toolkit_cli.in_process import answer_of

HERE = Environment(account=ACCOUNT, region=REGION)
#: What no template and no call tells of a job that is not made.
ALWAYS_OPEN = {"batch support", "the organization"}

Build = Callable[[Stack], object]


def synth(folder: Path, build: Build, environment: Environment | None = HERE) -> Path:
    app = App(outdir=str(folder / "cdk.out"))
    build(Stack(app, "Stack", env=environment))
    app.synth()
    return folder / "cdk.out"


def diagnosed(world: World, folder: Path, build: Build, **options: Any) -> list[Diagnosis]:
    return diagnose_app(synth(folder, build, **options), world.client)


def job_of(stack: Stack, **changes: Any) -> ModelInvocationJob:
    """Declare a job with a bucket, a key and a role of its stack."""
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key, encryption=s3.BucketEncryption.KMS)
    given = {
        "model": BatchModel.foundation_model(MODEL),
        "input_data": InputData.from_bucket(bucket, "in/"),
        "output_data": OutputData.to_bucket(bucket, "out"),
    }
    return ModelInvocationJob(stack, "Job", **{**given, **changes})


def open_checks(diagnosis: Diagnosis) -> set[str]:
    return {finding.check for finding in untold(diagnosis)} - ALWAYS_OPEN


def test_what_the_construct_makes_itself_is_right(world: World, tmp_path: Path) -> None:
    (diagnosis,) = diagnosed(world, tmp_path, job_of)
    assert diagnosis.job.startswith("Stack/Job")
    assert (wrong(diagnosis), open_checks(diagnosis)) == ([], {"the input"})
    right = {finding.check for finding in diagnosis.findings if finding.verdict == "right"}
    assert {"the role's trust policy", "s3:PutObject", "kms:GenerateDataKey", "bedrock:InvokeModel"} <= right
    assert "the quota of jobs" in right


def test_in_a_nested_stack_too(world: World, tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        bucket = s3.Bucket(stack, "Bucket")
        job_of(NestedStack(stack, "Nested"), output_data=OutputData.to_bucket(bucket, "out"))

    (diagnosis,) = diagnosed(world, tmp_path, build)
    assert diagnosis.job.startswith("Stack/Nested")
    assert (wrong(diagnosis), open_checks(diagnosis)) == ([], {"the input"})


def test_a_stack_without_an_environment_goes_where_the_caller_is(world: World, tmp_path: Path) -> None:
    (diagnosis,) = diagnosed(world, tmp_path, job_of, environment=None)
    assert (wrong(diagnosis), open_checks(diagnosis)) == ([], {"the input"})


def trusting(stack: Stack, service: str, *actions: str) -> iam.Role:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal(service))
    role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=["*"]))
    return role.without_policy_updates()  # type: ignore[return-value]  # it is still a role


ALL = ("s3:*", "kms:*", "bedrock:*")


@pytest.mark.parametrize(
    ("service", "actions", "check"),
    [
        ("bedrock.amazonaws.com", ALL, None),
        ("lambda.amazonaws.com", ALL, "the role's trust policy"),
        ("bedrock.amazonaws.com", ("s3:*", "bedrock:*"), "kms:GenerateDataKey"),
        ("bedrock.amazonaws.com", ("s3:Get*", "s3:List*", "kms:*", "bedrock:*"), "s3:PutObject"),
        ("bedrock.amazonaws.com", ("s3:*", "kms:*"), "bedrock:InvokeModel"),
    ],
)
def test_a_role_of_the_users_own_may_lack_something(
    world: World, tmp_path: Path, service: str, actions: tuple[str, ...], check: str | None
) -> None:
    def build(stack: Stack) -> None:
        job_of(stack, role=trusting(stack, service, *actions))

    (diagnosis,) = diagnosed(world, tmp_path, build)
    checks = {finding.check for finding in wrong(diagnosis)}
    assert (check in checks) if check else not checks


@pytest.mark.parametrize(
    ("actions", "denied", "check"),
    [(ALL, False, None), (("s3:*", "kms:*"), False, "bedrock:InvokeModel"), (ALL, True, "s3:PutObject")],
)
def test_a_boundary_in_the_template_counts(
    world: World, tmp_path: Path, actions: tuple[str, ...], *, denied: bool, check: str | None
) -> None:
    def build(stack: Stack) -> None:
        statements = [iam.PolicyStatement(actions=list(actions), resources=["*"])]
        if denied:
            put = iam.PolicyStatement(actions=["s3:PutObject"], resources=["*"], effect=iam.Effect.DENY)
            statements.append(put)
        iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy(stack, "Limits", statements=statements))
        job_of(stack)

    (diagnosis,) = diagnosed(world, tmp_path, build)
    found = {finding.check: finding.says for finding in wrong(diagnosis)}
    assert open_checks(diagnosis) == {"the input"}
    assert ("the role's permissions boundary" in found[check]) if check else not found


def test_a_boundary_of_the_account_is_not_known_before(world: World, tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        account = iam.ManagedPolicy.from_managed_policy_name(stack, "Limits", "Limits")
        iam.PermissionsBoundary.of(stack).apply(account)
        job_of(stack)

    (diagnosis,) = diagnosed(world, tmp_path, build)
    assert {"s3:GetObject", "bedrock:InvokeModel"} <= open_checks(diagnosis)
    assert any("that no template declares" in finding.says for finding in untold(diagnosis))


def test_a_bucket_policy_in_the_template_counts(world: World, tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        bucket = s3.Bucket(stack, "Shut", removal_policy=RemovalPolicy.DESTROY)
        denied = iam.PolicyStatement(
            sid="Shut",
            effect=iam.Effect.DENY,
            actions=["s3:PutObject"],
            principals=[iam.AnyPrincipal()],
            resources=[bucket.arn_for_objects("*")],
        )
        bucket.add_to_resource_policy(denied)
        job_of(stack, output_data=OutputData.to_bucket(bucket, "out"))

    (diagnosis,) = diagnosed(world, tmp_path, build)
    assert [finding.check for finding in wrong(diagnosis)] == ["s3:PutObject"]
    assert 'denies it (statement "Shut")' in diagnosis.findings[0].says


def test_what_is_there_already_is_asked_of_the_account(aws: LocalAws, tmp_path: Path) -> None:
    world = World(aws, BatchModel.foundation_model(MODEL))

    def build(stack: Stack) -> None:
        bucket = s3.Bucket.from_bucket_name(stack, "There", world.things.bucket)
        key = kms.Key.from_key_arn(stack, "ThatKey", world.things.input_key)
        job_of(stack, input_data=InputData.from_bucket(bucket, "in/", encryption_key=key))

    (diagnosis,) = diagnosed(world, tmp_path, build)
    assert (wrong(diagnosis), open_checks(diagnosis)) == ([], set())
    shut = policy(denies("s3:GetObject", f"arn:aws:s3:::{world.things.bucket}/*", Principal="*"))
    world.client("s3").put_bucket_policy(Bucket=world.things.bucket, Policy=shut)
    (diagnosis,) = diagnosed(world, tmp_path, build)
    assert [finding.check for finding in wrong(diagnosis)] == ["s3:GetObject"]


def test_a_role_that_is_there_has_what_the_template_gives_it_on_top(aws: LocalAws, tmp_path: Path) -> None:
    world = World(aws, BatchModel.foundation_model(MODEL))
    role = world.role(None, {"Version": "2012-10-17", "Statement": [denies("iam:*")]})

    def build(stack: Stack, *, changed: bool) -> None:
        given = iam.Role.from_role_arn(stack, "Given", role, mutable=changed)
        job_of(stack, role=given)

    (given,) = diagnosed(world, tmp_path / "a", lambda stack: build(stack, changed=True))
    assert (wrong(given), open_checks(given)) == ([], {"the input"})
    (lacking,) = diagnosed(world, tmp_path / "b", lambda stack: build(stack, changed=False))
    assert {"s3:PutObject", "bedrock:InvokeModel"} <= {finding.check for finding in wrong(lacking)}


def test_what_only_a_deployment_knows_cannot_be_told(world: World, tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        role = trusting(stack, "bedrock.amazonaws.com", *ALL)
        resource = role.node.scope.node.find_child("Role").node.default_child  # type: ignore[union-attr]
        assert isinstance(resource, iam.CfnRole)
        resource.managed_policy_arns = ["arn:aws:iam::aws:policy/SecurityAudit"]
        job_of(stack, role=role)

    (diagnosis,) = diagnosed(world, tmp_path, build)
    assert wrong(diagnosis) == []
    assert {"s3:PutObject", "bedrock:InvokeModel"} <= open_checks(diagnosis)


def test_a_policy_under_a_condition_cannot_be_told(world: World, tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        role = trusting(stack, "bedrock.amazonaws.com", *ALL)
        condition = CfnCondition(stack, "Sometimes", expression=Fn.condition_equals(Aws.REGION, "eu-west-1"))
        (policy_of_role,) = [each for each in stack.node.find_all() if isinstance(each, iam.CfnPolicy)]
        policy_of_role.cfn_options.condition = condition
        job_of(stack, role=role)

    (diagnosis,) = diagnosed(world, tmp_path, build)
    assert wrong(diagnosis) == []
    assert {"s3:PutObject", "bedrock:InvokeModel"} <= open_checks(diagnosis)


def test_a_vpc_of_the_stack_cannot_be_told_and_the_rest_can(world: World, tmp_path: Path) -> None:
    (diagnosis,) = diagnosed(world, tmp_path, lambda stack: job_of(stack, vpc=ec2.Vpc(stack, "Vpc", max_azs=1)))
    assert (wrong(diagnosis), open_checks(diagnosis)) == ([], {"the input", "the VPC"})


def test_as_many_jobs_as_the_account_may_have_are_too_many_for_another(tmp_path: Path) -> None:
    with serve(pace="Pace(submitted=3600)", quotas="Quotas(jobs_per_model=1)") as full:
        full.start(full.bucket())
        (diagnosis,) = diagnose_app(synth(tmp_path, job_of), full.client)
        assert [finding.check for finding in wrong(diagnosis)] == ["the quota of jobs"]
        assert diagnosis.findings[0].says == f"1 of 1 jobs of {MODEL} have not ended"


@pytest.fixture
def settings(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    key, secret = aws.root()
    values = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_ENDPOINT_URL": aws.url}
    for name, value in {**values, "AWS_DEFAULT_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_command_takes_an_app(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = synth(tmp_path, job_of)
    answer = answer_of(settings, "doctor", "--app", str(folder), "Job")
    lines = answer.out.decode().splitlines()
    assert (answer.code, answer.err) == (0, "")
    assert lines[0].startswith("Stack/Job")
    assert lines[0].endswith(" is not made yet")
    assert lines[-1].startswith("0 wrong, 3 cannot be told, ")
    assert [line for line in lines if line.startswith("? the organization: ")]
    assert json.loads(answer_of(settings, "doctor", "--app", str(folder), "--json").out)[0]["ok"] is True


def test_a_beginning_that_means_several_jobs_tells_of_all(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        job_of(stack)
        job_of(NestedStack(stack, "Nested"))

    folder = str(synth(tmp_path, build))
    found = json.loads(answer_of(settings, "doctor", "--app", folder, "Job", "--json").out)
    assert len({each["job"] for each in found}) == 2


def test_what_is_no_app_is_refused(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = synth(tmp_path, job_of)
    elsewhere = synth(tmp_path / "eu", job_of, Environment(account=ACCOUNT, region="eu-west-1"))
    empty = synth(tmp_path / "empty", lambda stack: s3.Bucket(stack, "Bucket"))
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "manifest.json").write_text("[]")
    for words, said in {
        ("--app", str(tmp_path / "nowhere")): "name the folder that it writes",
        ("--app", str(broken)): "must be a JSON object",
        ("--app", str(empty)): "the app has no job",
        ("--app", str(folder), "Nobody"): "no job whose logical id starts with Nobody; name one of Stack/Job",
        ("--app", str(elsewhere)): "goes to account 000000000000 in eu-west-1",
        ("--app", str(folder), "--stack", "S"): "give one of the two",
        ("--app", ""): "must name a place",
    }.items():
        answer = answer_of(settings, "doctor", *words)
        assert (answer.code, said in answer.err, "Traceback" in answer.err) == (2, True, False), answer
