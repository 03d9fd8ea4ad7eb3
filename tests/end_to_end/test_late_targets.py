"""A target of a job's events that needs the job comes after it, and still hears its end."""

import json

from aws_cdk import Stack
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn

from bedrock_local.running import RunningAws

from .gallery import job
from .jobs import objects
from .stacks import Stacks
from .waits import eventually

WRITES_WHERE_IT_WAS_TOLD = """
import os
import boto3

def handler(event, context):
    bucket, _, folder = os.environ["OUTPUT_URI"].removeprefix("s3://").partition("/")
    s3 = boto3.client("s3")
    manifest = s3.get_object(Bucket=bucket, Key=f"{folder}manifest.json.out")["Body"].read()
    status = boto3.client("bedrock").get_model_invocation_job(jobIdentifier=os.environ["JOB_ARN"])["status"]
    s3.put_object(Bucket=os.environ["TOLD"], Key=status, Body=manifest)
"""


def reading(stack: Stack) -> None:
    told, made = s3.Bucket(stack, "Told"), job(stack, "Job")
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline(WRITES_WHERE_IT_WAS_TOLD),
        environment={"OUTPUT_URI": made.output_uri, "JOB_ARN": made.job_arn, "TOLD": told.bucket_name},
    )
    made.grant_read_output(function)
    made.grant_describe(function)
    told.grant_put(function)
    made.on_completed("Done", target=targets.LambdaFunction(function))


def test_a_function_that_was_told_the_job_reads_its_results(stacks: Stacks, aws: RunningAws) -> None:
    with aws.faults.hold("InProgress", job_name="LateFunction-"):
        deployed = stacks.deploy(reading, "LateFunction")
    bucket = deployed.of_type("AWS::S3::Bucket", "Told")
    written = eventually(lambda: objects(stacks.s3, f"s3://{bucket}/"))
    assert json.loads(written["Completed"])["successRecordCount"] == 100


def telling(stack: Stack) -> None:
    made = job(stack, "Job")
    told = sfn.Pass(stack, "Told", result=sfn.Result.from_object({"uri": made.output_uri}), result_path="$.told")
    machine = sfn.StateMachine(stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(told))
    made.on_completed("Done", target=targets.SfnStateMachine(machine))


def test_a_state_machine_that_was_told_the_job_runs_at_its_end(stacks: Stacks, aws: RunningAws) -> None:
    with aws.faults.hold("InProgress", job_name="LateMachine-"):
        deployed = stacks.deploy(telling, "LateMachine")
    machine = deployed.of_type("AWS::StepFunctions::StateMachine", "Machine")
    client = aws.client("stepfunctions")
    (execution,) = eventually(
        lambda: client.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED")["executions"]
    )
    output = json.loads(client.describe_execution(executionArn=execution["executionArn"])["output"])
    arn = deployed.jobs["Job"]
    assert output["detail"]["batchJobArn"] == arn
    assert output["told"]["uri"].endswith(f"/{arn.rpartition('/')[2]}/")
