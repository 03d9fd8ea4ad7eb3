"""The model of an application's own inference profile, which its ARN does not tell: ``bedrock:GetInferenceProfile``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import id_of
from bedrock_batch.prices.prices import ProfileError

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient

_OWN = re.compile(r"arn:aws(?:-[^:]+)?:bedrock:[^:]+:[0-9]{12}:application-inference-profile/[a-z0-9-]+")
_MODEL = re.compile(r"arn:aws(?:-[^:]+)?:bedrock:(?P<region>[^:]*)::foundation-model/.+")


def is_own_profile(model: str) -> bool:
    """Say whether a text is the ARN of an application's inference profile."""
    return _OWN.fullmatch(model) is not None


def model_of_profile(bedrock: BedrockClient, profile: str) -> tuple[str, str]:
    """Return the id of the foundation model that a profile is of, and how it routes there.

    A profile of one Region was made of the model, one of several of a system-defined profile; of a global one, one of
    the models has no Region (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-create.html,
    https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html).

    Returns
    -------
    tuple of str
        The id; and ``global``, ``geo`` or an empty text, as `Meter.route`.

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
    models = [found for each in answer["models"] if (found := _MODEL.fullmatch(str(each.get("modelArn", ""))))]
    if not models:
        raise ProfileError(f"{profile} has no foundation model")
    regions = {found["region"] for found in models}
    route = "global" if "" in regions else "geo" if len(regions) > 1 else ""
    return id_of(models[0][0]), route
