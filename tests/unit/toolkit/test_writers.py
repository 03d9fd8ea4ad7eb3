"""Tables of results, whole or not there."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

import bedrock_batch
from bedrock_batch import BedrockBatchError
from bedrock_batch.results import Result, read_results
from bedrock_batch.writers import open_writer

LINES = [
    {"recordId": "=1+1", "modelInput": {}, "modelOutput": {"generation": 'a "quoted"\nline, with \u2028'}},
    {"recordId": "e", "modelInput": {}, "modelOutput": {"embedding": [0.5, -1], "inputTextTokenCount": 3}},
    {"recordId": "f", "modelInput": {}, "error": {"errorCode": 429, "errorMessage": "no", "retryable": True}},
]


@pytest.fixture
def results(tmp_path: Path) -> list[Result]:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "in.jsonl.out").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return list(read_results(folder))


def test_json_lines_end_at_line_feeds_only(results: list[Result], tmp_path: Path) -> None:
    with open_writer(tmp_path / "table.jsonl") as writer:
        writer.write(results)
    rows = [json.loads(line) for line in (tmp_path / "table.jsonl").read_bytes().split(b"\n")[:-1]]
    assert [row["text"] for row in rows] == ['a "quoted"\nline, with \u2028', None, None]
    assert rows[1]["embeddings"] == [[0.5, -1]]
    assert (rows[2]["error_code"], rows[2]["retryable"], rows[0]["retryable"]) == (429, True, None)


def test_csv_quotes_what_it_has_to(results: list[Result], tmp_path: Path) -> None:
    with open_writer(tmp_path / "table.csv") as writer:
        writer.write(results)
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["text"] == 'a "quoted"\nline, with \u2028'
    assert json.loads(rows[1]["embeddings"]) == [[0.5, -1]]
    assert (rows[2]["error_code"], rows[2]["retryable"], rows[0]["error_code"]) == ("429", "true", "")


def test_parquet_has_types_also_where_there_is_no_value(results: list[Result], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    with open_writer(tmp_path / "table.parquet") as writer:
        writer.write(results[:2])
        writer.write(results[2:])
    table = parquet.read_table(tmp_path / "table.parquet")
    assert table["embeddings"].to_pylist() == [None, [[0.5, -1]], None]
    assert table["error_code"].to_pylist() == [None, None, 429]
    assert str(table.schema.field("latency_ms").type) == "int64"
    with open_writer(tmp_path / "empty.parquet"):
        pass
    assert parquet.read_table(tmp_path / "empty.parquet").schema == table.schema


def interrupted(table: Path, results: list[Result]) -> None:
    with open_writer(table) as writer:
        writer.write(results)
        raise KeyboardInterrupt


def test_a_table_that_is_not_finished_is_not_there(results: list[Result], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(table, results)
    assert table.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "table.csv"]


def test_a_format_can_be_named_and_has_to_be_one(results: list[Result], tmp_path: Path) -> None:
    with open_writer(tmp_path / "table.txt", "jsonl") as writer:
        writer.write(results)
    assert (tmp_path / "table.txt").read_text().startswith('{"record_id":"=1+1"')
    with (
        pytest.raises(BedrockBatchError, match='must be jsonl, csv or parquet, got "txt"'),
        open_writer(tmp_path / "x.txt"),
    ):
        pass


def test_without_pyarrow_its_installation_is_told(tmp_path: Path) -> None:
    script = """
import sys
sys.modules["pyarrow"] = None
from pathlib import Path
from bedrock_batch.writers import open_writer
try:
    with open_writer(Path(sys.argv[1])): pass
except ValueError as error:
    print(error)
"""
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "table.parquet")],
        env={"PYTHONPATH": str(Path(bedrock_batch.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "pip install 'cdk-bedrock-batch[parquet]', or write .jsonl or .csv" in told
    assert list(tmp_path.iterdir()) == []
