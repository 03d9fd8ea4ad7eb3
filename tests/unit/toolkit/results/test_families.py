"""Text, reasoning, calls of tools, structured output and prompt of each family, in every format."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from bedrock_batch import BedrockBatchError, open_local_results, open_writer
from tests.unit.toolkit.job_files import write
from tests.unit.toolkit.results.family_lines import LINES, Line

MORE = ("prompt", "model_input", "model_output")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    lines = [
        {"recordId": name, "modelInput": line.model_input, "modelOutput": line.model_output}
        for name, line in LINES.items()
    ]
    write(tmp_path / "out" / "in.jsonl.out", *lines)
    return tmp_path / "out"


def rows(table: Path) -> list[dict[str, Any]]:
    if table.suffix == ".parquet":
        found: list[dict[str, Any]] = parquet.read_table(table).to_pylist()
        return found
    with table.open(newline="", encoding="utf-8") as file:
        if table.suffix == ".csv":
            return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_each_family_says_what_it_says_in_each_format(output: Path, tmp_path: Path, ending: str) -> None:
    table = tmp_path / f"table.{ending}"
    with open_local_results(output) as opened, open_writer(table, more=MORE) as writer:
        for batch in opened.results.batches():
            writer.write(batch)
    assert opened.results.tally.odd_lines.count == 0
    for row, (name, line) in zip(rows(table), LINES.items(), strict=True):
        parsed = {key: row[key] and json.loads(row[key]) for key in ("tool_calls", "structured_output")}
        assert row["record_id"] == name
        found = Line(
            json.loads(row["model_input"]),
            json.loads(row["model_output"]),
            row["text"] or None,
            row["reasoning"],
            parsed["tool_calls"],
            parsed["structured_output"],
            row["prompt"],
        )
        assert found == line._replace(text=line.text or None)


@pytest.mark.parametrize("name", LINES)
def test_a_family_is_told_by_its_own_shape_alone(tmp_path: Path, name: str) -> None:
    line = LINES[name]
    body = {"recordId": "1", "modelInput": line.model_input, "modelOutput": line.model_output}
    write(tmp_path / "in.jsonl.out", body)
    with open_local_results(tmp_path) as opened:
        (result,) = opened.results
    assert (result.text, result.reasoning) == (line.text, line.reasoning)
    assert (result.tool_calls and json.loads(result.tool_calls)) == line.tool_calls
    assert (result.structured_output and json.loads(result.structured_output)) == line.structured_output


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("beside", [{"modelOutput": {"generation": "x"}}, {"error": {"errorCode": 400}}, {}])
def test_a_family_is_read_alike_beside_lines_of_any_other_kind(
    tmp_path: Path, name: str, beside: dict[str, Any]
) -> None:
    line = {"recordId": "1", "modelInput": LINES[name].model_input, "modelOutput": LINES[name].model_output}
    for folder, lines in (("alone", [line]), ("beside", [line, {"recordId": "2", "modelInput": {}, **beside}])):
        write(tmp_path / folder / "in.jsonl.out", *lines)
    with open_local_results(tmp_path / "alone") as alone, open_local_results(tmp_path / "beside") as among:
        assert next(iter(alone.results)) == next(iter(among.results))


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ('{"n": 12345678901234567890123,"m":1.0}', '{"n": 12345678901234567890123,"m":1.0}'),
        ('{"a":1, "a":2}', '{"a":1, "a":2}'),
        ('{"arguments":"x"}', '{"arguments":"x"}'),
        (r'{"a":"\ud800"}', r'{"a":"\ud800"}'),
        (r'"{\"a\": 1}"', '{"a": 1}'),
        (r'"\"{}\""', '"{}"'),
        ("null", "null"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        '{"content":[{"type":"tool_use","id":"c1","name":"find","input":%s}],"stop_reason":"tool_use"}',
        '{"output":{"message":{"content":[{"toolUse":{"toolUseId":"c1","name":"find","input":%s}}]}},"stopReason":"t"}',
        '{"text":"","tool_calls":[{"id":"c1","name":"find","parameters":%s}]}',
        '{"choices":[{"message":{"tool_calls":[{"id":"c1","function":{"name":"find","arguments":%s}}]}}]}',
    ],
)
def test_arguments_stay_as_they_stand_in_the_line(tmp_path: Path, body: str, arguments: str, written: str) -> None:
    (tmp_path / "in.jsonl.out").write_text(
        f'{{"recordId":"1","modelInput":{{}},"modelOutput":{body % arguments}}}\n', encoding="utf-8"
    )
    with open_local_results(tmp_path) as opened:
        (result,) = opened.results
    assert result.tool_calls == f'[{{"id":"c1","name":"find","arguments":{written}}}]'


def test_arguments_that_are_no_json_are_kept_as_a_text(tmp_path: Path) -> None:
    calls = [{"id": "1", "function": {"name": "f", "arguments": text}} for text in ('{"a": ', "", "[1]", None)]
    body = {"choices": [{"message": {"tool_calls": calls}}]}
    write(tmp_path / "in.jsonl.out", {"recordId": "1", "modelInput": {}, "modelOutput": body})
    with open_local_results(tmp_path) as opened:
        (result,) = opened.results
    assert [each["arguments"] for each in json.loads(str(result.tool_calls))] == ['{"a": ', "", [1], None]


def test_arguments_of_several_lines_stay_beside_those_of_one(tmp_path: Path) -> None:
    arguments = ('{"a":1}', '{\n  "a": 1\n}', '{"a":2}')
    lines = [_line_of_call(str(number), text) for number, text in enumerate(arguments)]
    write(tmp_path / "in.jsonl.out", *lines[:2], _line_of_call("none", None), lines[2])
    with open_local_results(tmp_path) as opened:
        found = [result.tool_calls for result in opened.results]
    written = [f'[{{"id":"1","name":"f","arguments":{text}}}]' for text in arguments]
    assert found == [*written[:2], None, written[2]]


def _line_of_call(record_id: str, arguments: str | None) -> dict[str, Any]:
    calls = None if arguments is None else [{"id": "1", "function": {"name": "f", "arguments": arguments}}]
    answer = {"message": {"content": "", "tool_calls": calls}, "finish_reason": "stop"}
    return {"recordId": record_id, "modelInput": {}, "modelOutput": {"choices": [answer]}}


def test_a_missing_record_has_its_prompt(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", *({"recordId": n, "modelInput": {"prompt": f"Say {n}"}} for n in "ab"))
    write(tmp_path / "out" / "in.jsonl.out", {"recordId": "b", "modelInput": {"prompt": "Say b"}, "modelOutput": {}})
    with (
        open_local_results(tmp_path / "out", [prompts]) as opened,
        open_writer(tmp_path / "table.jsonl", more=["prompt", "model_output"]) as writer,
    ):
        for batch in opened.results.batches():
            writer.write(batch)
    found = [(row["status"], row["prompt"], row["model_output"]) for row in rows(tmp_path / "table.jsonl")]
    assert found == [("succeeded", "Say b", "{}"), ("missing", "Say a", None)]


def test_a_prompt_needs_the_lines(output: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(BedrockBatchError, match="read these with lines=True"),
        open_local_results(output, lines=False) as opened,
        open_writer(tmp_path / "table.csv", more=["prompt"]) as writer,
    ):
        writer.write(opened.results)


def test_a_column_that_is_none_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(BedrockBatchError, match='columns of job_id, prompt, model_input, model_output, got "prompts"'),
        open_writer(tmp_path / "table.csv", more=["prompts"]),
    ):
        pass
    assert list(tmp_path.iterdir()) == []
