"""The jobs of the app: every kind of role, data, model and parameter in at least one of them."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from aws_cdk import Duration, RemovalPolicy, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from bedrock_batch import RecordLimits
from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, OutputData, WaitUntil

from .made_before import BEDROCK, BUCKET, CUSTOM_MODEL_ARN, INPUTS, MODEL, PROFILE_PARAMETER, ROLE_ARN

#: The job whose records are put into a bucket of its own stack: until they are there, it must be held.
FROM_BUCKET = "FromBucket"
#: The job that a queue hears of.
TOLD = "OwnRole"

_FOLDER_OF_BEFORE = "Jobs-FromFiles-C2DFB948/b2a6941be20b8b396f12011e5c8a3edef39552097ee5a89a3f74372f28325420"

Jobs = dict[str, ModelInvocationJob]
Job = Callable[..., ModelInvocationJob]


def jobs_of(stack: Stack, role_of_another_stack: iam.IRole, everywhere: Mapping[str, Any]) -> Jobs:
    """Make them, and return them by their ids.

    Parameters
    ----------
    stack
        Where.
    role_of_another_stack
        Of the same app.
    everywhere
        What each of them is given on top.
    """
    jobs: Jobs = {}

    def job(id: str, scope: Construct = stack, **parameters: Any) -> ModelInvocationJob:
        usual = {"model": BatchModel.foundation_model(MODEL), "input_data": _records()}
        jobs[id] = ModelInvocationJob(scope, id, **{**usual, **parameters, **everywhere})
        return jobs[id]

    _roles(stack, job)
    job("RoleOfAnotherStack", role=role_of_another_stack, input_data=InputData.from_directory(INPUTS / "media", **_FEW))
    _data(stack, job)
    _models(stack, job)
    _parameters(stack, job)
    _network(stack, job)
    jobs["FromCli"] = ModelInvocationJob.from_cli_input_json(stack, "FromCli", INPUTS / "call.json", **everywhere)
    return jobs


_FEW = {"limits": RecordLimits(min_records_per_job=3)}


def _records() -> InputData:
    lines = (INPUTS / "prompts.jsonl").read_text(encoding="utf-8").splitlines()
    return InputData.from_records(map(json.loads, lines), **_FEW)


def _roles(stack: Stack, job: Job) -> None:
    own = job(TOLD)
    own.alarm_on_failed("Alarm")
    own.on_completed("Completed", target=targets.SqsQueue(sqs.Queue(stack, "Ends")))
    own.on_failed("Failed")
    own.on_state_change("Changes")
    job("RoleOfAJob", role=own.role, input_data=InputData.from_file(INPUTS / "more.jsonl", **_FEW))
    shared = iam.Role(stack, "Shared", assumed_by=iam.ServicePrincipal(BEDROCK))
    job("SharedRole", role=shared)
    job("SharedRoleToo", role=shared, output_data=OutputData.to_uri(f"s3://{BUCKET}/shared"))
    imported = iam.Role.from_role_arn(stack, "Imported", ROLE_ARN)
    job("ImportedRole", role=imported, input_data=InputData.from_uri(f"s3://{BUCKET}/in/prompts.jsonl"))


def _data(stack: Stack, job: Job) -> None:
    key = kms.Key(stack, "Key", removal_policy=RemovalPolicy.DESTROY)
    job("Encrypted", encryption_key=key)
    results = s3.Bucket(stack, "Results", encryption_key=key)
    job("FromFiles", input_data=_files_of_before(stack), output_data=OutputData.to_bucket(results, "below"))
    source = s3.Bucket(stack, "Source")
    results_beside_it = OutputData.to_bucket(source, "out", encryption_key=key)
    # Nobody waits for it: there is nothing in its bucket when the stack is made.
    waits = {"wait_until": WaitUntil.SUBMITTED}
    job(FROM_BUCKET, input_data=InputData.from_bucket(source, "in/"), output_data=results_beside_it, **waits)


def _files_of_before(stack: Stack) -> InputData:
    """The files that were given by ``from_files`` before, whose folder was named by what they hold alone.

    Today their names count too. Who does not want to have such a job made again while it runs names the folder.
    """
    told = cast("ModelInvocationJob", stack.node.find_child(TOLD))
    return InputData.from_bucket(told.input_bucket, f"{_FOLDER_OF_BEFORE}/")


def _models(stack: Stack, job: Job) -> None:
    profile = BatchModel.inference_profile(f"us.{MODEL}", regions=["us-east-1", "us-east-2", "us-west-2"])
    job("Profile", model=profile, invocation_type=InvocationType.CONVERSE)
    own = ssm.StringParameter.value_for_string_parameter(stack, PROFILE_PARAMETER)
    job("ApplicationProfile", model=BatchModel.application_inference_profile(own))
    role = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal(BEDROCK))
    job("CustomModelGivenRole", model=BatchModel.custom_model(CUSTOM_MODEL_ARN), role=role)


def _parameters(stack: Stack, job: Job) -> None:
    job("GivenToken", client_request_token="a-token-of-the-users")
    Tags.of(job("RunToken", run_token="2", job_name="by-name")).add("team", "support")
    # More than fits into a name, so its middle is cut out.
    deep = Construct(Construct(stack, "WeeklySummariesOfCustomers"), "EuropeAndAfrica")
    job("NotStopped", deep, stop_on_delete=False, wait_until=WaitUntil.SUBMITTED, timeout=Duration.hours(72))


def _network(stack: Stack, job: Job) -> None:
    isolated = ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0, subnet_configuration=[isolated])
    chosen = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    job("InVpc", vpc=vpc, vpc_subnets=chosen, timeout=Duration.hours(48))
