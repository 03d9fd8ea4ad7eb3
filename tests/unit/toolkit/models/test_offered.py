"""Which models take batch jobs: what is documented, and what an account says of itself."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from bedrock_batch import Offer, OfferedModel, offered_models
from bedrock_batch.models.quotas import LIMITS, limits_by_name

GIGABYTE = 1024**3


class Client:
    """A client that has answers for some operations, a few items on a page, and is denied all others."""

    def __init__(self, region: str = "us-east-1", **answers: list[Mapping[str, Any]] | str) -> None:
        self.meta = SimpleNamespace(region_name=region)
        self.answers, self.operation = answers, ""

    def list_foundation_models(self) -> dict[str, Any]:
        return {"modelSummaries": self._answer("models")}

    def get_paginator(self, operation: str) -> "Client":
        self.operation = operation
        return self

    def paginate(self, typeEquals: str = "", ServiceCode: str = "") -> Iterator[dict[str, Any]]:  # noqa: N803 - the API's
        names = {"list_service_quotas": "quotas", "list_aws_default_service_quotas": "defaults"}
        name, member = names.get(self.operation, "profiles"), "Quotas" if ServiceCode else "inferenceProfileSummaries"
        assert typeEquals or ServiceCode == "bedrock"
        found = [each for each in self._answer(name) if each.get("type", "") == typeEquals]
        for begin in range(0, len(found) or 1, 2):
            yield {member: found[begin : begin + 2]}

    def _answer(self, name: str) -> list[Mapping[str, Any]]:
        answer = self.answers.get(name, "AccessDeniedException")
        if answer == "nowhere":
            raise EndpointConnectionError(endpoint_url="https://servicequotas.us-east-1.amazonaws.com")
        if isinstance(answer, str):
            raise ClientError({"Error": {"Code": answer, "Message": "no"}}, name)
        return answer


def model(model_id: str, *ways: str) -> dict[str, Any]:
    return {"modelId": model_id, "inferenceTypesSupported": list(ways or ("ON_DEMAND",))}


def profile(name: str) -> dict[str, Any]:
    arn = f"arn:aws:bedrock:us-east-1::foundation-model/{name.partition('.')[2]}"
    return {"inferenceProfileId": name, "models": [{"modelArn": arn}], "type": "SYSTEM_DEFINED"}


def quota(name: str, value: float) -> dict[str, Any]:
    return {"QuotaName": name, "Value": value}


def offer(region: str = "us-east-1", **answers: list[Mapping[str, Any]] | str) -> Offer:
    client = Client(region, **answers)
    return offered_models(client, client)  # type: ignore[arg-type] # as much of it as is asked


def by_id(found: Offer) -> dict[str, OfferedModel]:
    return {each.id: each for each in found.models}


def test_models_and_profiles_are_told_apart_by_region() -> None:
    models = [model("amazon.nova-lite-v1:0"), model("amazon.nova-premier-v1:0"), model("anthropic.claude-opus-5")]
    profiles = [profile("us.amazon.nova-premier-v1:0"), profile("us.amazon.nova-lite-v1:0")]
    found = by_id(offer(models=models, profiles=profiles, quotas=[]))
    assert {name: (each.batch, each.why) for name, each in found.items()} == {
        "amazon.nova-lite-v1:0": ("documented", ""),
        "us.amazon.nova-lite-v1:0": ("documented", ""),
        "us.amazon.nova-premier-v1:0": ("documented", ""),
        "amazon.nova-premier-v1:0": ("no", "jobs in this Region name an inference profile of it"),
        "anthropic.claude-opus-5": ("no", "jobs in this Region name an inference profile of it"),
    }
    elsewhere = by_id(offer("us-west-2", models=models[:1], profiles=[profile("us.amazon.titan-embed-text-v2:0")]))
    assert elsewhere["amazon.nova-lite-v1:0"].batch == "no"
    assert elsewhere["us.amazon.titan-embed-text-v2:0"].why == "jobs in this Region name the model itself"


@pytest.mark.parametrize(
    ("name", "batch", "why"),
    [
        ("anthropic.claude-sonnet-5", "no", "seen: refused by CreateModelInvocationJob"),
        ("cohere.embed-v4:0", "no", "documented: on https://docs.aws.amazon.com/bedrock/latest/userguide/models-supp"),
        ("zai.glm-9", "not known", "on none of AWS's pages about batch inference"),
        ("mistral.mistral-large-2407-v1:0", "no", "not in this Region"),
    ],
)
def test_what_takes_no_jobs_or_is_not_known_to_is_said(name: str, batch: str, why: str) -> None:
    found = by_id(offer(models=[model(name)], profiles=[profile(f"us.{name}")], quotas=[]))
    assert found[name].batch == found[f"us.{name}"].batch == batch
    assert found[name].why.startswith(why)


def test_a_provisioned_model_takes_no_jobs_and_a_global_profile_must_be_one_of_those() -> None:
    models = [model("amazon.nova-lite-v1:0:24k", "PROVISIONED")]
    profiles = [profile("global.amazon.nova-2-lite-v1:0"), profile("global.amazon.nova-pro-v1:0")]
    found = by_id(offer(models=models, profiles=profiles, quotas=[]))
    assert found["amazon.nova-lite-v1:0:24k"].why == "only as a provisioned model, of which there are no jobs"
    assert found["global.amazon.nova-2-lite-v1:0"].batch == "documented"
    assert found["global.amazon.nova-pro-v1:0"].why == "no global profile of it is documented"


def test_an_applications_own_profile_is_judged_by_what_it_was_made_of() -> None:
    def own(name: str, model: str, *regions: str) -> dict[str, Any]:
        arn = f"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/{name}"
        models = [{"modelArn": f"arn:aws:bedrock:{region}::foundation-model/{model}"} for region in regions]
        return {"inferenceProfileArn": arn, "inferenceProfileName": name, "type": "APPLICATION", "models": models}

    profiles = [
        own("one", "amazon.nova-lite-v1:0", "us-east-1"),
        own("embeddings", "amazon.titan-embed-text-v2:0", "us-east-1"),
        own("bare", "anthropic.claude-opus-5", "us-east-1"),
        own("several", "anthropic.claude-opus-5", "us-east-1", "us-west-2"),
        own("worldwide", "amazon.nova-pro-v1:0", "us-east-1", ""),
        own("empty", ""),
    ]
    found = {each.name: each for each in offer(models=[], profiles=profiles, quotas=[]).models}
    assert found["one"].id.endswith(":application-inference-profile/one")
    assert {name: (each.model, each.batch) for name, each in found.items()} == {
        "one": ("amazon.nova-lite-v1:0", "documented"),
        "embeddings": ("amazon.titan-embed-text-v2:0", "documented"),
        "bare": ("anthropic.claude-opus-5", "no"),
        "several": ("anthropic.claude-opus-5", "documented"),
        "worldwide": ("amazon.nova-pro-v1:0", "no"),
        "empty": ("", "not known"),
    }


def test_limits_are_the_accounts_quotas() -> None:
    quotas = [
        quota("Minimum number of records per batch inference job for Claude 3.5 Haiku", 100.0),
        quota("Records per input file per batch inference job for Claude 3.5 Haiku", 50_000.0),
        quota("Records per batch inference job for Claude 3.5 Haiku", 75_000.0),
        quota("Batch inference input file size (in GB) for Claude 3.5 Haiku", 1.0),
        quota("Batch inference job size for Claude 3.5 Haiku (in GB)", 5.0),
        quota("Sum of in-progress and submitted batch inference jobs using a base model for Claude 3.5 Haiku", 20.0),
        quota("Sum of in-progress and submitted batch inference jobs using a custom model for Nova Lite", 3.0),
        quota("On-demand InvokeModel requests per minute for Claude 3.5 Haiku", 1000.0),
        quota("Records per batch inference job for Someone's Model 7", 9.0),
    ]
    found = offer("us-west-2", models=[model("anthropic.claude-3-5-haiku-20241022-v1:0")], profiles=[], quotas=quotas)
    assert found.models[0].limits == dict(zip(LIMITS, (100, 50_000, 75_000, GIGABYTE, 5 * GIGABYTE, 20), strict=True))
    assert found.unclaimed == {"Someone's Model 7": {"records_per_job": 9}}
    assert found.unknown == ("not known: servicequotas:ListAWSDefaultServiceQuotas is denied",)
    assert limits_by_name([]) == {}


def test_what_the_account_has_no_value_of_has_awss_own() -> None:
    name = "Records per batch inference job for Nova Lite V1"
    least = "Minimum number of records per batch inference job for Nova Lite V1"
    defaults = [quota(name, 50_000.0), quota(least, 100.0)]
    found = offer(models=[model("amazon.nova-lite-v1:0")], profiles=[], quotas=[quota(name, 9e4)], defaults=defaults)
    assert found.models[0].limits == {"records_per_job": 90_000, "min_records_per_job": 100}
    assert found.unknown == ()
    denied = offer(models=[model("amazon.nova-lite-v1:0")], profiles=[], defaults=defaults)
    assert denied.models[0].limits == {"records_per_job": 50_000, "min_records_per_job": 100}
    assert denied.unknown == ("not known: servicequotas:ListServiceQuotas is denied",)


def test_what_is_denied_is_not_known_and_the_rest_is_there() -> None:
    found = offer()
    assert found.unknown == (
        "not known: bedrock:ListFoundationModels is denied",
        "not known: bedrock:ListInferenceProfiles is denied",
        "not known: servicequotas:ListServiceQuotas is denied",
        "not known: servicequotas:ListAWSDefaultServiceQuotas is denied",
    )
    documented = by_id(found)
    assert documented["amazon.nova-lite-v1:0"].batch == "documented"
    assert documented["GEOGRAPHY.anthropic.claude-opus-5"].batch == "documented"
    assert all(each.limits == {} for each in found.models)


def test_another_failure_is_an_error() -> None:
    with pytest.raises(ClientError):
        offer(models="ThrottlingException")


@pytest.mark.parametrize(
    ("answer", "why"),
    [("NoSuchResourceException", "has no Bedrock in this Region"), ("nowhere", "cannot be reached from here")],
)
def test_quotas_that_are_not_there_leave_the_rest(answer: str, why: str) -> None:
    found = offer(models=[model("amazon.nova-lite-v1:0")], profiles=[], quotas=answer, defaults=answer)
    assert found.models[0].batch == "documented"
    assert found.unknown == (
        f"not known: servicequotas:ListServiceQuotas {why}",
        f"not known: servicequotas:ListAWSDefaultServiceQuotas {why}",
    )


def test_a_region_that_cannot_be_reached_is_an_error() -> None:
    with pytest.raises(EndpointConnectionError):
        offer(models="nowhere")
