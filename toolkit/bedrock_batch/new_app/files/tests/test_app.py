"""What the stack deploys, and that Bedrock would take its records; `python -m pytest` runs this."""

import pytest
from aws_cdk import App
from aws_cdk.assertions import Match, Template

import bedrock_batch
from app import RECORDS, BatchInference

MODEL = "amazon.nova-lite-v1:0"


@pytest.fixture(scope="module")
def template() -> Template:
    return Template.from_stack(BatchInference(App(), "BatchInference"))


def test_it_runs_one_job_with_the_model(template: Template) -> None:
    template.resource_count_is("Custom::BedrockModelInvocationJob", 1)
    template.has_resource_properties(
        "Custom::BedrockModelInvocationJob", {"Job": Match.object_like({"modelId": MODEL})}
    )


def test_no_bucket_is_open_to_the_public(template: Template) -> None:
    template.all_resources_properties(
        "AWS::S3::Bucket", {"PublicAccessBlockConfiguration": Match.object_like({"BlockPublicAcls": True})}
    )


def test_bedrock_would_take_the_records() -> None:
    assert bedrock_batch.check(RECORDS, model=MODEL).ok
