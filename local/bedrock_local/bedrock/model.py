"""What a ``modelId`` stands for."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bedrock_local.bedrock.errors import ValidationException
from bedrock_local.bedrock.ports import Place

ProfileModels = Callable[[str], tuple[str, ...]]

_GEOGRAPHY = r"us|eu|apac|au|ca|jp|us-gov|global"
_FOUNDATION_ID = r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[a-z0-9-]+){0,2}"
_SYSTEM_PROFILE = re.compile(rf"(?P<geography>{_GEOGRAPHY})\.(?P<model>{_FOUNDATION_ID})")
_FOUNDATION = re.compile(_FOUNDATION_ID)


@dataclass(frozen=True)
class Model:
    """A model that a job can name.

    Parameters
    ----------
    arn
        What Get and List answer as ``modelId``: always an ARN, whatever was sent.
    foundation_id
        The foundation model behind it. Decides the format of bodies, and the quotas.
    resources
        The ARNs on which the caller needs ``bedrock:CreateModelInvocationJob`` and the role ``bedrock:InvokeModel``:
        the model's, and for a profile the profile's too
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html).
    """

    arn: str
    foundation_id: str
    resources: tuple[str, ...]


def resolve(model_id: str, place: Place, profile_models: ProfileModels) -> Model:
    """Find the model that an id or ARN stands for.

    There is no list of known models: whatever looks like ``<provider>.<model>`` is one.

    Parameters
    ----------
    model_id
        Model id, or ARN of a foundation model, custom model or inference profile.
    place
        Where the job is made.
    profile_models
        Finds the model ARNs behind an application inference profile; none means that there is no such profile.

    Returns
    -------
    Model
        The model.

    Raises
    ------
    ValidationException
        If it is none of these, or an ARN of another Region or account.
    """
    kind, _, name = _resource(model_id, place)
    if kind == "foundation-model" and _FOUNDATION.fullmatch(name):
        return _foundation(name, place)
    if kind == "inference-profile" and (profile := _SYSTEM_PROFILE.fullmatch(name)):
        return _system_profile(profile["geography"], profile["model"], place)
    if kind == "application-inference-profile" and (sources := profile_models(name)):
        arn = place.arn(f"application-inference-profile/{name}")
        models = [resolve(source, place, profile_models) for source in sources]
        return Model(arn, models[0].foundation_id, (arn, *(each for model in models for each in model.resources)))
    if kind == "custom-model":
        return Model(model_id, name.partition("/")[0], (model_id,))
    raise ValidationException("The provided model identifier is invalid")


def _resource(model_id: str, place: Place) -> tuple[str, str, str]:
    if model_id.startswith("arn:"):
        region, account, resource = model_id.split(":", 5)[3:]
        here = region == place.region and account in ("", place.account)
        return resource.partition("/") if here else ("", "", "")
    kind = "inference-profile" if _SYSTEM_PROFILE.fullmatch(model_id) else "foundation-model"
    return kind, "/", model_id


def _foundation(model_id: str, place: Place) -> Model:
    arn = f"arn:{place.partition}:bedrock:{place.region}::foundation-model/{model_id}"
    return Model(arn, model_id, (arn,))


def _system_profile(geography: str, model_id: str, place: Place) -> Model:
    arn = place.arn(f"inference-profile/{geography}.{model_id}")
    model = _foundation(model_id, place)
    # A global profile is also authorized on the model without a Region.
    anywhere = (model.arn.replace(f":{place.region}:", "::"),) if geography == "global" else ()
    return Model(arn, model_id, (arn, model.arn, *anywhere))
