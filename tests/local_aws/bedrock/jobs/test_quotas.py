"""Quotas as a user sets them."""

import re

import pytest

from bedrock_local.bedrock.jobs.quotas import Quotas

SCOUT = "meta.llama4-scout-17b-instruct-v1:0"
NOVA = "amazon.nova-lite-v1:0"


def test_without_a_setting_they_are_the_services() -> None:
    quotas = Quotas.parse([])
    assert quotas.of(NOVA).min_records_per_job == 100
    assert quotas.of(SCOUT).min_records_per_job == 50
    assert (quotas.records_per_file, quotas.records_per_job, quotas.jobs_per_model) == (50_000, 50_000, 20)
    assert (quotas.bytes_per_file, quotas.bytes_per_job) == (1024**3, 5 * 1024**3)


def test_a_setting_is_for_all_models_or_for_one() -> None:
    quotas = Quotas.parse(
        ["min_records_per_job=1", f"{NOVA}/records_per_job=7", "jobs_per_model=3", f"{SCOUT}/jobs_per_model=4"]
    )
    assert (quotas.of(NOVA).min_records_per_job, quotas.of(NOVA).records_per_job) == (1, 7)
    assert quotas.of("another.model").records_per_job == 50_000
    assert (quotas.of(NOVA).jobs_per_model, quotas.of(SCOUT).jobs_per_model) == (3, 4)
    # The exception of the service's stays until it is set by its name.
    assert quotas.of(SCOUT).min_records_per_job == 50


@pytest.mark.parametrize(
    "setting", ["records=1", "records_per_job", "records_per_job=many", "records_per_job=-1", "by_model=1"]
)
def test_a_setting_that_is_none_says_which_there_are(setting: str) -> None:
    records = "min_records_per_job, records_per_file, records_per_job"
    names = f"{records}, bytes_per_file, bytes_per_job, jobs_per_model, kept_jobs"
    words = re.escape(f"with a NAME out of {names}; got {setting!r}")
    with pytest.raises(ValueError, match=words):
        Quotas.parse([setting])
