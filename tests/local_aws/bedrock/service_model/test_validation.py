"""Requests against the service model: botocore's own checks are off, so the service has to refuse."""

import random
import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from bedrock_local.bedrock.service_model.validation import LINEAR, service_model
from tests.local_aws.conftest import LocalAws


def refused(aws: LocalAws, **changes: Any) -> str:
    with pytest.raises(ClientError) as error:
        aws.bedrock.create_model_invocation_job(**aws.request(**changes))
    assert error.value.response["Error"]["Code"] == "ValidationException"
    return str(error.value.response["Error"]["Message"])


@pytest.mark.parametrize("name", ["jobName", "roleArn", "modelId", "inputDataConfig", "outputDataConfig"])
def test_every_required_member_is_required(aws: LocalAws, name: str) -> None:
    rule = f"Value null at '{name}' failed to satisfy constraint: Member must not be null"
    assert refused(aws, **{name: None}) == f"1 validation error detected: {rule}"


def test_a_pattern_is_quoted_with_the_value_and_the_member(aws: LocalAws) -> None:
    pattern = service_model().shape_for("ModelInvocationJobName").metadata["pattern"]
    assert refused(aws, jobName="a_b") == (
        "1 validation error detected: Value 'a_b' at 'jobName' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {pattern}"
    )


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"jobName": ""}, "jobName", "length greater than or equal to 1"),
        ({"jobName": "a" * 64}, "jobName", "length less than or equal to 63"),
        ({"timeoutDurationInHours": 12}, "timeoutDurationInHours", "value greater than or equal to 24"),
        ({"timeoutDurationInHours": 200}, "timeoutDurationInHours", "value less than or equal to 168"),
        ({"modelInvocationType": "Bogus"}, "modelInvocationType", r"enum value set: \[InvokeModel, Converse\]"),
        ({"clientRequestToken": "a_b"}, "clientRequestToken", "pattern"),
        ({"roleArn": "arn:aws:iam::1:user/a"}, "roleArn", "pattern"),
        ({"modelId": "a b"}, "modelId", "pattern"),
        ({"inputDataConfig": {}}, "inputDataConfig", "exactly one of these members set: .s3InputDataConfig"),
        (
            {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://bucket/date=1"}}},
            "inputDataConfig.s3InputDataConfig.s3Uri",
            "pattern",
        ),
        ({"vpcConfig": {"subnetIds": [], "securityGroupIds": ["sg-1"]}}, "vpcConfig.subnetIds", "length greater"),
        ({"tags": [{"key": "k", "value": "!"}]}, "tags.1.member.value", "pattern"),
    ],
)
def test_every_kind_of_constraint_is_checked(aws: LocalAws, changes: dict, path: str, rule: str) -> None:
    assert re.search(
        f"at '{re.escape(path)}' failed to satisfy constraint: Member must .*{rule}", refused(aws, **changes)
    )


def test_one_message_names_all_violations(aws: LocalAws) -> None:
    message = refused(aws, jobName="a_b", timeoutDurationInHours=1)
    assert message.startswith("2 validation errors detected: ")
    assert message.count("failed to satisfy constraint") == 2


@pytest.mark.parametrize(
    "filters", [{"statusEquals": "Done"}, {"maxResults": 0}, {"maxResults": 1001}, {"sortBy": "Name"}]
)
def test_list_is_checked_too(aws: LocalAws, filters: dict) -> None:
    with pytest.raises(ClientError, match=next(iter(filters))):
        aws.bedrock.list_model_invocation_jobs(**filters)


def test_a_job_name_is_no_identifier(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="jobIdentifier"):
        aws.bedrock.get_model_invocation_job(jobIdentifier="my-job")


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/model-invocation-job", b"no json", "not JSON"),
        ("/model-invocation-job", b"[]", "must be a JSON object"),
        ("/model-invocation-job", b'{"timeoutDurationInHours": "24"}', "timeoutDurationInHours"),
        ("/model-invocation-job", b'{"jobName": true}', "jobName"),
    ],
)
def test_what_is_not_the_json_of_the_operation_is_a_serialization_error(
    aws: LocalAws, path: str, body: bytes, words: str
) -> None:
    signed = AWSRequest("POST", aws.url + path, {"Content-Type": "application/json"}, body)
    SigV4Auth(Credentials(*aws.root()), "bedrock", "us-east-1").add_auth(signed)
    request = urllib.request.Request(signed.url, body, dict(signed.headers.items()))  # noqa: S310 -- loopback
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)  # noqa: S310 -- loopback
    assert error.value.code == 400
    assert error.value.headers["x-amzn-ErrorType"] == "SerializationException"
    assert words in error.value.read().decode()


def test_the_patterns_written_anew_accept_the_same_strings() -> None:
    shape = service_model().shape_for("ModelInvocationJobName").metadata
    assert list(LINEAR) == [shape["pattern"]]
    chance = random.Random(0)  # noqa: S311 -- not a secret
    for _ in range(5000):
        # Short ones: the model's own pattern takes too long for others.
        text = "".join(chance.choices("aZ0-+._", k=chance.randint(1, 12)))
        assert bool(re.fullmatch(LINEAR[shape["pattern"]], text)) is bool(re.fullmatch(shape["pattern"], text))


def test_a_name_that_python_would_match_for_years_is_refused_at_once(aws: LocalAws) -> None:
    assert "jobName" in refused(aws, jobName="a" + "-" * 60 + "_")
