"""The model of an application's own inference profile, which its ARN does not tell: ``bedrock:GetInferenceProfile``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import model_and_route
from bedrock_batch.prices.prices import ProfileError

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient


def model_of_profile(bedrock: BedrockClient, profile: str) -> tuple[str, str]:
    """Return the id of the foundation model that a profile is of, and how it routes there, as `model_and_route`.

    Raises
    ------
    ProfileError
        If AWS refuses to tell, or tells no model.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow, and few profiles need it

    try:
        answer = bedrock.get_inference_profile(inferenceProfileIdentifier=profile)
    except (BotoCoreError, ClientError) as error:
        raise ProfileError(f"AWS does not tell which model {profile} is of: {error}") from None
    found = model_and_route(str(each.get("modelArn", "")) for each in answer["models"])
    if not found:
        raise ProfileError(f"{profile} has no foundation model")
    return found
