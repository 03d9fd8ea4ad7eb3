"""``bedrock-batch doctor --stack``: the jobs that a stack in the local AWS has."""

import json
import uuid

import pytest

from tests.diagnosis.world import World
from tests.local_aws.conftest import policy
from tests.local_aws.emulator.test_emulator import settle
from tests.toolkit_cli.in_process import answer_of

#: Answers as the construct's function does: with the job's ARN for a physical id.
_ANSWER = """
import json, urllib.request
def handler(event, context):
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "SUCCESS", "PhysicalResourceId": event["ResourceProperties"]["Job"]}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).close()
"""


def stack(world: World, **jobs: str) -> str:
    """Make a stack whose resources are jobs, by logical id."""
    assumed = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    function = {"Runtime": "python3.13", "Handler": "index.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": json.loads(policy(assumed))}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {**function, "Code": {"ZipFile": _ANSWER}}},
    }
    token = {"Fn::GetAtt": ["Function", "Arn"]}
    for name, arn in jobs.items():
        job = {"ServiceToken": token, "Job": arn}
        resources[name] = {"Type": "Custom::BedrockModelInvocationJob", "Properties": job}
    name = f"stack-{uuid.uuid4().hex}"
    template = json.dumps({"Resources": resources})
    world.client("cloudformation").create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
    assert settle(world.aws, name) == "CREATE_COMPLETE"
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
