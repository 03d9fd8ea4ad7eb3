"""The table is whole, and tells each value of each switch from the other."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from tests.faults.fact import Sure
from tests.faults.facts import FACTS

from .records import MAX_TOKENS
from .table import NOT_TRIED, TRIALS

SWITCHES = {field.name for field in fields(Behaviours)}


def test_every_switch_and_every_fact_that_nobody_knows_is_tried_or_said_not_to_be() -> None:
    tried = {trial.switch for trial in TRIALS.values()} | NOT_TRIED.keys()
    assert tried >= SWITCHES
    unknown = {name for name, fact in FACTS.items() if fact.sure is Sure.UNKNOWN}
    assert unknown - TRIALS.keys() - NOT_TRIED.keys() == set()
    assert NOT_TRIED.keys() & (TRIALS.keys() | {trial.switch for trial in TRIALS.values()}) == set()


def test_a_trial_knows_each_value_of_its_switch() -> None:
    kinds = get_type_hints(Behaviours)
    for trial in TRIALS.values():
        kind = kinds.get(trial.switch)
        words = set(get_args(kind)) if get_origin(kind) is Literal else set()
        found = " ".join([*trial.values.values(), *trial.values])
        assert {word for word in words if not re.search(rf"\b{word}\b", found)} == set(), trial.fact


def test_what_no_switch_does_is_not_taken_for_a_value() -> None:
    trial = TRIALS["name in use"]
    assert trial.value("ServiceQuotaExceededException: too many") == ""
    assert trial.value("ConflictException: in use") == "conflict"


def test_the_page_says_what_is_paid() -> None:
    page = (Path(__file__).parents[2] / "docs" / "real-account.md").read_text(encoding="utf-8")
    paid = [trial.paid for trial in TRIALS.values() if trial.paid]
    assert f"{sum(paid):,} at most" in page
    assert f"answer of at most {MAX_TOKENS}" in page
