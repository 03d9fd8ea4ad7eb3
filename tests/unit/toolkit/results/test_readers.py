"""Tables read back as the documentation shows it: each value is the one that was in the job's files."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import in_input_order, open_local_results, open_writer

ROOT = Path(__file__).parents[4]
READERS = ROOT / ".venv" / "readers"
DOCS = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", DOCS.partition("### pandas")[2], re.DOTALL | re.MULTILINE)
#: How each of the readers gives its rows to Python.
ROWS = {
    "pandas": "table.astype(object).where(table.notna(), None).to_dict('records')",
    "duckdb": "[dict(zip(table.columns, row)) for row in table.fetchall()]",
    "polars": "table.to_dicts()",
}
#: Ids that look like something else, or that a reader of CSV might trim.
IDS = ["007", "1e5", "NaN", "null", "None", "true", "12345678901234567890", "2024-01-01", "12:30", " x ", "1_000", "-0"]
IDS += ["0x10", "inf", "=1+1", "'quoted'", '"', "a,b", "a\tb", "e\u0301", "\u2028", "\ud800", "\U0001f41d", "A", "a"]
#: Numbers, members and escapes on which JSON readers disagree, as the text of a body.
VALUES = (
    '{"n":9007199254740993,"u":18446744073709551616,"i":-9223372036854775809,"long":%s,"e":1e400,"tiny":1e-400,'
    '"f":0.1000000000000000055511151231257827,"one":1.0,"zero":-0.0,"exp":1E5, "spaced" : [ 1 , 2 ],'
    '"Name":1,"name":2,"NAME":3,"a":1,"a":2,"half":"\\ud83d!","nul":"\\u0000","sol":"\\/","date":"2024-01-01",'
    '"empty":{},"null":null,"\\ud800":1}'
) % ("7" * 400)
TEXTS = [
    "",
    "null",
    "NaN",
    "a\nb\r\nc\rd",
    'say "x", y',
    " \t x ",
    "\u0000",
    "\u2028\u0085",
    "\U0001f41d",
    "#x",
    "'",
    "\\N",
    "1.10",
]


def output_lines() -> list[str]:
    """Those of a job: one for each id, with texts and values among them."""
    lines = []
    for number, record_id in enumerate(IDS):
        text, call = json.dumps(TEXTS[number % len(TEXTS)]), json.dumps(f"c{number}")
        use = f'{{"type":"tool_use","id":{call},"name":"f","input":{VALUES}}}'
        body = f'{{"content":[{{"type":"text","text":{text}}},{use}],"usage":{{"input_tokens":{2**53 + 1 + number}}}}}'
        lines.append(f'{{"modelInput":{VALUES},"modelOutput":{body},"recordId":{json.dumps(record_id)}}}')
    asked = '{"response_format":{"type":"json_object"}}'
    body = f'{{"choices":[{{"message":{{"content":{json.dumps(VALUES)}}}}}],"usage":{{}}}}'
    lines.append(f'{{"modelInput":{asked},"modelOutput":{body},"recordId":"structured"}}')
    lines.append(
        '{"modelInput":{},"modelOutput":{"embedding":[1,0.5],"inputTextTokenCount":9223372036854775807},"recordId":"e"}'
    )
    lines.append('{"modelInput":{},"error":{"errorCode":"429","errorMessage":"no","expired":true},"recordId":"f"}')
    return lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the table of a job in each format."""
    there = tmp_path_factory.mktemp("tables")
    (there / "out").mkdir()
    (there / "out" / "in.jsonl.out").write_text("\n".join(output_lines()), encoding="utf-8")
    lines = [{"recordId": each, "modelInput": {}} for each in (*IDS, "structured", "e", "f", "missing")]
    (there / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for ending in ("jsonl", "csv", "parquet"):
        with (
            open_local_results(there / "out", [there / "in.jsonl"]) as opened,
            open_writer(there / f"results.{ending}", more=["prompt", "model_input", "model_output"]) as writer,
        ):
            for batch in in_input_order(opened):
                writer.write(batch)
    return there


def expected() -> list[dict[str, Any]]:
    rows = []
    for number, (record_id, line) in enumerate(zip(IDS, output_lines(), strict=False)):
        arguments = f'[{{"id":"c{number}","name":"f","arguments":{VALUES}}}]'
        body = line.partition('"modelOutput":')[2].rpartition(',"recordId"')[0]
        text = TEXTS[number % len(TEXTS)]
        shown = "\ufffd" if record_id == "\ud800" else record_id
        rows.append({"record_id": shown, "text": text, "tool_calls": arguments, "structured_output": None})
        rows[-1] |= {"input_tokens": 2**53 + 1 + number, "model_input": VALUES, "model_output": body}
    return rows


def read(folder: Path, snippet: str) -> list[dict[str, Any]]:
    """Run what the documentation shows, and take its rows; in a process of its own, as it needs what it imports."""
    reader = next(name for name in ROWS if f"import {name}" in snippet)
    # pandas gives lists as arrays.
    show = f"import json\nprint(json.dumps({ROWS[reader]}, default=lambda array: array.tolist()))"
    script = f"import sys\nsys.path.append({str(READERS)!r})\n{snippet}\n{show}"
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def test_the_documentation_shows_each_reader_with_each_format() -> None:
    shown = {
        (name, ending)
        for each in SNIPPETS
        for name in ROWS
        for ending in ("parquet", "csv", "jsonl")
        if f"import {name}" in each and f"results.{ending}" in each
    }
    assert (len(SNIPPETS), len(shown)) == (9, 9)


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_every_value_comes_back(folder: Path, snippet: str) -> None:
    found = read(folder, snippet)
    is_csv = "results.csv" in snippet
    assert len(found) == len(IDS) + 4
    for row, wanted in zip(found, expected(), strict=False):
        known = {name: str(value or "") if is_csv else value for name, value in wanted.items()}
        assert {name: (row[name] or "") if is_csv else row[name] for name in known} == known
    *_, structured, embedded, failed, missing = found
    assert structured["structured_output"] == VALUES
    assert str(embedded["input_tokens"]) == str(2**63 - 1)
    vectors = embedded["embeddings"]
    assert (json.loads(vectors) if is_csv else vectors) == [[1, 0.5]]
    assert [str(failed[name]).lower() for name in ("status", "error_code", "expired")] == ["failed", "429", "true"]
    assert (missing["status"], missing["record_id"], missing["text"] or None) == ("missing", "missing", None)


def test_python_reads_them_too(folder: Path) -> None:
    with (folder / "results.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    wanted = expected()
    assert [row["record_id"] for row in table[: len(IDS)]] == [row["record_id"] for row in wanted]
    assert [row["text"] for row in table[: len(IDS)]] == [row["text"] for row in wanted]
