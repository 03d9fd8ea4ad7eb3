"""The model of an application's own inference profile, which its ARN does not tell: ``bedrock:GetInferenceProfile``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import model_and_route
from bedrock_batch.prices.prices import ProfileError

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient

_OWN = re.compile(r"arn:aws(?:-[^:]+)?:bedrock:[^:]+:[0-9]{12}:application-inference-profile/[a-z0-9-]+")


def is_own_profile(model: str) -> bool:
    """Say whether a text is the ARN of an application's inference profile."""
    return _OWN.fullmatch(model) is not None


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
