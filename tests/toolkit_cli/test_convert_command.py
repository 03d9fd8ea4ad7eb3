"""``bedrock-batch convert``, and results in OpenAI's form."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.toolkit.job_files import record, result, write

from .in_process import Answer, answer_of

NOVA = "amazon.nova-lite-v1:0"
COUNTS = {"totalRecordCount": 1, "processedRecordCount": 1, "successRecordCount": 1, "errorRecordCount": 0}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def line(custom_id: str, **body: Any) -> dict[str, Any]:
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], **body}
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}


def convert(monkeypatch: pytest.MonkeyPatch, *lines: dict[str, Any], options: str = "--output out.jsonl") -> Answer:
    write(Path("batch.jsonl"), *lines)
    return answer_of(monkeypatch, "convert", "batch.jsonl", "--model", NOVA, *options.split())


def test_what_is_written_and_lost_is_told_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = convert(monkeypatch, line("a", seed=1), line("b", seed=2), line("c"))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.decode().splitlines() == [
        "seed: left out, as Amazon Nova has nothing like it (2 records, first batch.jsonl:1)",
        "model: the job's answers in the place of gpt-4o (3)",
        "3 records for Amazon Nova",
    ]
    records = [json.loads(each) for each in Path("out.jsonl").read_text().splitlines()]
    body = {"schemaVersion": "messages-v1", "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    assert records == [{"recordId": each, "modelInput": body} for each in "abc"]


def test_a_line_that_cannot_be_converted_ends_with_1_and_nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path("out.jsonl"), {"there": "before"})
    answer = convert(monkeypatch, line("a"), line("b", max_tokens=0))
    first, *_, last = answer.out.decode().splitlines()
    assert (answer.code, last) == (1, "nothing was written: 1 problem")
    assert first.startswith("batch.jsonl:2:160: 'max_tokens' must be a whole number of at least 1, got the number 0")
    assert json.loads(Path("out.jsonl").read_text()) == {"there": "before"}
    assert [file.name for file in Path().iterdir() if file.name.endswith(".part")] == []


def test_strict_refuses_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = convert(monkeypatch, line("a", seed=1), options="--strict --output out.jsonl")
    assert answer.code == 1
    assert answer.out.decode().startswith(
        "batch.jsonl:1: seed (left out, as Amazon Nova has nothing like it); take it out"
    )


def test_records_go_to_standard_output_and_the_rest_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for options in ("", "--output -"):
        answer = convert(monkeypatch, line("a", seed=1), options=options)
        assert json.loads(answer.out)["recordId"] == "a"
        assert answer.err.splitlines()[0].startswith("seed: left out")
    refused = convert(monkeypatch, line("a"), options="--json")
    assert (refused.code, refused.out) == (2, b"")


def test_json_has_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.loads(convert(monkeypatch, line("a", seed=1), options="--json --output out.jsonl").out)
    assert told["losses"] == [{"name": "seed", "records": 1, "first": "batch.jsonl:1"}]
    assert (told["ok"], told["records"], told["models"]) == (True, 1, {"gpt-4o": 1})
    assert (told["without_limit"], told["max_tokens"]) == (1, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "--model gpt-4o",
            'no known model is called "gpt-4o", so the form of its bodies is not known; correct the id, or',
        ),
        ("--model twelvelabs.pegasus-1-2-v1:0", "requests cannot be written for TwelveLabs Pegasus"),
        ("--max-tokens 0", "must be a whole number of at least 1, got '0'"),
        ("--invocation-type converse", "invalid choice: 'converse'"),
        ("--output batch.jsonl", "batch.jsonl is what is read; name another file for the records"),
    ],
)
def test_wrong_arguments_are_told(monkeypatch: pytest.MonkeyPatch, options: str, message: str) -> None:
    answer = convert(monkeypatch, line("a"), options=options)
    assert answer.code == 2
    assert message in answer.err


def test_a_file_that_is_not_there_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "convert", "none.jsonl", "--model", NOVA, "--output", "out.jsonl")
    assert answer.code == 2
    assert b"none.jsonl: there is no such file" in answer.out


def test_results_are_written_in_openai_s_form(monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path("in.jsonl"), record("r1"), record("r2"), record("r3"))
    write(Path("copy/in.jsonl.out"), result("r2", error="throttled"), result("r1"))
    words = ("results", "--output-dir", "copy", "--input", "in.jsonl", "--format", "openai")
    answer = answer_of(monkeypatch, *words, "--input-order")
    first, second, third = map(json.loads, answer.out.splitlines())
    assert [each["custom_id"] for each in (first, second, third)] == ["r1", "r2", "r3"]
    assert first["response"]["body"]["choices"][0]["message"]["content"] == "?"
    assert (second["response"]["status_code"], second["response"]["body"]["error"]["message"]) == (429, "slow down")
    assert (third["response"], third["error"]["code"]) == (None, "missing")
    assert answer.code == 1
    refused = answer_of(monkeypatch, *words, "--with", "prompt")
    assert (refused.code, refused.out) == (2, b"")
    assert 'lines of OpenAI\'s form have no column "prompt"' in refused.err


def test_results_of_several_jobs_are_written_in_openai_s_form(monkeypatch: pytest.MonkeyPatch) -> None:
    for job, record_id in (("a", "r1"), ("b", "r2")):
        write(Path(f"copies/{job}/in.jsonl.out"), result(record_id))
        write(Path(f"copies/{job}/manifest.json.out"), COUNTS)
    answer = answer_of(monkeypatch, "results", "--output-dir", "copies", "--format", "openai")
    found = sorted(json.loads(each)["custom_id"] for each in answer.out.splitlines())
    assert (answer.code, found) == (0, ["r1", "r2"])
