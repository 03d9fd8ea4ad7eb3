import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import botocore.session
import pytest

from bedrock_batch import RecordLimits, check

from .conftest import WriteInput


def messages(path: Path, limits: RecordLimits) -> list[str]:
    return [str(problem).removeprefix(f"{path.parent}/") for problem in check(path, limits=limits).problems]


def test_99_records_are_too_few_and_100_enough(write_input: WriteInput) -> None:
    assert messages(write_input(99), RecordLimits()) == [
        (
            "prompts.jsonl: has 99 of the at least 100 records that a job needs; add 1 more, "
            "or say --limit min_records_per_job=99 (in Python, limits=RecordLimits(min_records_per_job=99)) if the "
            "quota of the model is that low"
        )
    ]
    assert messages(write_input(100), RecordLimits()) == []
    assert messages(write_input(50), RecordLimits(min_records_per_job=50)) == []


def test_50_001_records_are_too_many_and_50_000_are_not(write_input: WriteInput) -> None:
    assert messages(write_input(50_001), RecordLimits()) == [
        (
            "prompts.jsonl: has 50,001 records and a file may have at most 50,000; "
            "use fewer, as bedrock-batch split does, "
            "or set the limit records_per_file=50001 if your quota is that high"
        )
    ]
    assert messages(write_input(50_000), RecordLimits()) == []


def test_the_smaller_of_file_and_job_decides(write_input: WriteInput) -> None:
    assert messages(write_input(101), RecordLimits(records_per_job=100)) == [
        (
            "prompts.jsonl: has 101 records and a job may have at most 100; use fewer, as bedrock-batch split does, "
            "or set the limit records_per_job=101 if your quota is that high"
        )
    ]


def test_ids_are_remembered_up_to_the_limit_only(write_input: WriteInput) -> None:
    again = '{"recordId": "r-1", "modelInput": {}}'
    limits = RecordLimits(min_records_per_job=1, records_per_file=2)
    assert len(messages(write_input(2, line_2=again), limits)) == 1
    (message,) = messages(write_input(3, line_3=again), limits)
    assert "has 3 records and a file may have at most 2" in message


@pytest.mark.parametrize("whole", ["file", "job"])
def test_bytes_are_limited_by_file_and_job(write_input: WriteInput, whole: str) -> None:
    file = write_input(100)
    size = file.stat().st_size
    assert messages(file, RecordLimits(**{f"bytes_per_{whole}": size})) == []
    (message,) = messages(file, RecordLimits(**{f"bytes_per_{whole}": size - 1}))
    assert f"has {size:,} bytes and a {whole} may have at most {size - 1:,}" in message


def test_the_published_sizes_are_1_gb_a_file_and_5_gb_a_job() -> None:
    assert RecordLimits().bytes_per_file == 2**30
    assert RecordLimits().bytes_per_job == 5 * 2**30


def test_a_record_may_be_as_long_as_a_request_to_a_model() -> None:
    model = (
        botocore.session.get_session().get_component("data_loader").load_service_model("bedrock-runtime", "service-2")
    )
    assert RecordLimits().bytes_per_record == model["shapes"]["Body"]["max"]


def test_a_longer_record_is_named_and_the_next_line_is_read_as_usual(write_input: WriteInput) -> None:
    line = json.dumps({"recordId": "2", "modelInput": {"text": "x" * 50}})
    limits = RecordLimits(min_records_per_job=3, bytes_per_record=len(line))
    assert messages(write_input(3, line_2=line), limits) == []
    assert messages(write_input(3, line_2=line + " ", line_3="{"), limits) == [
        (
            f"prompts.jsonl:2: is longer than {len(line)} bytes, the most that a request to a model may have; "
            "shorten the record"
        ),
        (
            "prompts.jsonl:3:2: is not JSON: expecting property name enclosed in double quotes; "
            "write one whole JSON object on each line"
        ),
    ]


def test_a_line_of_100_mb_is_refused_in_bounded_memory(write_input: WriteInput) -> None:
    file = write_input(100, line_50=b'{"modelInput": "' + b"x" * 100_000_000)
    tracemalloc.start()
    try:
        (message,) = messages(file, RecordLimits())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message.startswith("prompts.jsonl:50: is longer than 25,000,000 bytes")
    assert peak < 60_000_000


@pytest.mark.parametrize("value", [0, -1, 1.5, "100", True, None])
def test_a_limit_that_is_no_number_is_named(value: object) -> None:
    with pytest.raises(ValueError, match=r"'records_per_file' must be a whole number of at least 1, got .*; leave it"):
        RecordLimits(records_per_file=value)  # type: ignore[arg-type]  # the point of the test


def test_the_name_may_have_the_characters_that_the_service_takes(
    tmp_path: Path, s3_uri_pattern: Callable[[str], bool]
) -> None:
    # A slash would make it another name, not a bad one.
    names = [f"a{chr(code)}b.jsonl" for code in range(1, 0x250) if chr(code) != "/"]
    refused = {name for name in names if "letters, digits and -!_*'()." in str(check(tmp_path / name))}
    assert refused == {name for name in names if not s3_uri_pattern(f"s3://bucket/{name}")}
