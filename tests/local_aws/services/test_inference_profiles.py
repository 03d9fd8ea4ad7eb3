"""GetInferenceProfile tells the models for which a job's role is asked."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import MODEL, LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Stack

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


def test_a_stack_has_application_profiles_of_which_tags_alone_change_in_place(aws: LocalAws) -> None:
    def profile(name: str, team: str) -> dict[str, Any]:
        properties = {"InferenceProfileName": name, "ModelSource": {"CopyFrom": PROFILE}, "Tags": [_tag(team)]}
        return {"Type": "AWS::Bedrock::ApplicationInferenceProfile", "Properties": properties}

    def arn() -> str:
        (found,) = aws.client("cloudformation").describe_stack_resources(StackName=stack.name)["StackResources"]
        return str(found["PhysicalResourceId"])

    stack, status = Stack.create(aws, Profile=profile("of-a-stack", "one"))
    first = arn()
    told = aws.bedrock.get_inference_profile(inferenceProfileIdentifier=first)
    assert (status, told["inferenceProfileName"], len(told["models"])) == ("CREATE_COMPLETE", "of-a-stack", 3)
    stack.update(Profile=profile("of-a-stack", "other"))
    assert arn() == first
    assert {"key": "team", "value": "other"} in aws.bedrock.list_tags_for_resource(resourceARN=first)["tags"]
    stack.update(Profile=profile("renamed", "other"))
    second = arn()
    assert second != first
    stack.delete()
    for gone in (first, second):
        with pytest.raises(ClientError, match="Could not find"):
            aws.bedrock.get_inference_profile(inferenceProfileIdentifier=gone)


def test_a_stack_whose_profile_has_no_source_fails(aws: LocalAws) -> None:
    nothing = {"Type": "AWS::Bedrock::ApplicationInferenceProfile", "Properties": {"InferenceProfileName": "nothing"}}
    stack, status = Stack.create(aws, Profile=nothing)
    assert status == "ROLLBACK_COMPLETE"
    assert "copyFrom is required" in str(
        aws.client("cloudformation").describe_stack_events(StackName=stack.name)["StackEvents"]
    )


def _tag(team: str) -> dict[str, str]:
    return {"Key": "team", "Value": team}


def test_the_models_are_those_with_batch_inference_and_what_is_no_profile_is_not_found(aws: LocalAws) -> None:
    haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    found = aws.bedrock.get_inference_profile(inferenceProfileIdentifier=haiku)
    assert (found["inferenceProfileId"], found["type"], len(found["models"])) == (haiku, "SYSTEM_DEFINED", 3)
    with pytest.raises(ClientError, match="Could not find inference profile"):
        aws.bedrock.get_inference_profile(inferenceProfileIdentifier=MODEL)
