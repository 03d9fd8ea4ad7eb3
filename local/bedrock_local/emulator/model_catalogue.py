"""The models and inference profiles that are listed: ministack has a few, in every Region. Seen in ministack 1.5.33.

Listed are those of which it is known whether they take batch jobs, in the Regions where they do, and those of
ministack's own. Documented are their ids; what is said of them besides is made of these.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html,
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListInferenceProfiles.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import bedrock

from bedrock_batch.models.documented import documented
from bedrock_local.bedrock.models.geographies import GEOGRAPHIES
from bedrock_local.environment import PARTITION
from bedrock_local.names.place import Place

NEEDS = (
    "services.bedrock._CATALOG",
    "services.bedrock._get_inference_profile",
    "services.bedrock._inference_profiles_apps",
    "services.bedrock._json",
    "services.bedrock._list_foundation_models",
    "services.bedrock._list_inference_profiles",
    "services.bedrock._model_summary",
    "services.bedrock._not_found",
    "services.bedrock._validation",
)
_MOST = 1000
_TYPES = ("SYSTEM_DEFINED", "APPLICATION")

Query = Mapping[str, list[str]]


def list_documented() -> None:
    """List the models and profiles that jobs may be made with."""
    bedrock._list_foundation_models = _models  # noqa: SLF001 -- see NEEDS
    bedrock._list_inference_profiles = _profiles  # noqa: SLF001 -- the same
    bedrock._get_inference_profile = _profile  # noqa: SLF001 -- the same


def _models(query: Query) -> Any:  # noqa: ANN401 -- ministack's
    wanted = {
        "ProviderName": _first(query, "byProvider"),
        "OutputModalities": _first(query, "byOutputModality"),
        "InferenceTypesSupported": _first(query, "byInferenceType"),
        "CustomizationsSupported": _first(query, "byCustomizationType"),
    }
    found = [
        model
        for model in _all_models(get_region())
        if all(not text or _has(model[name], text) for name, text in wanted.items())
    ]
    return bedrock._json({"ModelSummaries": found})  # noqa: SLF001 -- see NEEDS


def _has(value: str | list[str], text: str) -> bool:
    return text.lower() in [each.lower() for each in ([value] if isinstance(value, str) else value)]


def _all_models(region: str) -> Iterator[dict[str, Any]]:
    table, own = documented(), {entry[0]: entry for entry in bedrock._CATALOG}  # noqa: SLF001 -- see NEEDS
    for model in sorted({*table.alone, *table.without, *own}):
        ways = [("ON_DEMAND", table.alone), ("INFERENCE_PROFILE", table.profile)]
        known = model in table.alone
        types = [way for way, regions in ways if region in regions.get(model, ())] if known else ["ON_DEMAND"]
        if types:
            entry = own.get(model) or _entry(model)
            yield bedrock._model_summary(*entry) | {"InferenceTypesSupported": types}  # noqa: SLF001 -- see NEEDS


def _entry(model: str) -> tuple[str, str, str, list[str], list[str], bool]:
    provider, _, name = model.partition(".")
    embeds = "embed" in name
    return model, name, provider.title(), ["TEXT"], ["EMBEDDING" if embeds else "TEXT"], not embeds


def _profiles(query: Query) -> Any:  # noqa: ANN401 -- ministack's
    begin, size, kind = _first(query, "nextToken") or "0", _first(query, "maxResults"), _first(query, "type")
    if not begin.isdecimal():
        return bedrock._validation("The nextToken is none that a page came with")  # noqa: SLF001 -- see NEEDS
    if size and not (size.isdecimal() and 1 <= int(size) <= _MOST):
        return bedrock._validation(f"maxResults must be 1 to {_MOST}")  # noqa: SLF001 -- see NEEDS
    if kind not in (None, *_TYPES):
        return bedrock._validation(f"type must be one of {', '.join(_TYPES)}")  # noqa: SLF001 -- see NEEDS
    found = [each for each in _all_profiles() if kind in (None, each["Type"])]
    end = int(begin) + int(size or _MOST)
    page = {"InferenceProfileSummaries": found[int(begin) : end]}
    return bedrock._json({**page, "NextToken": str(end)} if end < len(found) else page)  # noqa: SLF001 -- see NEEDS


def _profile(identifier: str) -> Any:  # noqa: ANN401 -- ministack's
    for each in _all_profiles():
        if identifier in (each["InferenceProfileId"], each["InferenceProfileArn"]):
            return bedrock._json(each)  # noqa: SLF001 -- see NEEDS
    return bedrock._not_found(f"Could not find inference profile {identifier}.")  # noqa: SLF001 -- see NEEDS


def _all_profiles() -> list[dict[str, Any]]:
    of_system = list(_of_system(Place(PARTITION, get_region(), get_account_id())))
    models = {each["InferenceProfileArn"]: each["Models"] for each in of_system}
    of_applications = bedrock._inference_profiles_apps.values()  # noqa: SLF001 -- see NEEDS
    # ministack keeps the ARN of a system-defined profile where one was made of it; AWS answers the models.
    own = (each | {"Models": models.get(each["Models"][0]["ModelArn"], each["Models"])} for each in of_applications)
    return [*of_system, *own]


def _of_system(place: Place) -> Iterator[dict[str, Any]]:
    table = documented()
    for model in (model for model, regions in table.profile.items() if place.region in regions):
        for name, geography in GEOGRAPHIES.items():
            if place.region.startswith(geography.sources) and (name != "global" or model in table.worldwide):
                regions = dict.fromkeys([place.region, *(geography.regions or ("",))])
                arns = (Place(place.partition, each, "").arn(f"foundation-model/{model}") for each in regions)
                yield {
                    "InferenceProfileName": f"{name.upper()} {model}",
                    "InferenceProfileId": f"{name}.{model}",
                    "InferenceProfileArn": place.arn(f"inference-profile/{name}.{model}"),
                    "Models": [{"ModelArn": arn} for arn in arns],
                    "Status": "ACTIVE",
                    "Type": "SYSTEM_DEFINED",
                }


def _first(query: Query, name: str) -> str | None:
    return next(iter(query.get(name) or []), None)
