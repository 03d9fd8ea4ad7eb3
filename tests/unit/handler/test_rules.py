from typing import Any

import pytest
from botocore.model import StructureShape
from botocore.session import Session

from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.jobs.rules import check, check_tags

GOOD: dict[str, Any] = {
    "jobName": "nightly-1",
    "clientRequestToken": "token-1",
    "modelId": "amazon.nova-lite-v1:0",
    "roleArn": "arn:aws:iam::000000000000:role/Job",
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://data/in/prompts.jsonl"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://data/out/"}},
}


@pytest.fixture(scope="module")
def shape() -> StructureShape:
    found = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    assert found
    return found


def test_a_good_job_passes(shape: StructureShape) -> None:
    check(shape, GOOD, "Job")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"timeoutDurationInHours": 23}, "'Job.timeoutDurationInHours' must be 24 to 168, got 23"),
        ({"timeoutDurationInHours": 169}, "'Job.timeoutDurationInHours' must be 24 to 168, got 169"),
        ({"timeoutDurationInHours": "abc"}, "'Job.timeoutDurationInHours' must be of type integer"),
        ({"jobName": "n" * 64}, "'Job.jobName' must be 1 to 63 characters, got 64"),
        ({"jobName": "my_job"}, "'Job.jobName' does not match the API's pattern"),
        # In exponential time this would not end.
        ({"jobName": "a" + "-" * 60 + "_"}, "'Job.jobName' does not match the API's pattern"),
        ({"modelId": "nova lite"}, "'Job.modelId' does not match"),
        ({"modelInvocationType": "Bogus"}, "'Job.modelInvocationType' must be one of InvokeModel, Converse"),
        ({"inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://data/date=1/"}}}, "s3Uri' does not match"),
        ({"inputDataConfig": {"s3InputDataConfig": {}}}, "'Job.inputDataConfig.s3InputDataConfig' has no 's3Uri'"),
        ({"vpcConfig": {"subnetIds": [], "securityGroupIds": ["sg-1"]}}, "'Job.vpcConfig.subnetIds' must be 1 to 16"),
        ({"vpcConfig": {"subnetIds": ["subnet 1"], "securityGroupIds": ["sg-1"]}}, "subnetIds' does not match"),
        ({"surprise": "1"}, "'Job' has no field 'surprise'"),
        ({"roleArn": {"Ref": "Role"}}, "'Job.roleArn' must be of type string"),
    ],
)
def test_a_value_that_the_api_would_refuse_is_refused_by_name(
    shape: StructureShape, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidRequestError, match=message.replace("(", r"\(")):
        check(shape, GOOD | change, "Job")


def test_a_value_is_not_shown_because_it_may_be_a_secret(shape: StructureShape) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check(shape, GOOD | {"modelId": "canary canary"}, "Job")
    assert "canary" not in str(refused.value)


def test_good_tags_pass(shape: StructureShape) -> None:
    check_tags(shape.members["tags"], [{"key": "cost center", "value": ""}, {"key": "a+b@c/d=e:f._-", "value": "v"}])


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ([{"key": "good", "value": ""}, {"key": "no;good", "value": ""}], "the tag 'no;good' is none: 'Tag.key'"),
        ([{"key": "team", "value": "canary;"}], "the tag 'team' is none: 'Tag.value' does not match"),
        ([{"key": "", "value": "v"}], "the tag '' is none: 'Tag.key' must be 1 to 128 characters, got 0"),
        ([{"key": "team", "value": "v"}] * 2, "the tag 'team' is there 2 times"),
    ],
)
def test_a_tag_that_the_api_would_refuse_is_named_with_a_way_out(
    shape: StructureShape, tags: list[dict[str, str]], message: str
) -> None:
    with pytest.raises(InvalidRequestError, match=message) as refused:
        check_tags(shape.members["tags"], tags)
    assert "exclude_resource_types=['Custom::BedrockModelInvocationJob']" in str(refused.value)
    assert "canary" not in str(refused.value)
