"""Which models and inference profiles take batch jobs in a Region, and how much a job of each may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bedrock_batch.jobs.arn import model_and_route
from bedrock_batch.models.account import Account, ask_account
from bedrock_batch.models.documented import documented
from bedrock_batch.models.quotas import Limits, limits_by_name, quota_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_bedrock import BedrockClient

YES, NO, UNKNOWN = "documented", "no", "not known"
#: Of a profile that nobody lists: every Region has others.
_ANY_GEOGRAPHY = "GEOGRAPHY."


@dataclass(frozen=True)
class OfferedModel:
    """A model or inference profile, as a job may name it.

    Attributes
    ----------
    id : str
        What a job names: the id of the model or of a system-defined profile, the ARN of an application's own profile.
        Begins with ``GEOGRAPHY.`` where there are profiles that could not be listed.
    model : str
        The id of the foundation model.
    name : str
        What its owner calls an application's own profile; empty for all else.
    batch : str
        ``documented``: AWS's page has it for this Region. ``no``: the page has the model, but not so, or a source says
        that it takes no jobs. ``not known``: nobody says. No API tells: ListFoundationModels knows ON_DEMAND,
        PROVISIONED and INFERENCE_PROFILE.
    why : str
        In words: what is to be named in its place, or which source says so.
    limits : dict of str to int
        The quotas of the account for the model, by the names of `RecordLimits`, and `jobs_per_model`, jobs that are
        submitted or in progress; empty where they are not known.
    """

    id: str
    model: str
    name: str
    batch: str
    why: str
    limits: Limits


class _Profile(NamedTuple):
    """A profile: what a job names, the model behind it and how requests get there, and its owner's name of it."""

    id: str
    model: str
    route: str
    name: str


@dataclass(frozen=True)
class Offer:
    """What a Region offers.

    Attributes
    ----------
    region : str
        The Region.
    models : tuple of OfferedModel
        Those that AWS documents for batch inference first, each part by id.
    unclaimed : dict of str to dict
        The limits of models that the quotas call by names of which the ids are not known.
    unknown : tuple of str
        What the account does not say, and why.
    """

    region: str
    models: tuple[OfferedModel, ...]
    unclaimed: dict[str, Limits]
    unknown: tuple[str, ...]


def offered_models(bedrock: BedrockClient, quotas: Any) -> Offer:  # noqa: ANN401 - boto3 makes its clients at run time
    """Find out which models and inference profiles take batch jobs in the Region of two clients.

    AWS has no API that says so; its page does ("Supported Regions and models for batch inference",
    https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html, as of autumn 2026). The account
    says which of them there are (``bedrock:ListFoundationModels``, ``bedrock:ListInferenceProfiles``) and what its
    quotas are (``servicequotas:ListServiceQuotas``, and for what that leaves out
    ``servicequotas:ListAWSDefaultServiceQuotas``); what it may not be asked is told in `Offer.unknown`.

    Parameters
    ----------
    bedrock : boto3 client of bedrock
        In the Region that is meant.
    quotas : boto3 client of service-quotas
        In the same Region.

    Raises
    ------
    botocore.exceptions.ClientError
        If a call fails for another reason than a permission.
    """
    account, region = ask_account(bedrock, quotas), bedrock.meta.region_name
    limits = limits_by_name(account.quotas or ())
    named = {model: limits.pop(name) for model, name in quota_names().items() if name in limits}
    found = {model.id: model for model in _offered(account, region, named)}
    ordered = sorted(found.values(), key=lambda each: ((YES, UNKNOWN, NO).index(each.batch), each.id))
    return Offer(region, tuple(ordered), limits, account.unknown)


def _offered(account: Account, region: str, limits: Mapping[str, Limits]) -> Iterator[OfferedModel]:
    for model, ways in _models(account, region):
        yield OfferedModel(model, model, "", *_of_model(model, region, ways), limits.get(model, {}))
    for profile in _profiles(account, region):
        judged = _of_profile(profile, region) if profile.route else _of_model(profile.model, region, [])
        yield OfferedModel(profile.id, profile.model, profile.name, *judged, limits.get(profile.model, {}))


def _models(account: Account, region: str) -> Iterator[tuple[str, list[str]]]:
    """Yield a model, and the `inferenceTypesSupported` if they are known."""
    if account.models is None:
        yield from ((model, []) for model, regions in documented().alone.items() if region in regions)
        return
    yield from ((str(each["modelId"]), each.get("inferenceTypesSupported", [])) for each in account.models)


def _profiles(account: Account, region: str) -> Iterator[_Profile]:
    if account.profiles is None:
        documented_here = (model for model, there in documented().profile.items() if region in there)
        yield from (_Profile(f"{_ANY_GEOGRAPHY}{model}", model, "geo", "") for model in documented_here)
        return
    for profile in account.profiles:
        model, route = model_and_route(str(each.get("modelArn", "")) for each in profile.get("models", ())) or ("", "")
        if profile.get("type") == "SYSTEM_DEFINED":
            name = str(profile["inferenceProfileId"])
            yield _Profile(name, model, "global" if name.startswith("global.") else "geo", "")
        else:
            arn, name = str(profile["inferenceProfileArn"]), str(profile.get("inferenceProfileName", ""))
            yield _Profile(arn, model, route, name)


def _of_model(model: str, region: str, ways: list[str]) -> tuple[str, str]:
    table = documented()
    if ways == ["PROVISIONED"]:
        return NO, "only as a provisioned model, of which there are no jobs"
    if model not in table.alone:
        return _elsewhere(model)
    if region in table.alone[model]:
        return YES, ""
    if region in table.profile[model]:
        return NO, "jobs in this Region name an inference profile of it"
    return NO, "not in this Region"


def _of_profile(profile: _Profile, region: str) -> tuple[str, str]:
    table, model = documented(), profile.model
    if model not in table.profile:
        return _elsewhere(model)
    if profile.route == "global" and model not in table.worldwide:
        return NO, "no global profile of it is documented"
    if region in table.profile[model]:
        return YES, ""
    if region in table.alone[model]:
        return NO, "jobs in this Region name the model itself"
    return NO, "not in this Region"


def _elsewhere(model: str) -> tuple[str, str]:
    """Say what is known of a model that AWS's page about batch inference does not have."""
    source = documented().without.get(model)
    return (NO, source) if source else (UNKNOWN, "on none of AWS's pages about batch inference")
