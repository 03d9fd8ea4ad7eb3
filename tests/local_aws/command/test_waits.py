"""A deployment that waits for a job says so, and how far the job is."""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.program import bedrock_local

# The job's resource is one that says what it is told to: who makes jobs of stacks is tested elsewhere.
APP = """
import sys, aws_cdk as cdk
from aws_cdk import aws_iam as iam, aws_lambda as lambda_
CODE = '''
import json, urllib.request
def handler(event, context):
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "SUCCESS", "PhysicalResourceId": event["ResourceProperties"]["Arn"]}
    body = json.dumps(answer).encode()
    request = urllib.request.Request(event["ResponseURL"], body, {"Content-Type": ""}, method="PUT")
    urllib.request.urlopen(request).close()
'''
app = cdk.App()
stack = cdk.Stack(app, "Waits", synthesizer=cdk.LegacyStackSynthesizer())
role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
function = lambda_.CfnFunction(stack, "Function", role=role.role_arn, runtime="python3.13", handler="index.handler",
    code={"zipFile": CODE})
job = cdk.CustomResource(stack, "Job", service_token=function.attr_arn, properties={"Arn": sys.argv[1]})
wait = cdk.CfnWaitCondition(stack, "Wait")
wait.cfn_options.creation_policy = cdk.CfnCreationPolicy(
    resource_signal=cdk.CfnResourceSignal(count=1, timeout="PT6S"))
wait.node.add_dependency(job)
app.synth()
"""


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path / "aws", admin=True) as running:
        yield running


def a_job(aws: RunningAws) -> str:
    """Make a job that stays Scheduled: its role is looked at only later."""
    role = aws.client("iam").create_role(
        RoleName="job",
        AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": '
        '{"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}]}',
    )["Role"]["Arn"]
    time.sleep(2)
    aws.faults.hold("Submitted")
    request = {
        "jobName": "job",
        "roleArn": role,
        "modelId": "amazon.nova-lite-v1:0",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://none/in.jsonl"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://none/out/"}},
    }
    return str(aws.client("bedrock").create_model_invocation_job(**request)["jobArn"])


def test_it_says_which_job_a_stack_waits_for(aws: RunningAws, tmp_path: Path) -> None:
    arn = a_job(aws)
    (tmp_path / "app.py").write_text(APP)
    app = f"{sys.executable} app.py {arn}"
    answer = bedrock_local("deploy", "--dir", str(tmp_path / "aws"), "--app", app, folder=tmp_path)
    # Nobody has signalled.
    assert answer.returncode == 1
    said = re.findall(r"^Waits waits for .*$", answer.stdout, re.MULTILINE)
    assert said == [f"Waits waits for {arn.rpartition('/')[2]}: Submitted"], answer.stdout + answer.stderr
    # The stack waits for longer than anybody is left without a word.
    assert "\ndeploying, 4 s\n" in answer.stdout
