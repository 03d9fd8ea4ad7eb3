"""The definitions of our state machines are in the States Language: two judges say so, who object to what is not."""

import copy
from pathlib import Path

import pytest

from tests.judges.definitions import JUDGES, Definition, definitions

OURS = {"BedrockBatchProviderLooks954263DB", "NightlyStateMachineF28BA435"}
#: Mistakes in the pipeline's, by who objects to them.
MISTAKES = {
    "NoType": {"asl-validator", "cfn-lint"},
    "NoChoices": {"asl-validator", "cfn-lint"},
    "NoSuchState": {"asl-validator"},
    "NoPath": {"asl-validator", "cfn-lint"},
}


def mistaken(name: str) -> Definition:
    definition = copy.deepcopy(definitions()["NightlyStateMachineF28BA435"])
    states = definition["States"]
    match name:
        case "NoType":
            del states["Run jobs"]["ItemProcessor"]["States"]["Collect"]["Type"]
        case "NoChoices":
            del states["What now?"]["Choices"]
        case "NoSuchState":
            states["Ask"]["ItemProcessor"]["States"]["Ask records"]["Next"] = "Nowhere"
        case "NoPath":
            states["Open"]["OutputPath"] = "Payload"
    return definition


@pytest.mark.parametrize("judge", JUDGES)
def test_each_definition_is_valid_and_what_is_not_is_objected_to(judge: str, tmp_path: Path) -> None:
    ours, planted = definitions(), {name: mistaken(name) for name in MISTAKES}
    assert ours.keys() == OURS
    expected = {name for name, judges in MISTAKES.items() if judge in judges}
    assert JUDGES[judge]({**ours, **planted}, tmp_path) == expected
