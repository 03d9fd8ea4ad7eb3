"""What a pipeline takes as a record is what ``bedrock-batch check`` does."""

import json
from collections.abc import Iterable
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from batch_inference_pipeline.cutting.record import RecordError, record_id, with_id
from bedrock_batch import RecordLimits, check


def written(members: Iterable[tuple[str, str]]) -> str:
    joined = ", ".join(f'"{name}": {value}' for name, value in members)
    return f"{{ {joined}}}"


LIMITS = RecordLimits(min_records_per_job=1)
NAMES = st.sampled_from(["recordId", "modelInput", "custom_id", "body", ""])
VALUES = st.sampled_from(['"a"', '"\\ud800"', "{}", '{"t": "\u2028"}', "[1]", "null", "1e400", "9" * 5000, "NaN", "-"])
MEMBERS = st.lists(st.tuples(NAMES, VALUES), max_size=3)
PIECES = ["{", "}", "[", "]", '"modelInput"', '"', ":", ",", "\\", "\t", "\x00", "\x85", "1", "\ufeff", "é", "-0"]
LINES = MEMBERS.map(written) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def is_a_record(line: bytes) -> bool:
    try:
        record_id(line)
    except RecordError:
        return False
    return True


@settings(max_examples=300, deadline=None)
@given((LINES.map(str.encode) | st.binary(max_size=8)).map(bytes.strip).filter(lambda line: line and b"\n" not in line))
@example(b'{"modelInput": {}} {}')
@example(b'{"modelInput": %s1%s}' % (b"[" * 100_000, b"]" * 100_000))
@example(b'{"modelInput": {}}\xff')
def test_a_line_is_a_record_for_both_or_for_none(tmp_path_factory: pytest.TempPathFactory, line: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "contract.jsonl"
    file.write_bytes(line + b"\n")
    assert is_a_record(line) == (not check(file, limits=LIMITS).problems), line


@given(MEMBERS)
def test_a_record_keeps_all_that_it_has_when_it_is_given_an_id(members: list[tuple[str, str]]) -> None:
    line = written([*members, ("modelInput", "{}")]).encode()
    if is_a_record(line) and record_id(line) is None:
        read = partial(json.loads, parse_int=float)
        assert read(with_id(line, "given")) == {"recordId": "given", **read(line)}
