"""The template: what CloudFormation must know so that the other rows can hold."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, NestedStack, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData
from model_invocation_job.requests.request import parse

from .cloudformation import RESOURCE_TYPE, new_stack_id, stringified

ROOT = Path(__file__).parents[2]
MODEL = BatchModel.foundation_model("amazon.nova-lite-v1:0")
Resources = dict[str, dict[str, Any]]


@pytest.fixture
def stack() -> Stack:
    return Stack(App(), "Stack")


def job_of(stack: Stack, id: str = "Job", **parameters: Any) -> ModelInvocationJob:
    """A job with nothing to stage."""
    parameters.setdefault("model", MODEL)
    if "input_data" not in parameters:
        parameters["input_data"] = InputData.from_bucket(s3.Bucket(stack, f"{id}Data"), "prompts.jsonl")
    return ModelInvocationJob(stack, id, **parameters)


def resources(stack: Stack, type: str | None = None) -> Resources:
    found: Resources = Template.from_stack(stack).to_json()["Resources"]
    return {name: resource for name, resource in found.items() if type in (None, resource["Type"])}


def waits_for(found: Resources, name: str) -> set[str]:
    """Every resource that is there before this one, and goes after it."""
    text = json.dumps(found[name])
    direct = {other for other in found if f'"{other}"' in text and other != name}
    return direct.union(*(waits_for(found, other) for other in direct))


def test_T01_the_job_comes_after_all_that_it_needs_and_goes_before_it(stack: Stack) -> None:
    """Both roles with their policies, the bucket policies, the key and the functions are there while a job may run."""
    key = kms.Key(stack, "Key")
    data = s3.Bucket(stack, "Data", encryption_key=key, enforce_ssl=True)
    job_of(stack, input_data=InputData.from_bucket(data, "in/"), output_data=OutputData.to_bucket(data, "out/"))
    found = resources(stack)
    (job,) = resources(stack, RESOURCE_TYPE)
    needed = {"AWS::IAM::Role", "AWS::IAM::Policy", "AWS::S3::BucketPolicy", "AWS::KMS::Key", "AWS::Lambda::Function"}
    all_of_them = {name for name, resource in found.items() if resource["Type"] in needed}
    assert all_of_them - waits_for(found, job) == set()


def test_T01_what_answers_for_a_dead_function_is_there_as_long_as_the_function(stack: Stack) -> None:
    """The destination on failure and the right to call it come before the job, too."""
    job_of(stack)
    found = resources(stack)
    (job,) = resources(stack, RESOURCE_TYPE)
    (config,) = resources(stack, "AWS::Lambda::EventInvokeConfig")
    assert config in waits_for(found, job)


def test_T02_cloudformation_is_more_patient_than_the_function_and_within_its_limit(stack: Stack) -> None:
    """ServiceTimeout is set: longer than a run of the function, no longer than an hour."""
    job_of(stack)
    (job,) = resources(stack, RESOURCE_TYPE).values()
    longest = max(each["Properties"]["Timeout"] for each in resources(stack, "AWS::Lambda::Function").values())
    assert longest < int(job["Properties"]["ServiceTimeout"]) <= 3600


def test_T03_roles_buckets_and_keys_of_others_are_used_as_they_are(stack: Stack) -> None:
    """The template has neither a policy for an imported role that cannot be changed, nor a bucket."""
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::123456789012:role/theirs", mutable=False)
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:us-east-1:123456789012:key/theirs")
    data = s3.Bucket.from_bucket_attributes(stack, "Data", bucket_name="theirs", encryption_key=key)
    job_of(
        stack, role=role, input_data=InputData.from_bucket(data, "in/"), output_data=OutputData.to_bucket(data, "o/")
    )
    (job,) = resources(stack, RESOURCE_TYPE).values()
    assert job["Properties"]["Job"]["roleArn"] == "arn:aws:iam::123456789012:role/theirs"
    assert not resources(stack, "AWS::S3::Bucket")
    assert {name[:20] for name in resources(stack, "AWS::IAM::Policy")} == {"BedrockBatchProvider"}


def test_T04_two_jobs_in_a_stack_are_two_resources_and_name_two_jobs(stack: Stack) -> None:
    """One function serves both; each role reads and writes its own places only."""
    job_of(stack, "First")
    job_of(stack, "Second")
    first, second = resources(stack, RESOURCE_TYPE).values()
    assert first["Properties"]["JobNamePrefix"] != second["Properties"]["JobNamePrefix"]
    assert first["Properties"]["Job"]["roleArn"] != second["Properties"]["Job"]["roleArn"]
    for own, other in (("First", "Second"), ("Second", "First")):
        (policy,) = (text for name, text in policies(stack).items() if name.startswith(f"{own}JobRole"))
        assert f"{own}Data" in policy
        assert f"{other}Data" not in policy
        assert f"{other}OutputBucket" not in policy


def policies(stack: Stack) -> dict[str, str]:
    return {name: json.dumps(policy) for name, policy in resources(stack, "AWS::IAM::Policy").items()}


def test_T04_a_nested_stack_has_a_function_of_its_own(stack: Stack) -> None:
    """No right of one stack's function is in the other."""
    nested = NestedStack(stack, "Nested")
    job_of(stack, "Outer")
    job_of(nested, "Inner")
    for each, own, other in ((stack, "Outer", "Inner"), (nested, "Inner", "Outer")):
        (policy,) = (text for name, text in policies(each).items() if "ProviderRole" in name)
        assert f"{own}JobRole" in policy
        assert f"{other}JobRole" not in policy


def test_T04_a_role_of_another_stack_is_passed_and_its_policy_comes_first() -> None:
    """The stack with the job depends on the stack that has the role and the data; nothing depends on it."""
    app = App()
    shared, jobs = Stack(app, "Shared"), Stack(app, "Jobs")
    role = iam.Role(shared, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    data = s3.Bucket(shared, "Data")
    places = {"input_data": InputData.from_bucket(data, "in/"), "output_data": OutputData.to_bucket(data, "out/")}
    job_of(jobs, role=role, **places)
    (job,) = resources(jobs, RESOURCE_TYPE).values()
    assert "Fn::ImportValue" in json.dumps(job["Properties"]["Job"]["roleArn"])
    assert shared in jobs.dependencies
    assert not shared.dependencies


def test_T05_nothing_is_made_at_run_time(stack: Stack) -> None:
    """Log groups are in the template without a name; nobody may make one, nor a rule, nor a permission."""
    job_of(stack)
    groups = resources(stack, "AWS::Logs::LogGroup").values()
    assert len(groups) == len(resources(stack, "AWS::Lambda::Function"))
    assert not [group for group in groups if "LogGroupName" in group["Properties"]]
    granted = " ".join(policies(stack).values())
    for action in ("logs:CreateLogGroup", "events:", "lambda:AddPermission", "lambda:*", "iam:*", '"*:*"'):
        assert action not in granted
    assert "ManagedPolicyArns" not in json.dumps(resources(stack, "AWS::IAM::Role"))


def test_T06_values_that_are_known_only_at_deployment_are_checked_then(stack: Stack) -> None:
    """Tokens pass the construct; what they stand for is read, and refused, by the function."""
    job_of(stack, job_name=Token.as_string({"Ref": "Name"}), run_token=Token.as_string({"Ref": "Run"}))
    (job,) = resources(stack, RESOURCE_TYPE).values()
    assert {"Ref": "Name"} in job["Properties"]["JobNamePrefix"]["Fn::Join"][1]
    call = {**job["Properties"]["Job"], "roleArn": "arn:aws:iam::123456789012:role/Job"}
    call["inputDataConfig"] = {"s3InputDataConfig": {"s3Uri": "s3://deployed/prompts.jsonl"}}
    call["outputDataConfig"] = {"s3OutputDataConfig": {"s3Uri": "s3://deployed/out/"}}
    resolved = {**job["Properties"], "Job": call, "JobNamePrefix": "deployed", "RunToken": "7"}
    event = {"StackId": new_stack_id("Stack"), "LogicalResourceId": "Job", "RequestId": "1"}
    request = parse(event, stringified(resolved))
    assert (request.name_prefix, request.run_token) == ("deployed", "7")


APP = """\
import sys
from aws_cdk import App, Stack
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

app = App(outdir=sys.argv[2])
ModelInvocationJob(Stack(app, "Stack"), "Job", model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
                   input_data=InputData.from_file(sys.argv[1]))
app.synth()
"""


def test_T07_the_template_is_the_same_on_another_machine(tmp_path: Path, record_file: Any) -> None:
    """Another folder, process, hash seed and time zone: not a byte differs, so nothing is updated."""
    here, machine = record_file(), tmp_path / "machine"
    machine.mkdir()
    (machine / "prompts.jsonl").write_text(here.read_text())
    paths = os.pathsep.join(str(ROOT / name) for name in ("constructs", "lambda", "toolkit"))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    there = [sys.executable, "-c", APP, machine / "prompts.jsonl", machine / "cdk.out"]
    subprocess.run(there, check=True, env=environment, cwd=machine)
    app = App(outdir=str(tmp_path / "cdk.out"))
    ModelInvocationJob(Stack(app, "Stack"), "Job", model=MODEL, input_data=InputData.from_file(str(here)))
    app.synth()
    one, other = (folder / "cdk.out" / "Stack.template.json" for folder in (tmp_path, machine))
    assert one.read_bytes() == other.read_bytes()


def test_T07_account_and_region_are_left_to_cloudformation() -> None:
    """A stack that is bound to an account has the same job as one that is not."""
    free, bound = Stack(App(), "Stack"), Stack(App(), "Stack", env=Environment(account="123456789012"))
    for each in (free, bound):
        job_of(each)
    assert resources(free, RESOURCE_TYPE) == resources(bound, RESOURCE_TYPE)
