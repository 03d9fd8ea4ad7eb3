"""GetInferenceProfile tells the models for which a job's role is asked."""

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import MODEL, LocalAws

PROFILE = f"arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.{MODEL}"


@pytest.mark.parametrize("identifier", [f"us.{MODEL}", PROFILE])
def test_a_profile_of_a_geography_has_a_model_in_each_region(aws: LocalAws, identifier: str) -> None:
    found = aws.bedrock.get_inference_profile(inferenceProfileIdentifier=identifier)
    regions = [each["modelArn"].split(":")[3] for each in found["models"]]
    assert (found["status"], regions) == ("ACTIVE", ["us-east-1", "us-east-2", "us-west-2"])


def test_an_application_profile_has_the_models_of_its_source(aws: LocalAws) -> None:
    source = {"copyFrom": PROFILE}
    made = aws.bedrock.create_inference_profile(inferenceProfileName="mine", modelSource=source)
    found = aws.bedrock.get_inference_profile(inferenceProfileIdentifier=made["inferenceProfileArn"])
    assert len(found["models"]) == 3


def test_the_models_are_those_with_batch_inference_and_what_is_no_profile_is_not_found(aws: LocalAws) -> None:
    haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    found = aws.bedrock.get_inference_profile(inferenceProfileIdentifier=haiku)
    assert (found["inferenceProfileId"], found["type"], len(found["models"])) == (haiku, "SYSTEM_DEFINED", 3)
    with pytest.raises(ClientError, match="Could not find inference profile"):
        aws.bedrock.get_inference_profile(inferenceProfileIdentifier=MODEL)
