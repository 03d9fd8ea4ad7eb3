"""What synth costs, beside the same stack by hand with CDK's ``AwsCustomResource``, and with plain ``CfnResource``.

Each app runs in fresh processes, in turn, from Python's start to the written template: a role, two buckets, the records
as an asset, a job that is created and stopped, and logs that go with the stack. The plain resources are the floor: they
have no function behind them. Then what each further job of a stack adds.
"""

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from comparison.cost import Cost, cost_of
from comparison.row import Row, Turns
from comparison.trial import BEFORE, NOW, Trial

ROUNDS, ROUNDS_OF_MANY = 15, 5
FURTHER = 50
OWN, BY_HAND_NAME, PLAIN = "job with its own role", "AwsCustomResource", "plain CfnResource"

JOBS = """
import sys
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

folder, jobs, shared = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shared role"
app = App(outdir=f"{folder}/cdk.out")
stack = Stack(app, "Benchmark")
role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com")) if shared else None
for number in range(jobs):
    ModelInvocationJob(stack, f"Job{number}",
        model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
        input_data=InputData.from_file(f"{folder}/prompts-{number}.jsonl"),
        role=role)
app.synth()
"""

BY_HAND = """
import sys
from aws_cdk import App, Aws, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import custom_resources as cr

folder, jobs = sys.argv[1], int(sys.argv[2])
app = App(outdir=f"{folder}/cdk.out")
stack = Stack(app, "Benchmark")
source, target = (
    s3.Bucket(stack, name, enforce_ssl=True, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
    for name in ("Input", "Output")
)
model = f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}::foundation-model/amazon.nova-lite-v1:0"
log_group = logs.LogGroup(stack, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY)
for number in range(jobs):
    records = s3_assets.Asset(stack, f"Records{number}", path=f"{folder}/prompts-{number}.jsonl")
    role = iam.Role(stack, f"Role{number}", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    records.grant_read(role)
    source.grant_read(role)
    target.grant_write(role)
    role.add_to_policy(iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[model]))
    job = cr.AwsCustomResource(
        stack, f"Job{number}",
        timeout=Duration.minutes(5),
        install_latest_aws_sdk=False,
        log_group=log_group,
        on_create=cr.AwsSdkCall(
            service="bedrock", action="CreateModelInvocationJob",
            parameters={
                "jobName": f"benchmark-{number}", "roleArn": role.role_arn, "modelId": "amazon.nova-lite-v1:0",
                "inputDataConfig": {"s3InputDataConfig": {"s3Uri": records.s3_object_url}},
                "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": target.s3_url_for_object(f"out/{number}/")}},
            },
            physical_resource_id=cr.PhysicalResourceId.from_response("jobArn"),
        ),
        on_delete=cr.AwsSdkCall(
            service="bedrock", action="StopModelInvocationJob",
            parameters={"jobIdentifier": cr.PhysicalResourceIdReference()},
            ignore_error_codes_matching="ConflictException",
        ),
        policy=cr.AwsCustomResourcePolicy.from_statements([
            iam.PolicyStatement(
                actions=["bedrock:CreateModelInvocationJob", "bedrock:StopModelInvocationJob"], resources=["*"]
            ),
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[role.role_arn]),
        ]),
    )
    CfnOutput(stack, f"JobArn{number}", value=job.get_response_field("jobArn"))
app.synth()
"""


CFN = """
import sys
from aws_cdk import App, Aws, CfnOutput, CfnResource, Stack
from aws_cdk import aws_s3_assets as s3_assets

folder, jobs = sys.argv[1], int(sys.argv[2])
app = App(outdir=f"{folder}/cdk.out")
stack = Stack(app, "Benchmark")
target = CfnResource(stack, "Output", type="AWS::S3::Bucket")
bedrock = {"Service": "bedrock.amazonaws.com"}
trust = {"Statement": [{"Effect": "Allow", "Principal": bedrock, "Action": "sts:AssumeRole"}]}
for number in range(jobs):
    records = s3_assets.Asset(stack, f"Records{number}", path=f"{folder}/prompts-{number}.jsonl")
    role = CfnResource(stack, f"Role{number}", type="AWS::IAM::Role", properties={"AssumeRolePolicyDocument": trust})
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "bedrock:InvokeModel"], "Resource": "*"}
    policy = CfnResource(stack, f"Policy{number}", type="AWS::IAM::Policy", properties={
        "PolicyName": f"policy-{number}", "Roles": [role.ref], "PolicyDocument": {"Statement": [statement]}})
    job = CfnResource(stack, f"Job{number}", type="Custom::Job", properties={
        "ServiceToken": f"arn:{Aws.PARTITION}:lambda:{Aws.REGION}:{Aws.ACCOUNT_ID}:function:elsewhere",
        "Job": {"roleArn": role.get_att("Arn").to_string(), "modelId": "amazon.nova-lite-v1:0",
                "inputDataConfig": {"s3InputDataConfig": {"s3Uri": records.s3_object_url}},
                "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{target.ref}/out/{number}/"}}}})
    job.add_dependency(policy)
    CfnOutput(stack, f"JobArn{number}", value=job.get_att("JobArn").to_string())
app.synth()
"""
#: Of each way the app, the build that it runs with, and words for it.
WAYS = {
    OWN: (JOBS, NOW, "own role"),
    f"{OWN}, {BEFORE}": (JOBS, BEFORE, "own role"),
    BY_HAND_NAME: (BY_HAND, NOW, ""),
    PLAIN: (CFN, NOW, ""),
}


def rows(trial: Trial) -> Iterator[Row]:
    """Synthesize one job in turn, then many."""
    write_records(trial.folder)
    one = {name: partial(synth, trial, *way, 1) for name, way in WAYS.items()}
    turns = Turns.take("synth", one, trial.rounds(ROUNDS))
    yield turns.row(OWN, BY_HAND_NAME, at_most=1)
    yield turns.row(OWN, PLAIN, at_most=1.1)
    yield turns.row(OWN, f"{OWN}, {BEFORE}")
    more = {f"each further {name}": partial(further, trial, *way) for name, way in WAYS.items()}
    turns = Turns.take("synth", more, trial.rounds(ROUNDS_OF_MANY))
    for other, most in ((BY_HAND_NAME, None), (PLAIN, 1.2), (f"{OWN}, {BEFORE}", None)):
        yield turns.row(f"each further {OWN}", f"each further {other}", at_most=most)


def further(trial: Trial, app: str, build: str, role: str) -> Cost:
    """Return what each further job costs, by a stack of one and one of many."""
    one, many = (synth(trial, app, build, role, jobs) for jobs in (1, 1 + FURTHER))
    return many.of_each(one, FURTHER)


def synth(trial: Trial, app: str, build: str, role: str, jobs: int) -> Cost:
    """Run an app in a fresh process, with the Node that is installed beside it."""
    return cost_of([sys.executable, "-c", app, str(trial.folder), str(jobs), role], trial.builds[build].environment())


def write_records(folder: Path) -> None:
    """Write a file for each job, as small as Bedrock takes one."""
    for number in range(1 + FURTHER):
        body = {"messages": [{"role": "user", "content": [{"text": f"Say hello to {number}"}]}]}
        lines = (json.dumps({"recordId": f"r{record}", "modelInput": body}) + "\n" for record in range(100))
        (folder / f"prompts-{number}.jsonl").write_text("".join(lines), encoding="utf-8")
