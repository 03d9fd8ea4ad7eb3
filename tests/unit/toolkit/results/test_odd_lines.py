"""Lines that are not as the service writes them: what can be read is there, the rest is counted and named."""

import json
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import ResultError, ResultsError, gather_facts, open_local_results, open_writer, write_retry
from bedrock_batch.results.job_results import JobResults
from bedrock_batch.results.result import Result
from tests.unit.toolkit.job_files import record, result, write

GOOD = [result("a"), result("z")]
COUNTS = {"totalRecordCount": 2, "processedRecordCount": 2, "successRecordCount": 2, "errorRecordCount": 0}


def with_line(folder: Path, line: bytes | dict[str, Any]) -> Path:
    """The output of a job, with a line between two good ones."""
    text = line if isinstance(line, bytes) else json.dumps(line).encode()
    before, after = (json.dumps(each).encode() for each in GOOD)
    write(folder / "out" / "deep" / "in.jsonl.out")
    (folder / "out" / "deep" / "in.jsonl.out").write_bytes(b"\n".join([before, text, after]))
    write(folder / "out" / "manifest.json.out", COUNTS)
    return folder / "out"


def read(output: Path, *inputs: Path) -> tuple[list[Result], JobResults]:
    with open_local_results(output, inputs) as opened:
        return list(opened.results), opened


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (b"", "is blank"),
        (b"  \t", "is blank"),
        (b'{"recordId": "b", "modelInput": {}, "modelOutput": {"genera', "is not JSON: "),
        (b"[]", "must be a JSON object, got a list"),
        (b'"b"', 'must be a JSON object, got the string "b"'),
        (b"\x1f\x8b\x08", "is not UTF-8: byte 2"),
        (b'{"recordId": "b", "modelInput": {}, "modelOutput": {"generation": "caf\xe9', "is not UTF-8: byte 71 of"),
        (b"\xef\xbb\xbf[]", "starts with a byte order mark (BOM)"),
        (
            b'{"recordId": "b", "modelInput": {}, "modelOutput": {"generation": NaN}}',
            "is not JSON: NaN is no JSON number",
        ),
        (b'{"recordId": "b", "modelInput": ' + b"[" * 100_000, "nests its values too deeply to be read"),
        ({"recordId": "b", "modelInput": {}}, "has neither a 'modelOutput' nor an 'error'"),
        ({"recordId": "b", "modelInput": {}, "modelOutput": None, "error": None}, "has neither a 'modelOutput' nor an"),
    ],
)
def test_a_line_without_a_result_is_counted_and_named(tmp_path: Path, line: bytes, fact: str) -> None:
    found, opened = read(with_line(tmp_path, line))
    assert [each.record_id for each in found] == ["a", "z"]
    (problem,) = opened.disagreements()
    said = "1 line of the output not as the service writes them; what can be read is there: deep/in.jsonl.out:2: "
    assert problem.startswith(said + fact)
    assert opened.results.tally.odd_lines.count == 1


@pytest.mark.parametrize(
    ("line", "fact", "expected"),
    [
        (
            {"modelInput": {}, "modelOutput": {"generation": "b"}},
            "'recordId' must be a string, got nothing",
            (None, "b"),
        ),
        (
            {"recordId": 7, "modelInput": {}, "modelOutput": {"generation": "b"}},
            "'recordId' must be a string, got the number 7",
            (None, "b"),
        ),
        (
            {"recordId": "b", "modelOutput": {"generation": "b"}},
            "'modelInput' must be an object, got nothing",
            ("b", "b"),
        ),
        (
            {"recordId": "b", "modelInput": [], "modelOutput": "b"},
            "'modelInput' must be an object, got a list; 'modelOutput' must be an object, got the string \"b\"",
            ("b", None),
        ),
        (
            {"recordId": "b", "modelInput": {}, "modelOutput": {"generation": "b", "prompt_token_count": 2**64}},
            "counts more input tokens than 64 bits hold, which was left out",
            ("b", "b"),
        ),
        (
            {"recordId": "b", "modelInput": {}, "modelOutput": {"generation": "b", "generation_token_count": -(2**70)}},
            "counts more output tokens than 64 bits hold, which was left out",
            ("b", "b"),
        ),
        (
            {"recordId": "b", "modelInput": {}, "modelOutput": {"embedding": [0.5, "x"]}},
            "has an embedding that is no list of numbers, which was left out",
            ("b", None),
        ),
        *(
            (
                {"recordId": "b", "modelInput": {}, "modelOutput": {"embeddings": {"float": vectors}}},
                "has an embedding that is no list of numbers, which was left out",
                ("b", None),
            )
            for vectors in (
                [[2**70]],
                [[10**400, -(10**400)]],
                [[1e300, -1e300]],
                [[0.5], None],
                [[0.5], [[1]]],
                [[0.5, None]],
                [{"a": 1}],
            )
        ),
    ],
)
@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_what_can_be_read_of_an_odd_line_is_written(
    tmp_path: Path, line: dict[str, Any], fact: str, expected: tuple[str | None, str | None], ending: str
) -> None:
    found, opened = read(with_line(tmp_path, line))
    assert [(each.record_id, each.text) for each in found] == [("a", "?"), expected, ("z", "?")]
    assert opened.results.tally.odd_lines.examples == [f"deep/in.jsonl.out:2: {fact}"]
    with open_writer(tmp_path / f"table.{ending}") as writer:
        writer.write(found)


@pytest.mark.parametrize(
    ("line", "fact", "text"),
    [
        (b'{"recordId": "b", "modelInput": {}, "modelOutput": {"generation": "caf\xe9"}}', "is not UTF-8", "caf\ufffd"),
        (b'\xef\xbb\xbf{"recordId": "b", "modelInput": {}, "modelOutput": {"generation": "b"}}', "starts with a", "b"),
        # What is not read in the first place is looked at by nobody.
        (b'{"recordId": "b", "modelInput": {"prompt": "\xff"}, "modelOutput": {"generation": "b"}}', None, "b"),
    ],
)
def test_bytes_that_are_no_text_are_replaced(tmp_path: Path, line: bytes, fact: str | None, text: str) -> None:
    prompts = write(tmp_path / "in.jsonl", record(None), record("a"))
    with (
        open_local_results(with_line(tmp_path, line), [prompts]) as opened,
        open_writer(tmp_path / "t.csv", more=["prompt", "model_input", "model_output"]) as writer,
    ):
        found = list(opened.results)
        writer.write(found)
    assert [(each.record_id, each.text) for each in found[:3]] == [("a", "?"), ("b", text), ("z", "?")]
    odd = opened.results.tally.odd_lines.examples
    assert [each.startswith(f"deep/in.jsonl.out:2: {fact}") for each in odd] == [True] * (fact is not None)


def test_a_result_without_an_id_is_named_as_such(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", record("a"), record("z"))
    _, opened = read(with_line(tmp_path, {"recordId": 7, "modelInput": {}, "modelOutput": {}}), prompts)
    assert '1 record in the output that the input does not have: "(no recordId)"' in opened.disagreements()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"errorCode": "429", "errorMessage": "slow"}, ResultError(429, "slow")),
        ({"errorCode": " 500 ", "errorMessage": "sorry"}, ResultError(500, "sorry")),
        ({"errorCode": "ThrottlingException", "errorMessage": "slow"}, ResultError(None, "ThrottlingException: slow")),
        ({"errorCode": "", "errorMessage": "no"}, ResultError(None, ": no")),
        ({"errorCode": "\u0664", "errorMessage": "no"}, ResultError(None, "\u0664: no")),
        ({"errorCode": "9" * 5000, "errorMessage": "no"}, ResultError(None, f"{'9' * 5000}: no")),
        ({"errorCode": 10**12, "errorMessage": "no"}, ResultError(None, f"{10**12}: no")),
        ({"errorCode": 400.5, "errorMessage": "no"}, ResultError(None, "400.5: no")),
        ({"errorCode": {"a": 1}, "errorMessage": ["no"]}, ResultError(None, '{"a":1}: ["no"]')),
        ({"errorCode": None, "errorMessage": "no"}, ResultError(None, "no")),
        ({"errorMessage": "no", "retryable": True}, ResultError(None, "no", retryable=True)),
        ({"errorCode": 400}, ResultError(400, "")),
        ({}, ResultError(None, "")),
    ],
)
def test_an_error_keeps_what_it_says(tmp_path: Path, error: dict[str, Any], expected: ResultError) -> None:
    found, opened = read(with_line(tmp_path, {"recordId": "b", "modelInput": {}, "error": error}))
    assert (found[1].status, found[1].error) == ("failed", expected)
    assert opened.results.tally.odd_lines.count == 0
    with open_writer(tmp_path / "table.parquet") as writer:
        writer.write(found)


def test_an_error_that_is_no_object_is_kept_and_named(tmp_path: Path) -> None:
    found, opened = read(with_line(tmp_path, {"recordId": "b", "modelInput": {}, "error": ["no", 1]}))
    assert found[1].error == ResultError(None, '["no",1]')
    assert "'error' must be an object, got a list" in opened.disagreements()[0]


def test_the_first_few_of_many_odd_lines_are_named(tmp_path: Path) -> None:
    output = with_line(tmp_path, b"\n".join([b"{"] * 400))
    found, opened = read(output)
    assert len(found) == 2
    odd = opened.results.tally.odd_lines
    assert (odd.count, len(odd.examples)) == (400, 5)
    assert [each.split(":")[1] for each in odd.examples] == ["2", "3", "4", "5", "6"]
    assert opened.disagreements()[0].startswith("400 lines of the output not as ")
    assert opened.disagreements()[0].endswith("; …")


def test_a_file_of_odd_lines_only_is_said_and_the_next_one_is_read(tmp_path: Path) -> None:
    output = with_line(tmp_path, {**result("b"), "recordId": "b"})
    (output / "a.jsonl.out").write_bytes(b"{\n")
    found, opened = read(output)
    assert [each.record_id for each in found] == ["a", "b", "z"]
    assert opened.results.tally.odd_lines.examples[0].startswith("a.jsonl.out:1: is not JSON")


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (b"{", "is not JSON: "),
        (b"\x1f\x8b\x08", "is not UTF-8: "),
        (b'{"recordId": 1, "modelInput": {}}', "'recordId' must be a string, got the number 1"),
        (b'{"modelInput": 3}', "'modelInput' must be an object, got the number 3"),
        (b"[" * 100_000, ""),
    ],
)
def test_an_odd_line_of_the_input_is_named_and_the_others_are_found(tmp_path: Path, line: bytes, fact: str) -> None:
    prompts = write(tmp_path / "in.jsonl", record("a"))
    with prompts.open("ab") as file:
        file.write(line + b"\n" + json.dumps(record("z")).encode())
    output = with_line(tmp_path, result("a"))
    found, opened = read(output, prompts)
    assert [each.input_line for each in found] == [1, None, 3]
    assert opened.results.tally.odd_input_lines.count == 1
    said = [each for each in opened.disagreements() if "of the input that are no record" in each]
    assert said[0].startswith(f"1 line of the input that are no record: in.jsonl:2: {fact}")


def test_another_try_has_the_records_around_an_odd_line(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", record("a"))
    with prompts.open("ab") as file:
        file.write(b"{\n" + json.dumps(record("b")).encode())
    with open_local_results(with_line(tmp_path, result("z")), [prompts]) as opened:
        retry = write_retry(opened, tmp_path / "again.jsonl")
    assert retry.missing == 1
    assert json.loads((tmp_path / "again.jsonl").read_text())["recordId"] == "b"


def test_an_input_of_no_record_at_all_is_another_file(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(ResultsError, match=r"no record in the input: in\.jsonl:1: .*; name the input that the job had"):
        read(with_line(tmp_path, result("b")), tmp_path / "in.jsonl")


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (json.dumps({**COUNTS, "totalRecordCount": "2"}), "'totalRecordCount' must be a whole number, got the string"),
        (json.dumps({**COUNTS, "inputTokenCount": None}), "'inputTokenCount' must be a whole number, got null"),
        ("{", "is not JSON"),
        ("", "is not JSON"),
        ("[]", "must be a JSON object, got a list"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path, content: str, fact: str) -> None:
    output = with_line(tmp_path, result("b"))
    (output / "manifest.json.out").write_text(content)
    found, opened = read(output)
    assert (len(found), opened.manifest) == (3, None)
    (problem,) = opened.disagreements()
    assert problem.startswith(f"manifest.json.out: {fact}")
    assert problem.endswith("; its counts are not compared")


def test_a_report_is_made_of_tokens_beyond_64_bits(tmp_path: Path) -> None:
    body = {"generation": "b", "prompt_token_count": 2**70, "generation_token_count": 3}
    output = with_line(tmp_path, {"recordId": "b", "modelInput": {}, "modelOutput": body})
    with open_local_results(output) as opened:
        facts = gather_facts(opened)
    assert (facts.succeeded, facts.input_tokens, facts.output_tokens) == (3, 0, 3)
