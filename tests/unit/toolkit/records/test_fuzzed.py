"""Any bytes at all: the check never raises, and says what plain `json` would say."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrock_batch import RecordLimits, SplitError, check, split

FEW = RecordLimits(min_records_per_job=1)
BOUNDED = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# What tells a reader of JSON lines from one of JSON, whole and in pieces.
PIECES = [
    *(b'{"modelInput":{}}', b'{"recordId":"a","modelInput":{"a":[1,{"b":2}]}}', b'{"recordId":"b","modelInput":{}}'),
    *(b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\n", b"\r\n", b" ", b"\t", b"\v", b"\0", b"\x1f", b"\x7f"),
    *(b"\xef\xbb\xbf", b"\xff", b"\xc3\xa9", b"\xc3", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xc2\x85", b"\x1f\x8b"),
    *(b"\\u0041", b"\\ud800", b"\\udc00", b"\\x", b"0", b"01", b"-", b"1.", b"1e5", b"1e999", b"NaN", b"null", b"true"),
    *(b'"recordId":', b'"recordId":5,', b'"modelInput":', b'"modelInput":{},', b'"\\u0072ecordId":null,', b'"a":'),
    b'"\\ud800":1,',
    *(b'{"a":[1', b"2]}", b'{"a":\n{"b":1}} {}', b"{}{}", b"{},{}", b"]\n[", b"9" * 5000, b"[" * 200, b"]" * 200),
]
RECORDS = st.fixed_dictionaries(
    {"modelInput": st.dictionaries(st.text(max_size=3), st.recursive(st.none() | st.text() | st.floats(), st.lists))},
    optional={"recordId": st.text(max_size=4), "mine": st.integers()},
)


@st.composite
def mutated_lines(draw: st.DrawFn) -> bytes:
    """Good lines, with pieces put in, taken out or put over them."""
    ascii_only = draw(st.booleans())
    lines = [json.dumps(record, ensure_ascii=ascii_only) for record in draw(st.lists(RECORDS, max_size=4))]
    content = bytearray("\n".join(lines).encode("utf-8", "surrogatepass"))
    for piece in draw(st.lists(st.sampled_from(PIECES), max_size=4)):
        start = draw(st.integers(0, len(content)))
        content[start : start + draw(st.sampled_from([0, 0, 1, 5]))] = piece
    return bytes(content)


CONTENT = st.one_of(
    st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join), mutated_lines()
)


def refuse(_constant: str) -> None:
    raise ValueError


def plain_records(content: bytes) -> list[dict[str, object]] | None:
    """The records as the slowest and simplest reader sees them; None if one of the lines is none."""
    lines = content.split(b"\n")
    while lines and not lines[-1].strip():
        lines.pop()
    try:
        records = [json.loads(line.decode(), parse_constant=refuse, parse_int=float) for line in lines]
    except (ValueError, RecursionError):
        return None
    return records if all(isinstance(record, dict) for record in records) else None


def is_good(content: bytes) -> bool:
    records = plain_records(content)
    if not records or content.startswith((b"\x1f\x8b", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff")):
        return False
    ids = [record["recordId"] for record in records if "recordId" in record]
    return (
        all(isinstance(record.get("modelInput"), dict) for record in records)
        and all(isinstance(record_id, str) for record_id in ids)
        and len(set(map(str, ids))) == len(ids)
    )


@given(content=CONTENT)
@BOUNDED
def test_the_check_agrees_with_plain_json(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_bytes(content)
    report = check(file, limits=FEW)
    assert report.ok is is_good(content), str(report)
    str(report).encode()


@given(content=CONTENT)
@pytest.mark.parametrize(("model", "invocation_type"), [("anthropic.claude-x", None), ("amazon.nova-pro", "Converse")])
@BOUNDED
def test_no_body_makes_the_check_raise(tmp_path: Path, content: bytes, model: str, invocation_type: str | None) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_bytes(content)
    report = check(file, limits=FEW, model=model, invocation_type=invocation_type)
    assert not report.ok or is_good(content)
    str(report).encode()


@given(content=CONTENT, size=st.integers(1, 3))
@BOUNDED
def test_a_split_has_the_records_of_the_input_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int
) -> None:
    folder = tmp_path_factory.mktemp("split")
    file = folder / "in.jsonl"
    file.write_bytes(content)
    try:
        report = split(
            file,
            folder / "out",
            limits=RecordLimits(min_records_per_job=1, records_per_file=size, bytes_per_record=10_000_000),
        )
    except SplitError:
        assert not is_good(content) or b'"record-' in content
        return
    records = plain_records(b"\n".join(line for line in content.split(b"\n") if line.strip()))
    written = plain_records(b"".join(Path(shard).read_bytes() for shard in report.files))
    assert records
    assert written == [{"recordId": f"record-{number:09d}"} | record for number, record in enumerate(records, 1)]
