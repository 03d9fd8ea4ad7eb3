"""The table is whole, and tells each value of each switch from the other."""

import re
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.local_aws import LocalAws
from tests.faults.fact import Sure
from tests.faults.facts import FACTS

from .account import open_account
from .bench import Lab
from .events import Events
from .own import clean, find
from .run import try_all
from .table import NOT_TRIED, TRIALS
from .world import make_world

SWITCHES = {field.name for field in fields(Behaviours)}
#: The value of each switch that is not its default.
OTHER = {
    "name_of_ended_job": "free",
    "name_in_use": "validation",
    "repeated_token": "earlier-job",
    "stop_of_ended_job": "conflict",
    "tags_of_ended_job": "readable",
    "end_time": "same",
    "unassumable_role": "request-fails",
    "client_request_token": "absent",
    "uris": "slash-removed",
    "inference_profile_key": "present",
    "rules_without_targets": "counted",
    "profile_regions": "us:us-east-1,us-west-1",
}
#: Seconds; a role's policy is made a moment after the role.
NUMBERS = {"role_propagation": 1, "young_role": 3}


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


@pytest.fixture
def account(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An account whose Bedrock does everything the other way."""
    with LocalAws(model="echo", directory=tmp_path, speed=500, behaviours={**OTHER, **NUMBERS}) as aws:
        for name, value in aws.settings().items():
            monkeypatch.setenv(name, value)
        yield open_account(aws.account, aws.region)


def test_the_other_value_of_each_switch_is_seen(account: Any) -> None:
    world = make_world(account, lambda _: None)
    lab = Lab(world, "amazon.nova-micro-v1:0", "other", Events(world))
    lab.sleep(max(NUMBERS.values()))
    findings = try_all(lab, [name for name, trial in TRIALS.items() if trial.switch], lambda _: None)
    seen = {TRIALS[name].switch: finding for name, finding in findings.items()}
    assert {switch: seen[switch].value for switch in OTHER} == OTHER, {each: seen[each].seen for each in OTHER}
    assert {seen[switch].verdict for switch in OTHER} == {"as here with the switch"}
    for switch, seconds in NUMBERS.items():
        assert seconds - 1 <= float(seen[switch].value) <= seconds + 3, seen[switch].seen
    assert clean(account, lambda _: None) == []
    assert list(find(account)) == []
