"""What the construct and the function have to agree on so that what is waited for is told, and in time."""

import re
from pathlib import Path

from cdk_bedrock_batch._function import ends, properties, provider
from model_invocation_job import parts
from model_invocation_job.jobs import stacks
from model_invocation_job.requests import resource_types
from model_invocation_job.waiting import ending, registration


def test_cloudformation_is_as_patient_as_the_function_takes_it_to_be() -> None:
    assert int(provider.SERVICE_TIMEOUT) == stacks.SERVICE_TIMEOUT


def test_links_are_as_many_as_the_function_holds_each_for() -> None:
    assert ends.HELD_SECONDS == ending.HELD_SECONDS


def test_a_condition_is_told_before_it_gives_up() -> None:
    assert ends.LONGEST == "PT12H"
    assert registration.LONGEST_WAIT < 12 * 3600


def test_the_resources_are_called_the_same() -> None:
    assert properties.RESOURCE_TYPE == resource_types.JOB
    assert properties.RESULTS_TYPE == resource_types.RESULTS
    assert properties.LINK_TYPE == resource_types.LINK


def test_the_function_finds_its_table_and_its_machine() -> None:
    template = Path(str(provider.__file__)).with_name("functions.yaml").read_text(encoding="utf-8")
    told = re.search(r"Variables:\n((?: {10}\w+: .*\n)+)", template)
    assert told
    assert {line.split(":")[0].strip() for line in told[1].splitlines()} == {
        parts.WAITS_TABLE,
        parts.LOOKS_STATE_MACHINE,
    }
