"""A caller who may not ask everything: that much cannot be told, with the permission that is missing; and goes on."""

import json
from functools import partial
from typing import Any

import pytest

from bedrock_batch import diagnose, get_job
from tests.diagnosis.world import World, everything, untold, wrong
from tests.local_aws.conftest import LocalAws, allow
from tests.toolkit_cli.in_process import answer_of

ASKED = (
    "bedrock:GetFoundationModel",
    "bedrock:GetFoundationModelAvailability",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "iam:GetRole",
    "iam:SimulatePrincipalPolicy",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "s3:GetBucketLocation",
    "s3:GetBucketPolicy",
    "s3:GetObject",
    "s3:ListBucket",
)


@pytest.mark.parametrize("missing", ASKED)
def test_what_the_caller_may_not_ask_cannot_be_told(world: World, aws: LocalAws, missing: str) -> None:
    user = aws.user(allow("*", "*"), {"Effect": "Deny", "Action": missing, "Resource": "*"})
    diagnosis = diagnose(get_job(aws.bedrock, world.run(world.role()).arn), partial(_client, aws, user))
    # It may be the job that has what it needs, or nobody could tell; nothing is wrong with it.
    assert wrong(diagnosis) == []
    assert [finding.says for finding in untold(diagnosis) if f"you are not allowed {missing}" in finding.says], missing


def test_what_the_bucket_encrypts_with_matters_where_no_key_is_given(world: World, aws: LocalAws) -> None:
    user = aws.user(allow("*", "*"), {"Effect": "Deny", "Action": "s3:GetEncryptionConfiguration", "Resource": "*"})
    output = {"s3OutputDataConfig": {"s3Uri": f"s3://{world.things.bucket}/out/"}}
    arn = world.run(world.role(None, everything()), outputDataConfig=output).arn
    (open_one,) = untold(diagnose(get_job(aws.bedrock, arn), partial(_client, aws, user)))
    assert open_one.check == "kms:GenerateDataKey"
    assert "you are not allowed s3:GetEncryptionConfiguration" in open_one.says


def test_who_may_ask_nothing_is_told_that_nothing_can_be_told(world: World, aws: LocalAws) -> None:
    user = aws.user()
    diagnosis = diagnose(get_job(aws.bedrock, world.run(world.role()).arn), partial(_client, aws, user))
    assert {finding.verdict for finding in diagnosis.findings} == {"cannot tell"}
    assert "s3:GetObject" in {finding.check for finding in diagnosis.findings}


def _client(aws: LocalAws, user: tuple[str, str], service: str) -> Any:
    return aws.client(service, user)


@pytest.fixture
def settings(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    key, secret = aws.root()
    for name, value in {
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_command_shows_the_cause_first(world: World, settings: pytest.MonkeyPatch) -> None:
    document = world.declared.policy
    lacking = [each for each in document["Statement"] if "s3:PutObject" not in str(each["Action"])]
    arn = world.run(world.role(None, {**document, "Statement": lacking})).arn
    answer = answer_of(settings, "doctor", arn)
    first, second, third, *_, last, _then = answer.out.decode().splitlines()
    assert answer.code == 1, answer
    assert first.startswith(f"{arn} is Failed: Could not validate PutObject permissions")
    assert second.startswith("✗ s3:PutObject: the output: arn:aws:s3:::")
    assert third.startswith('    → add to a policy of the role {"Effect": "Allow", "Action": "s3:PutObject"')
    assert last.startswith("1 wrong, 0 cannot be told, ")


def test_the_command_says_how_much_cannot_be_told(world: World, aws: LocalAws, settings: pytest.MonkeyPatch) -> None:
    arn = world.run(world.role()).arn
    assert answer_of(settings, "doctor", arn).out.decode().splitlines()[-1].startswith("0 wrong, 0 cannot be told, ")
    key, secret = aws.user(allow("*", "*"), {"Effect": "Deny", "Action": "kms:DescribeKey", "Resource": "*"})
    settings.setenv("AWS_ACCESS_KEY_ID", key)
    settings.setenv("AWS_SECRET_ACCESS_KEY", secret)
    answer = answer_of(settings, "doctor", arn)
    lines = answer.out.decode().splitlines()
    assert answer.code == 0
    assert [line for line in lines if line.startswith("? the key: ")]
    assert not lines[-1].startswith("0 wrong, 0 cannot be told")


def test_json_is_for_machines(world: World, settings: pytest.MonkeyPatch) -> None:
    arn = world.run(world.role()).arn
    content = json.loads(answer_of(settings, "doctor", arn, "--json").out)
    assert (content["job"], content["status"], content["ok"]) == (arn, "Completed", True)
    assert {tuple(finding) for finding in content["findings"]} == {("check", "verdict", "says", "mends")}
    several = answer_of(settings, "doctor", arn, world.run(world.role()).arn, "--json")
    assert len(json.loads(several.out)) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no job is named"),
        (("no-such-job",), "no-such-job"),
        (("--stack", "NoSuchStack"), "NoSuchStack"),
        (("arn:aws:states:us-east-1:000000000000:execution:Pipeline:monday",), "no job; name one of its jobs"),
    ],
)
def test_what_is_no_job_is_refused(settings: pytest.MonkeyPatch, words: tuple[str, ...], said: str) -> None:
    answer = answer_of(settings, "doctor", *words)
    assert (answer.code, said in answer.err, "Traceback" in answer.err) == (2, True, False), answer
