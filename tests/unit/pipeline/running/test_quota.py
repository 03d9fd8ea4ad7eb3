"""As many jobs as the account has left: its own quota, less what others have running of the same model."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from batch_inference_pipeline.errors import BusyError, PipelineError
from batch_inference_pipeline.running.quota import OfAccount
from bedrock_local.local_aws import LocalAws

from .world import World

NAME = "Sum of in-progress and submitted batch inference jobs using a base model for {}"
NOVA = "amazon.nova-lite-v1:0"


@dataclass
class Quotas:
    """Service Quotas, as it answers; or as it refuses."""

    quotas: Mapping[str, float]
    refuses: bool = False
    asked: int = 0

    def get_paginator(self, operation: str) -> "Quotas":
        assert operation == "list_service_quotas"
        self.asked += 1
        return self

    def paginate(self, **asked: str) -> Sequence[Any]:
        assert asked == {"ServiceCode": "bedrock"}
        if self.refuses:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "ListServiceQuotas")
        return [{"Quotas": [{"QuotaName": name, "Value": value}]} for name, value in self.quotas.items()]


@dataclass
class Models:
    name: str = "Nova Lite"

    def get_foundation_model(self, modelIdentifier: str) -> Any:  # noqa: N803 (boto3's)
        assert modelIdentifier == NOVA
        return {"modelDetails": {"modelName": self.name}}


def quota(world: World, quotas: Quotas, name: str = "Nova Lite") -> OfAccount:
    return OfAccount(quotas, Models(name), world.jobs, NOVA, world.specification.prefix)


@pytest.mark.parametrize(
    ("name", "called", "others"),
    [
        ("Nova Lite", "Nova Lite V1", "Nova 2 Lite"),
        ("Claude 3.5 Sonnet", "Claude 3.5 Sonnet", "Claude 3.5 Sonnet v2"),
        ("Claude 3.5 Sonnet v2", "Claude 3.5 Sonnet v2", "Claude 3.5 Sonnet"),
        ("gpt-oss-20b", "OpenAI GPT OSS 20b", "OpenAI GPT OSS 120b"),
    ],
)
def test_a_quota_calls_a_model_nearly_as_bedrock_does(world: World, name: str, called: str, others: str) -> None:
    assert quota(world, Quotas({NAME.format(others): 7.0, NAME.format(called): 3.0}), name).limit == 3


def test_the_quota_that_service_quotas_tells_is_the_one_that_is_kept_to(world: World, tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path, quotas={f"{NOVA}/jobs_per_model": 3}) as aws:
        told = OfAccount(aws.client("service-quotas"), aws.client("bedrock"), world.jobs, NOVA, "any")
        assert told.limit == 3


def test_others_jobs_of_the_model_take_places_and_those_of_other_models_do_not(world: World) -> None:
    told = quota(world, Quotas({NAME.format("Amazon Nova Lite"): 3.0, NAME.format("Amazon Nova Pro"): 50.0}))
    world.bedrock.foreign_job("theirs")
    world.bedrock.foreign_job("another", modelId="amazon.nova-pro-v1:0")
    world.opening = world.opening_with(told)
    assert world.open()["Places"] == 3
    for shard in (1, 2):
        world.starting.start(world.order(shard))
    with pytest.raises(BusyError):
        world.starting.start(world.order(3))
    # Its own take none of what others leave.
    assert told.places(3) == 2


@pytest.mark.parametrize(
    "quotas", [Quotas({}), Quotas({NAME.format("Amazon Nova Pro"): 50.0}), Quotas({}, refuses=True)]
)
def test_where_the_accounts_own_cannot_be_told_the_usual_one_counts_and_the_log_says_so(
    world: World, quotas: Quotas, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert quota(world, quotas).limit == 20
    assert "20 jobs at once are taken for it" in caplog.text


def test_an_account_that_may_have_no_job_at_all_is_told_so_and_nothing_waits_for_ever(world: World) -> None:
    called = NAME.format("Nova Lite V1")
    world.opening = world.opening_with(quota(world, Quotas({called: 0.0})))
    says = f"may have 0 jobs of {NOVA} at once: ask Service Quotas for more of '{called}'"
    with pytest.raises(PipelineError, match=says):
        world.open()
