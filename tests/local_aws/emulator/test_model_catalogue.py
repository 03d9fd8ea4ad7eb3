"""The models and inference profiles that the local AWS lists: those that its jobs may name."""

import pytest
from botocore.exceptions import ClientError

from bedrock_batch.models.documented import documented
from tests.local_aws.conftest import LocalAws


def test_models_are_listed_by_region_with_how_they_are_named(idle_aws: LocalAws) -> None:
    here = {each["modelId"]: each for each in idle_aws.bedrock.list_foundation_models()["modelSummaries"]}
    assert here["amazon.nova-lite-v1:0"]["inferenceTypesSupported"] == ["ON_DEMAND", "INFERENCE_PROFILE"]
    assert here["anthropic.claude-opus-5"]["inferenceTypesSupported"] == ["INFERENCE_PROFILE"]
    assert here["amazon.nova-lite-v1:0"]["modelArn"].startswith("arn:aws:bedrock:us-east-1::foundation-model/")
    assert "mistral.mistral-large-2407-v1:0" not in here
    elsewhere = idle_aws.client("bedrock", region="us-west-2").list_foundation_models()["modelSummaries"]
    assert "mistral.mistral-large-2407-v1:0" in {each["modelId"] for each in elsewhere}


@pytest.mark.parametrize(
    ("wanted", "has", "lacks"),
    [
        ({"byProvider": "meta"}, "meta.llama3-3-70b-instruct-v1:0", "amazon.nova-lite-v1:0"),
        ({"byOutputModality": "EMBEDDING"}, "amazon.titan-embed-text-v2:0", "amazon.nova-lite-v1:0"),
        ({"byInferenceType": "ON_DEMAND"}, "amazon.nova-lite-v1:0", "anthropic.claude-opus-5"),
    ],
)
def test_models_are_filtered(idle_aws: LocalAws, wanted: dict[str, str], has: str, lacks: str) -> None:
    found = {each["modelId"] for each in idle_aws.bedrock.list_foundation_models(**wanted)["modelSummaries"]}
    assert has in found
    assert lacks not in found


def test_profiles_are_listed_page_by_page_and_by_type(idle_aws: LocalAws) -> None:
    model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
    made = idle_aws.bedrock.create_inference_profile(inferenceProfileName="mine", modelSource={"copyFrom": model})
    pages = idle_aws.bedrock.get_paginator("list_inference_profiles")
    listed = list(pages.paginate(typeEquals="SYSTEM_DEFINED", PaginationConfig={"PageSize": 7}))
    assert len(listed) > 2
    ids = [each["inferenceProfileId"] for page in listed for each in page["inferenceProfileSummaries"]]
    assert len(ids) == len(set(ids))
    here = {name for name, regions in documented().profile.items() if "us-east-1" in regions}
    assert {name.partition(".")[2] for name in ids} == here
    assert "global.anthropic.claude-opus-5" in ids
    assert "global.amazon.nova-lite-v1:0" not in ids
    assert not {name.partition(".")[0] for name in ids} - {"us", "global"}
    (own,) = idle_aws.bedrock.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
    assert own["inferenceProfileArn"] == made["inferenceProfileArn"]
    assert own["inferenceProfileArn"] in {
        each["inferenceProfileArn"] for page in pages.paginate() for each in page["inferenceProfileSummaries"]
    }
    idle_aws.bedrock.delete_inference_profile(inferenceProfileIdentifier=own["inferenceProfileId"])


@pytest.mark.parametrize(
    "wrong", [{"maxResults": 0}, {"maxResults": 1001}, {"nextToken": "elsewhere"}, {"typeEquals": "MINE"}]
)
def test_a_page_that_there_cannot_be_is_refused(idle_aws: LocalAws, wrong: dict[str, int | str]) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        idle_aws.bedrock.list_inference_profiles(**wrong)


def test_a_profile_is_told_by_id_and_by_arn_with_the_models_it_routes_to(idle_aws: LocalAws) -> None:
    bedrock = idle_aws.bedrock
    worldwide = bedrock.get_inference_profile(inferenceProfileIdentifier="global.anthropic.claude-opus-5")
    assert "arn:aws:bedrock:::foundation-model/anthropic.claude-opus-5" in {
        each["modelArn"] for each in worldwide["models"]
    }
    source = {"copyFrom": worldwide["inferenceProfileArn"]}
    arn = bedrock.create_inference_profile(inferenceProfileName="mine", modelSource=source)["inferenceProfileArn"]
    own = bedrock.get_inference_profile(inferenceProfileIdentifier=arn)
    assert (own["type"], own["models"]) == ("APPLICATION", worldwide["models"])
    bedrock.delete_inference_profile(inferenceProfileIdentifier=own["inferenceProfileId"])
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        bedrock.get_inference_profile(inferenceProfileIdentifier=arn)
