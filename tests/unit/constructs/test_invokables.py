"""Models of other libraries: taken by their members, permitted as narrowly as our own."""

from dataclasses import dataclass

import pytest
from aws_cdk import Stack
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_bedrock_alpha as alpha

from cdk_bedrock_batch import BatchModel

from .conftest import ACCOUNT, NOVA, PARTITION, REGION, MakeJob
from .template import Synthesized, as_list

HERE = f"arn:{PARTITION}:bedrock:{REGION}"
MODEL = f"{HERE}::foundation-model/{NOVA}"
PROFILE = f"{HERE}:{ACCOUNT}:inference-profile/us.{NOVA}"
ALL_OF_MODEL = f"arn:{PARTITION}:bedrock:*::foundation-model/{NOVA}"
APPLICATION = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"


def invoked(stack: Stack) -> list[str]:
    """What the service role may invoke; checks that it may do nothing else in Bedrock."""
    allowed = Synthesized.of(stack).allowed("SummariesJobRole")
    assert [action for action in allowed if action.startswith("bedrock:")] == ["bedrock:InvokeModel"]
    (statement,) = allowed["bedrock:InvokeModel"]
    assert statement.keys() == {"Effect", "Action", "Resource"}
    return [str(arn) for arn in as_list(statement["Resource"])]


def cross_region() -> alpha.CrossRegionInferenceProfile:
    return alpha.CrossRegionInferenceProfile.from_config(
        geo_region=alpha.CrossRegionInferenceProfileRegion.US, model=alpha.BedrockFoundationModel.AMAZON_NOVA_LITE_V1
    )


def test_a_foundation_model_of_the_alpha_library(stack: Stack, make_job: MakeJob) -> None:
    make_job(model=alpha.BedrockFoundationModel.AMAZON_NOVA_LITE_V1)
    assert invoked(stack) == [MODEL]
    assert Synthesized.of(stack).call["modelId"] == MODEL


def test_a_cross_region_profile_of_the_alpha_library(stack: Stack, make_job: MakeJob) -> None:
    make_job(model=cross_region())
    assert invoked(stack) == [PROFILE, ALL_OF_MODEL]


def test_an_application_profile_of_the_alpha_library(stack: Stack, make_job: MakeJob) -> None:
    profile = alpha.ApplicationInferenceProfile(
        stack, "Profile", application_inference_profile_name="costs", model_source=cross_region()
    )
    make_job(model=profile)
    template = Synthesized.of(stack)
    arn = template.call["modelId"]
    assert arn == "${Profile.InferenceProfileArn}"
    # The library tells what the profile was made of.
    own = f"{HERE}:{ACCOUNT}:application-inference-profile/${{{arn}/{arn} split at / [1]}}"
    assert invoked(stack) == [own, ALL_OF_MODEL]
    assert any(name.startswith("Profile") for name in template.needed(template.job_id))


def test_an_application_profile_that_was_imported(stack: Stack, make_job: MakeJob) -> None:
    make_job(
        model=alpha.ApplicationInferenceProfile.from_application_inference_profile_attributes(
            stack, "Profile", inference_profile_arn=APPLICATION, inference_profile_identifier="abcdefghijkl"
        )
    )
    assert invoked(stack) == [APPLICATION, f"arn:{PARTITION}:bedrock:*::foundation-model/*"]


def test_a_model_of_the_stable_library(stack: Stack, make_job: MakeJob) -> None:
    model = bedrock.FoundationModel.from_foundation_model_id(
        stack, "Model", bedrock.FoundationModelIdentifier.ANTHROPIC_CLAUDE_V2
    )
    make_job(model=model)
    assert invoked(stack) == [f"{HERE}::foundation-model/anthropic.claude-v2"]


@dataclass(frozen=True)
class HomeMade:
    invokable_arn: str


def test_anything_with_an_invokable_arn(stack: Stack, make_job: MakeJob) -> None:
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{NOVA}"
    make_job(model=HomeMade(arn))
    assert invoked(stack) == [arn, ALL_OF_MODEL]


def test_a_provisioned_model_of_the_stable_library_is_refused(stack: Stack) -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl"
    with pytest.raises(ValueError, match="is a provisioned model"):
        BatchModel.of(bedrock.ProvisionedModel.from_provisioned_model_arn(stack, "Model", arn))  # type: ignore[arg-type]  # by its members


@pytest.mark.parametrize("arn", ["", None, "no arn", "arn:aws:s3:::bucket"])
def test_an_object_without_a_model_behind_its_arn_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match="'model' must"):
        BatchModel.of(HomeMade(arn))
