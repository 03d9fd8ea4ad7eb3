from pathlib import Path

import pytest

from bedrock_batch import check
from bedrock_batch.records.checking.ids.file_ids import LineIds
from bedrock_batch.records.checking.ids.record_ids import RecordIds

from .conftest import FEW, WriteInput, only_problem


def test_a_good_file_has_no_problems(write_input: WriteInput) -> None:
    file = write_input(100)
    report = check(file)
    assert report.ok
    assert report.records == 100
    assert report.bytes == file.stat().st_size
    tokens = report.estimated_tokens
    assert str(report) == f"100 records, {report.bytes:,} bytes, about {tokens:,} tokens of text: no problems"


def test_a_line_feed_in_an_id_does_not_make_two_of_it() -> None:
    ids = RecordIds(10)
    two = LineIds.of(["a\nb", "c"])
    assert ids.add(two) == []
    assert ids.add(LineIds.of(["b"])) == []
    assert ids.add(two) == [1, 2]
    assert [ids.first_line(line) for line in range(1, 6)] == [1, 2, 3, 1, 2]
    assert [two.text(line) for line in (1, 2)] == ["a\nb", "c"]


@pytest.mark.parametrize(
    "line",
    [
        '{"modelInput": {}}',  # the service adds the id
        '{"recordId": "2", "modelInput": {"a": [1, 2.5, null, true]}}\r',
        '{"recordId": "\u0085\u2028\u2029", "modelInput": {"text": "日本語 \u0085 \u2028"}}',
        '  {"recordId": "2", "modelInput": {}, "mine": 1}  ',
        '{"recordId": "\\ud83d\\ude00 \\u0000", "modelInput": {}}',
        '{"recordId": "half a pair: \\ud83d", "modelInput": {}}',
        '{"modelInput": {"a": ' + "9" * 5_000 + "}}",  # JSON has no longest number
    ],
)
def test_what_the_service_takes_is_taken(write_input: WriteInput, line: str) -> None:
    report = check(write_input(3, line_2=line), limits=FEW)
    assert report.problems == ()
    assert report.records == 3


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        (
            '{"recordId": 17, "modelInput": {}}',
            "2:14",
            "'recordId' must be a string, got the number 17; write it in quotes or leave it out",
        ),
        (
            '{"recordId": null, "modelInput": {}}',
            "2:14",
            "'recordId' must be a string, got null; write it in quotes or leave it out",
        ),
        (
            '{"recordId": "r-1", "modelInput": {}}',
            "2",
            (
                "'recordId' \"r-1\" is already that of line 1, and results are told apart by it; "
                "give each record an id of its own"
            ),
        ),
        (
            '{"custom_id": "2", "method": "POST", "url": "/v1/chat/completions", "body": {}}',
            "2:1",
            (
                "is a line of OpenAI's Batch API (custom_id, method, url, body); turn the file into records with "
                "bedrock-batch convert FILE --model ID --output RECORDS.jsonl"
            ),
        ),
        (
            '{"custom_id": "2", "body": {}}',
            "2:1",
            (
                "is a line of Mistral's Batch API (custom_id, body); write 'custom_id' as 'recordId', "
                "and 'body' as 'modelInput', in the form of your model"
            ),
        ),
        (
            '{"custom_id": "2", "params": {}}',
            "2:1",
            (
                "is a line of Anthropic's Message Batches API (custom_id, params); write 'custom_id' as 'recordId', "
                "and 'params' as 'modelInput', in the form of your model"
            ),
        ),
        (
            '{"record": "2", "body": {}}',
            "2:1",
            '\'modelInput\' is missing (the keys are: "record", "body"); put the request body for the model there',
        ),
        (
            '{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}',
            "2:1",
            (
                '\'modelInput\' is missing (the keys are: "a", "b", "c", "d", "e"); '
                "put the request body for the model there"
            ),
        ),
        ("{}", "2:1", "'modelInput' is missing (the keys are: none); put the request body for the model there"),
        (
            '{"modelInput": "What is a bee?"}',
            "2:16",
            "'modelInput' must be an object, got the string \"What is a bee?\"; write the request body as JSON",
        ),
        ('[{"modelInput": {}}]', "2", "must be a JSON object, got a list; write one JSON object on each line"),
        (
            '{"modelInput": {}} {"modelInput": {}}',
            "2:20",
            "is not JSON: extra data; write one whole JSON object on each line",
        ),
        (
            "{",
            "2:2",
            (
                "is not JSON: expecting property name enclosed in double quotes; "
                "write one whole JSON object on each line"
            ),
        ),
        ('{"modelInput": {"t": NaN}}', "2", "is not JSON: NaN is no JSON number; write a number, null or a string"),
        (
            '{"modelInput": {"t": -Infinity}}',
            "2",
            "is not JSON: -Infinity is no JSON number; write a number, null or a string",
        ),
        (
            b'{"modelInput": {"name": "Andr\xe9"}}',
            "2:30",
            "is not UTF-8: byte 30 of the line is 0xe9; save the file as UTF-8",
        ),
        (" ", "2", "is blank, and each line must be a record; remove it"),
        (
            '{"modelInput": {"a": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}}",
            "2",
            "nests its values too deeply to be read; flatten the record",
        ),
    ],
)
def test_a_bad_line_is_named_with_what_to_change(
    write_input: WriteInput, line: str | bytes, place: str, message: str
) -> None:
    assert only_problem(write_input(3, line_2=line)) == f"prompts.jsonl:{place}: {message}"


def test_a_nul_byte_is_a_problem_of_its_line(write_input: WriteInput) -> None:
    assert "prompts.jsonl:2:23: is not JSON" in only_problem(write_input(3, line_2=b'{"modelInput": {"a": "\0"}}'))


def test_one_line_can_have_several_problems(write_input: WriteInput) -> None:
    report = check(write_input(1, line_1='{"recordId": 1, "modelInput": 2}'), limits=FEW)
    assert [problem.line for problem in report.problems] == [1, 1]


def test_blank_lines_matter_only_before_a_record(write_input: WriteInput) -> None:
    file = write_input(3)
    file.write_bytes(file.read_bytes() + b"\n \n\n")
    assert check(file, limits=FEW).ok
    assert check(file, limits=FEW).records == 3


def test_a_file_of_blank_lines_has_no_records(tmp_path: Path) -> None:
    (tmp_path / "prompts.jsonl").write_text("\n\n")
    assert only_problem(tmp_path / "prompts.jsonl") == "prompts.jsonl: has no records; write one on each line"


def test_a_run_of_blank_lines_is_one_problem(write_input: WriteInput) -> None:
    assert only_problem(write_input(7, line_2="", line_3="", line_4="\t")).startswith("prompts.jsonl:2: is blank")


def test_a_byte_order_mark_between_files_put_together_is_found(write_input: WriteInput) -> None:
    line = b'\xef\xbb\xbf{"modelInput": {}}'
    assert only_problem(write_input(3, line_2=line)).startswith("prompts.jsonl:2:1: starts with a byte order mark")


def test_a_byte_order_mark_is_the_only_problem_of_its_line(write_input: WriteInput) -> None:
    file = write_input(2)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert only_problem(file) == (
        "prompts.jsonl:1:1: starts with a byte order mark (BOM); save the file as UTF-8 without one"
    )


def test_a_file_without_a_final_line_feed_is_whole(write_input: WriteInput) -> None:
    file = write_input(2)
    file.write_bytes(file.read_bytes().removesuffix(b"\n"))
    assert check(file, limits=FEW).records == 2


def test_the_first_problems_are_shown_and_the_others_counted(write_input: WriteInput) -> None:
    file = write_input(99, **{f"line_{number}": "{" for number in range(1, 51)})
    report = check(file)
    assert "99 of the at least 100" in report.problems[0].message
    assert [problem.line for problem in report.problems[1:]] == list(range(1, 21))
    assert report.hidden == 30
    assert "\nand 30 more problems like these\n" in str(report)
    assert str(report).endswith(": 51 problems")


def test_a_message_shows_a_value_short_and_without_control_characters(write_input: WriteInput) -> None:
    line = '{"modelInput": "\\u001b[31m\\ud800' + "x" * 100 + '"}'
    message = only_problem(write_input(1, line_1=line))
    assert 'got the string "\\x1b[31m\\ud800' + "x" * 34 + '…"' in message
    message.encode()
