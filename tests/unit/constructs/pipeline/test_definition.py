"""The state machine as Step Functions gets it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from cdk_bedrock_batch._pipeline.definition import Definition

State = Mapping[str, Any]


@pytest.fixture
def definition() -> dict[str, Any]:
    # As it arrives: what is null or empty stays.
    rendered: dict[str, Any] = json.loads(json.dumps(Definition("jobs", "data", "demand", "bucket", "runs/").render()))
    return rendered


def machines(machine: State) -> Iterator[State]:
    """A machine, and those in its Maps."""
    yield machine
    for state in machine["States"].values():
        if state["Type"] == "Map":
            yield from machines(state["ItemProcessor"])


def following(state: State) -> list[str]:
    """Where a state may lead."""
    choices, catchers = state.get("Choices", ()), state.get("Catch", ())
    named = [each.get("Next") for each in (state, *choices, *catchers)]
    return [name for name in (*named, state.get("Default")) if name]


def test_no_two_states_have_one_name(definition: State) -> None:
    """Not even in different Maps: "state names MUST be unique within the scope of the whole state machine"."""
    names = [name for machine in machines(definition) for name in machine["States"]]
    assert sorted(names) == sorted(set(names))


def test_each_state_is_reached_and_leads_to_another_or_to_the_end(definition: State) -> None:
    for machine in machines(definition):
        states = machine["States"]
        led_to = {machine["StartAt"], *(name for state in states.values() for name in following(state))}
        assert led_to == set(states)
        ends = [name for name, state in states.items() if state.get("End") or state["Type"] in ("Fail", "Succeed")]
        assert all(following(state) or name in ends for name, state in states.items())


def test_every_step_that_fails_before_the_jobs_ends_in_a_sentence(definition: State) -> None:
    """The jobs' Map does not: an execution that ended there can be redriven, and goes on."""
    uncaught = {name for name, state in definition["States"].items() if state["Type"] in ("Task", "Map")}
    uncaught -= {name for name, state in definition["States"].items() if "Catch" in state}
    assert uncaught == {"Run jobs"}


def test_a_busy_quota_is_waited_for_and_what_is_refused_is_not(definition: State) -> None:
    retries = definition["States"]["Run jobs"]["ItemProcessor"]["States"]["Start"]["Retry"]
    patience = {error: retry["MaxAttempts"] for retry in retries for error in retry["ErrorEquals"]}
    assert patience["BusyError"] > 10_000
    # Of Get and List as well.
    assert patience["ThrottledError"] > 10_000
    assert "RefusedError" not in patience
    assert "States.ALL" not in patience


def test_a_table_that_takes_no_more_calls_fails_no_shard_and_no_run(definition: State) -> None:
    states = definition["States"]
    start = states["Run jobs"]["ItemProcessor"]["States"]["Start"]
    for state in (start, states["Open"], states["Give up"], states["Close"]):
        tried_again = {error for retry in state["Retry"] for error in retry["ErrorEquals"]}
        # By the names of boto3's classes, which are those of a function's errors.
        assert {"ProvisionedThroughputExceededException", "ClientError", "ThrottledError"} <= tried_again


def test_who_was_killed_is_asked_again_and_rights_that_are_seconds_old_are_waited_for(definition: State) -> None:
    states = definition["States"]
    start = states["Run jobs"]["ItemProcessor"]["States"]["Start"]
    for state in (start, states["Open"], states["Survey"]):
        assert "Runtime.ExitError" in {error for retry in state["Retry"] for error in retry["ErrorEquals"]}
    for state in (states["Open"], states["Survey"]):
        # Of the ledger, and of S3.
        assert {"ClientError", "RefusedError"} <= {error for retry in state["Retry"] for error in retry["ErrorEquals"]}
