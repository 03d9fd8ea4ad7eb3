"""What a ``modelId`` stands for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bedrock_local.bedrock.access.ports import NO_CONTEXT, Context
from bedrock_local.bedrock.models.geographies import GEOGRAPHIES
from bedrock_local.bedrock.service_model.errors import ValidationException
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place

# Whatever looks like ``<provider>.<model>`` may be one; `batch_models` says what is known of it.
_FOUNDATION = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[a-z0-9-]+){0,2}")
# These providers have a version in every id, others only in some: "anthropic.claude-sonnet-5" is one.
_VERSIONED = re.compile(r"(?:ai21|amazon|cohere|meta|writer)\..*|anthropic\.claude-(?:3|instant).*")
_VERSION = re.compile(r".*-v\d+(?:-\d+)*(?::[a-z0-9-]+){0,2}")


class ModelCatalogue(Protocol):
    """The account's own models and inference profiles, in the Region of the request; and where AWS's own route to."""

    def profile_regions(self, geography: str) -> tuple[str, ...]:
        """Return the Regions that the system-defined profiles of a geography route to."""

    def profile_models(self, profile_id: str) -> tuple[str, ...]:
        """Return the ARNs that an application inference profile was made from; none if there is no such profile."""

    def has_custom_model(self, arn: str) -> bool:
        """Say whether there is a custom model of an ARN."""


@dataclass(frozen=True)
class Model:
    """A model that a job can name.

    Parameters
    ----------
    arn
        What Get and List answer as ``modelId``: always an ARN, whatever was sent.
    foundation_id
        The foundation model behind it. Decides the format of bodies, and the quotas.
    routed
        For an inference profile the ARNs of its model in each Region that it routes to. Default: it is no profile.
    named
        The id of the foundation model or system-defined profile that is named, if only by an application's profile.
        Default: none, as of a custom model.
    """

    arn: str
    foundation_id: str
    routed: tuple[str, ...] = ()
    named: str = ""

    @property
    def arns(self) -> tuple[str, ...]:
        """What both the caller and the service role need: https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html."""
        return (self.arn, *self.routed)

    def invocations(self, *, through_profile: bool) -> Iterator[tuple[str, Context]]:
        """Go through what is asked of the service role.

        Parameters
        ----------
        through_profile
            Whether the requests for the models behind a profile name it, in the condition key that
            https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html has for InvokeModel.

        Yields
        ------
        tuple[str, Context]
            An ARN, and the condition keys of the request.
        """
        yield self.arn, NO_CONTEXT
        for arn in self.routed:
            yield arn, {"bedrock:InferenceProfileArn": self.arn} if through_profile else NO_CONTEXT


def resolve(model_id: str, place: Place, catalogue: ModelCatalogue) -> Model:
    """Find the model that an id or ARN stands for.

    Parameters
    ----------
    model_id
        Model id, or ARN of a foundation model, custom model or inference profile.
    place
        Where the job is made.
    catalogue
        Knows the account's own models and profiles.

    Returns
    -------
    Model
        The model.

    Raises
    ------
    ValidationException
        If it is none of these, an ARN of another Region or account, an id without the version that its provider's ids
        have, a profile of another geography, or something of the account's own that does not exist. Provisioned models
        have no batch inference (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html).
    """
    kind, _, name = _resource(model_id, place)
    model = None
    if kind == "foundation-model" and _is_foundation(name):
        model = Model(_foundation_arn(name, place.region, place), name, named=name)
    elif kind == "inference-profile":
        model = _system_profile(name, place, catalogue)
    elif kind == "application-inference-profile":
        model = _application_profile(name, place, catalogue)
    elif kind == "custom-model" and catalogue.has_custom_model(model_id):
        model = Model(model_id, name.partition("/")[0])
    if model is None:
        raise ValidationException("The provided model identifier is invalid")
    return model


def _resource(model_id: str, place: Place) -> tuple[str, str, str]:
    if arn := Arn.find(model_id):
        here = arn.region == place.region and arn.account in ("", place.account)
        return arn.resource.partition("/") if here else ("", "", "")
    kind = "inference-profile" if model_id.partition(".")[0] in GEOGRAPHIES else "foundation-model"
    return kind, "/", model_id


def _is_foundation(name: str) -> bool:
    return bool(_FOUNDATION.fullmatch(name)) and not (_VERSIONED.fullmatch(name) and not _VERSION.fullmatch(name))


def _foundation_arn(name: str, region: str, place: Place) -> str:
    return Place(place.partition, region, "").arn(f"foundation-model/{name}")


def _system_profile(name: str, place: Place, catalogue: ModelCatalogue) -> Model | None:
    prefix, _, foundation_id = name.partition(".")
    geography = GEOGRAPHIES.get(prefix)
    if geography is None or not place.region.startswith(geography.sources) or not _is_foundation(foundation_id):
        return None
    # Without a Region: any, for global profiles.
    regions = dict.fromkeys([place.region, *(catalogue.profile_regions(prefix) or ("",))])
    arns = tuple(_foundation_arn(foundation_id, region, place) for region in regions)
    return Model(place.arn(f"inference-profile/{name}"), foundation_id, arns, name)


def _application_profile(name: str, place: Place, catalogue: ModelCatalogue) -> Model | None:
    sources = [resolve(source, place, catalogue) for source in catalogue.profile_models(name)]
    if not sources:
        return None
    routed = tuple(arn for source in sources for arn in source.routed or (source.arn,))
    first = sources[0]
    return Model(place.arn(f"application-inference-profile/{name}"), first.foundation_id, routed, first.named)
