"""Tags, the token and the AWS CLI's file reach the job; what is not part of the job changes it in place."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Duration, Stack, Tags
from aws_cdk import aws_iam as iam

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import ModelInvocationJob, WaitUntil

from .gallery import MODEL, World, job
from .jobs import Jobs
from .stacks import Stacks


@pytest.fixture(autouse=True)
def jobs_stay_live(aws: RunningAws) -> Iterator[None]:
    """The tags of a job that has ended cannot be read."""
    with aws.faults.hold("InProgress", job_name="Fields"):
        yield


def tags_of(stacks: Stacks, arn: str) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in stacks.bedrock.list_tags_for_resource(resourceARN=arn)["tags"]}


def tagged(tags: dict[str, str], token: str, **parameters: Any) -> Any:
    def build(stack: Stack) -> None:
        made = job(stack, "Job", client_request_token=token, **parameters)
        for key, value in tags.items():
            Tags.of(made).add(key, value)
        Tags.of(stack).add("stack", "fields", exclude_resource_types=["AWS::S3::Bucket"])

    return build


def test_tags_and_retention_change_in_place(stacks: Stacks, jobs: Jobs) -> None:
    deployed = stacks.deploy(tagged({"team": "blue", "stage": "test", "old": "1"}, "tagged-1"), "FieldsTags")
    arn = deployed.jobs["Job"]
    assert tags_of(stacks, arn) == {"team": "blue", "stage": "test", "old": "1", "stack": "fields"}
    assert jobs.get(arn)["clientRequestToken"] == "tagged-1"
    changed = tagged({"team": "red", "stage": "test", "new": "2"}, "tagged-1", results_retention=Duration.days(30))
    again = stacks.deploy(changed, "FieldsTags")
    assert again.jobs["Job"] == arn
    assert tags_of(stacks, arn) == {"team": "red", "stage": "test", "new": "2", "stack": "fields"}
    assert jobs.named("FieldsTags-") == [arn]
    stacks.destroy(deployed)
    assert jobs.ended(arn)["status"] == "Stopped"


def test_another_token_asks_for_another_job(stacks: Stacks, jobs: Jobs) -> None:
    template = stacks.synthesize(tagged({}, "a-token-1"), "FieldsToken")
    first = stacks.put(template, "FieldsToken").jobs["Job"]
    other = copy.deepcopy(template)
    for resource in other["Resources"].values():
        if "Job" in resource["Properties"]:
            resource["Properties"]["Job"]["clientRequestToken"] = "a-token-2"
    second = stacks.put(other, "FieldsToken").jobs["Job"]
    assert jobs.ended(first)["status"] == "Stopped"
    assert jobs.get(second)["clientRequestToken"] == "a-token-2"


def test_the_file_of_the_aws_cli_makes_its_job(stacks: Stacks, world: World, jobs: Jobs, tmp_path: Path) -> None:
    given = {
        "jobName": "Fields-Cli",
        "clientRequestToken": "from-the-cli-1",
        "modelId": MODEL,
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{world.own_bucket}/all/", "s3InputFormat": "JSONL"}},
        "outputDataConfig": {
            "s3OutputDataConfig": {"s3Uri": f"s3://{world.own_bucket}/cli/", "s3EncryptionKeyId": world.key_arn}
        },
        "timeoutDurationInHours": 36,
        "tags": [{"key": "team", "value": "cli"}],
        "modelInvocationType": "InvokeModel",
    }
    role = service_role(stacks, "fields-cli-role")
    path = tmp_path / "job.json"
    path.write_text(json.dumps({**given, "roleArn": role}))

    def build(stack: Stack) -> None:
        ModelInvocationJob.from_cli_input_json(stack, "Cli", path, wait_until=WaitUntil.VALIDATED)

    arn = stacks.deploy(build, "FieldsCli").jobs["Cli"]
    made = jobs.in_status(arn, "InProgress")
    assert made["jobName"].startswith("Fields-Cli-")
    assert made["roleArn"] == role
    for field in ("clientRequestToken", "timeoutDurationInHours", "modelInvocationType"):
        assert made[field] == given[field]
    for field in ("inputDataConfig", "outputDataConfig"):
        for config, values in given[field].items():  # type: ignore[attr-defined]  # a map of maps, as above
            assert values.items() <= made[field][config].items()
    assert tags_of(stacks, arn) == {"team": "cli"}


def test_a_role_of_the_users_gets_what_the_job_needs(stacks: Stacks, jobs: Jobs) -> None:
    role = service_role(stacks, "fields-own-role")

    def build(stack: Stack) -> None:
        given = iam.Role.from_role_arn(stack, "Role", role)
        job(stack, "Job", role=given, wait_until=WaitUntil.VALIDATED, wait_timeout=Duration.minutes(1))

    arn = stacks.deploy(build, "FieldsRole").jobs["Job"]
    assert jobs.get(arn)["roleArn"] == role
    assert jobs.in_status(arn, "InProgress", "Completed")


def service_role(stacks: Stacks, name: str) -> str:
    """A role that Bedrock may assume, and that may do nothing."""
    principal = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [principal]})
    return str(stacks.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])
