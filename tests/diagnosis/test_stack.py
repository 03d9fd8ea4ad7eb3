"""``bedrock-batch doctor --stack``: the jobs that a stack in the local AWS has."""

import json
import uuid

import pytest

from tests.diagnosis.world import World
from tests.local_aws.conftest import ACCOUNT, policy
from tests.local_aws.emulator.test_emulator import settle
from tests.toolkit_cli.in_process import answer_of

#: Answers as the construct's function does: with the job's ARN for a physical id.
_ANSWER = """
import json, urllib.request
def handler(event, context):
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    job = event["ResourceProperties"]["Job"]
    failed = event["RequestType"] == "Create" and "Fails" in event["ResourceProperties"]
    answer |= {"Status": "FAILED" if failed else "SUCCESS", "PhysicalResourceId": job}
    answer |= {"Reason": f"Bedrock says of {job}: no"} if failed else {}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).close()
"""


def stack(world: World, *, role: str = "", ends: str = "CREATE_COMPLETE", **jobs: str) -> str:
    """Make a stack whose resources are jobs, by logical id, and may be a role with a name; or one that fails."""
    assumed = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    function = {"Runtime": "python3.13", "Handler": "index.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": json.loads(policy(assumed))}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {**function, "Code": {"ZipFile": _ANSWER}}},
    }
    token = {"Fn::GetAtt": ["Function", "Arn"]}
    for name, arn in jobs.items():
        job = {"ServiceToken": token, "Job": arn, **({} if ends == "CREATE_COMPLETE" else {"Fails": "yes"})}
        resources[name] = {"Type": "Custom::BedrockModelInvocationJob", "Properties": job}
        if role:
            resources["Own"] = {
                **resources["Role"],
                "Properties": {**resources["Role"]["Properties"], "RoleName": role},
            }
            resources[name]["DependsOn"] = "Own"
    name = f"stack-{uuid.uuid4().hex}"
    template = json.dumps({"Resources": resources})
    world.client("cloudformation").create_stack(
        StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    assert settle(world.aws, name) == ends
    return name


@pytest.fixture
def settings(world: World, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    key, secret = world.aws.root()
    values = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_ENDPOINT_URL": world.aws.url}
    for name, value in {**values, "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_jobs_of_a_stack_are_found_by_logical_id(world: World, settings: pytest.MonkeyPatch) -> None:
    document = world.declared.policy
    lacking = [each for each in document["Statement"] if "s3:PutObject" not in str(each["Action"])]
    wrong, right = world.run(world.role(None, {**document, "Statement": lacking})).arn, world.run(world.role()).arn
    name = stack(world, Broken=wrong, Summaries=right)
    one = answer_of(settings, "doctor", "--stack", name, "Summaries", "--json")
    assert (one.code, json.loads(one.out)["job"]) == (0, right), one
    all_of_it = answer_of(settings, "doctor", "--stack", name)
    shown = all_of_it.out.decode()
    assert (all_of_it.code, wrong in shown, right in shown, "✗ s3:PutObject" in shown) == (1, True, True, True)
    unknown = answer_of(settings, "doctor", "--stack", name, "Other")
    assert (unknown.code, "no job" in unknown.err) == (2, True), unknown


def test_the_job_of_a_first_deployment_that_rolled_back_is_found(world: World, settings: pytest.MonkeyPatch) -> None:
    role = f"role-{uuid.uuid4().hex}"
    job = world.run(f"arn:aws:iam::{ACCOUNT}:role/{role}").arn
    name = stack(world, role=role, ends="ROLLBACK_COMPLETE", Summaries=job)
    said = answer_of(settings, "doctor", "--stack", name)
    shown = said.out.decode()
    assert (said.code, job in shown) == (1, True), said
    # The role was there: it is not why the job failed, and nobody is told to make it.
    assert f"role/{role} does not exist any more: it went when the stack rolled back" in shown
    assert "doctor --app cdk.out" in shown
    assert ("make it" in shown, "may have gone with the rollback" in shown) == (False, True)
    assert shown.splitlines()[-1] == "when the cause is mended, deploy again, which makes another job"
    assert json.loads(answer_of(settings, "status", "--stack", name, "Summ", "--json").out)["jobArn"] == job


def test_what_a_failed_job_needs_to_run_again_is_the_last_line(world: World, settings: pytest.MonkeyPatch) -> None:
    failed, good = world.run(f"arn:aws:iam::{ACCOUNT}:role/absent").arn, world.run(world.role()).arn
    kept = answer_of(settings, "doctor", "--stack", stack(world, Summaries=failed)).out.decode().splitlines()[-1]
    assert kept.startswith("when the cause is mended, give it another run_token, unless its properties change")
    by_id = answer_of(settings, "doctor", failed)
    assert by_id.out.decode().splitlines()[-1].startswith("if a stack has the job: when the cause is mended")
    assert "; if a deployment that failed has rolled back, it went with that" in by_id.out.decode()
    assert "run_token" not in answer_of(settings, "doctor", good).out.decode()
