"""Roles that are made beforehand (``Role.customize_roles``): CDK's report says what they need, the template nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_bedrock_batch import BatchModel, InputData, WaitUntil

from ..conftest import NOVA, MakeJob, RecordFile
from ..template import JOB, Synthesized

OURS = {
    "Stack/Job/JobRole": "job-role",
    "Stack/BedrockBatchProvider/Role": "function",
    "Stack/BedrockBatchProvider/LastWordRole": "last-word",
}
POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
MANY = [f"arn:aws:bedrock:us-east-1::foundation-model/vendor.a-model-with-a-long-name-{n}" for n in range(99)]
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"


def customized(tmp_path: Path, **options: Any) -> Stack:
    stack = Stack(App(outdir=str(tmp_path)), "Stack")
    iam.Role.customize_roles(stack, **{"use_precreated_roles": OURS, **options})
    return stack


def reported(tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    """What CDK's report says of each role."""
    roles = json.loads((tmp_path / "iam-policy-report.json").read_text())["roles"]
    return {role["roleConstructPath"]: role["identityPolicyStatements"] for role in roles}


def resources(statements: list[dict[str, Any]], action: str) -> list[str]:
    of_action = (each["Resource"] for each in statements if action in json.dumps(each["Action"]))
    return [each for found in of_action for each in (found if isinstance(found, list) else [found])]


def test_the_template_has_neither_role_nor_policy(tmp_path: Path, make_job: MakeJob, record_file: RecordFile) -> None:
    stack = customized(tmp_path)
    key = kms.Key(stack, "Key")
    parameters = {"encryption_key": key, "input_data": InputData.from_file(record_file())}
    make_job("Job", scope=stack, wait_until=WaitUntil.FINISHED, **parameters)
    template = Synthesized.of(stack)
    assert not [each for kind in ("AWS::IAM::Role", *POLICIES) for each in template.all(kind)]
    assert template.call["roleArn"].endswith(":role/job-role")
    assert not {"LeftBehind", "RoleOfStack"} & template.job.keys()


def test_the_report_shows_paths_and_no_token(tmp_path: Path, make_job: MakeJob, record_file: RecordFile) -> None:
    stack = customized(tmp_path)
    key = kms.Key(stack, "Key")
    parameters = {"encryption_key": key, "input_data": InputData.from_file(record_file())}
    make_job("Job", scope=stack, wait_until=WaitUntil.FINISHED, **parameters)
    Synthesized.of(stack)
    roles = reported(tmp_path)
    assert "Token[" not in json.dumps(roles)
    functions = "(Stack/BedrockBatchProvider/Functions/BedrockBatchProvider"
    function, job = roles["Stack/BedrockBatchProvider/Role"], roles["Stack/Job/JobRole"]
    assert resources(function, "lambda:InvokeFunction") == [
        f"{functions}LastWord269E0D35.Arn)",
        f"{functions}Function79399CB2.Arn)",
    ]
    assert resources(function, "dynamodb:PutItem") == [f"{functions}Waits4D532659.Arn)"]
    assert resources(function, "iam:PassRole") == ["arn:(PARTITION):iam::(ACCOUNT):role/job-role"]
    stack_id = "arn:(PARTITION):cloudformation:(REGION):(ACCOUNT):stack/Stack/*"
    assert resources(function, "cloudformation:") == [stack_id, stack_id]
    (asset,) = resources(function, "s3:GetObject")
    assert asset.startswith("arn:(PARTITION):s3:::cdk-hnb659fds-assets-(ACCOUNT)-(REGION)/")
    assert resources(function, "kms:Decrypt") == ["arn:(PARTITION):kms:(REGION):(ACCOUNT):key/*"]
    # What stands beside the key in a template: nothing of it is left out here.
    assert resources(function, "kms:GenerateDataKey") == ["(Stack/Key/Resource.Arn)"]
    assert resources(function, "s3:PutObject") == resources(job, "s3:GetObject")
    assert set(resources(job, "kms:")) == {"(Stack/Key/Resource.Arn)"}
    (last_word,) = roles["Stack/BedrockBatchProvider/LastWordRole"]
    assert last_word["Resource"] == f"{functions}LastWordLogsBED26C28.Arn)"


def test_what_others_are_granted_is_reported_by_paths_too(tmp_path: Path, make_job: MakeJob) -> None:
    stack = customized(tmp_path, use_precreated_roles={**OURS, "Stack/Mine": "mine"})
    role = iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    job = make_job("Job", scope=stack, encryption_key=kms.Key(stack, "Key"))
    # What is no role has its policy all the same, in the template.
    for grantee in (role, iam.User(stack, "User")):
        job.grant_read_output(grantee)
        job.grant_write_input(grantee)
    (policy,) = Synthesized.of(stack).properties(POLICIES[0])
    assert "(ACCOUNT)" not in json.dumps(policy)
    granted = reported(tmp_path)["Stack/Mine"]
    assert "Token[" not in json.dumps(granted)
    through_s3 = [each["Condition"] for each in granted if "kms:" in json.dumps(each["Action"])]
    assert through_s3[0] == {"StringEquals": {"kms:ViaService": "s3.(REGION).(URL_SUFFIX)"}}


def test_what_further_jobs_need_is_reported_too(tmp_path: Path, make_job: MakeJob) -> None:
    roles = {**OURS, **{f"Stack/Job{n}/JobRole": f"role-{n}" for n in range(3)}}
    stack = customized(tmp_path, use_precreated_roles=roles)
    for number in range(3):
        make_job(f"Job{number}", scope=stack)
    Synthesized.of(stack)
    passed = resources(reported(tmp_path)["Stack/BedrockBatchProvider/Role"], "iam:PassRole")
    assert [each.rpartition("/")[2] for each in passed] == ["role-0", "role-1", "role-2"]


@pytest.mark.parametrize("jobs", [1, 6])
@pytest.mark.parametrize("model", ["short", "long"])
def test_a_role_of_another_stack_that_is_made_beforehand_gets_no_policy(
    tmp_path: Path, make_job: MakeJob, model: str, jobs: int
) -> None:
    """Its stack alone says so: CDK would make a managed policy in the job's stack."""
    app = App(outdir=str(tmp_path))
    stack, other = Stack(app, "Stack"), Stack(app, "Other")
    iam.Role.customize_roles(other, use_precreated_roles={"Other/Mine": "mine"})
    role = iam.Role(other, "Mine", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    long = BatchModel.application_inference_profile(PROFILE, model_arns=MANY)
    for number in range(jobs):
        make_job(f"Job{number}", scope=stack, role=role, **({"model": long} if model == "long" else {}))
    assert "bedrock:InvokeModel" not in json.dumps([Synthesized.of(each).template for each in (stack, other)])
    invoked = resources(reported(tmp_path)["Other/Mine"], "bedrock:InvokeModel")
    assert len(invoked) == jobs * (len(MANY) + 1 if model == "long" else 1)


@pytest.mark.parametrize("given", ["a role", "an imported one"])
def test_a_role_of_the_users_is_reported_as_well(tmp_path: Path, make_job: MakeJob, given: str) -> None:
    stack = customized(tmp_path, use_precreated_roles={**OURS, "Stack/Mine": "mine"})
    arn = "arn:aws:iam::123456789012:role/mine"
    made = given == "a role"
    bedrock = iam.ServicePrincipal("bedrock.amazonaws.com")
    role = iam.Role(stack, "Mine", assumed_by=bedrock) if made else iam.Role.from_role_arn(stack, "Mine", arn)
    for number in range(6):
        make_job(f"Job{number}", scope=stack, role=role)
    template = Synthesized.of(stack)
    assert not [each for kind in POLICIES for each in template.all(kind)]
    invoked = resources(reported(tmp_path)["Stack/Mine"], "bedrock:InvokeModel")
    assert set(invoked) == {f"arn:(PARTITION):bedrock:(REGION)::foundation-model/{NOVA}"}
    assert len(template.all(JOB)) == 6


def test_a_report_of_roles_that_are_made_as_well_says_what_each_needs(tmp_path: Path, make_job: MakeJob) -> None:
    """``prevent_synthesis=False``: the roles are in the template, at the paths by which the report knows them."""
    stack = customized(tmp_path, prevent_synthesis=False, use_precreated_roles={})
    make_job("Job", scope=stack)
    Synthesized.of(stack)
    roles = reported(tmp_path)
    assert set(roles) == set(OURS)
    assert resources(roles["Stack/Job/JobRole"], "bedrock:InvokeModel")
