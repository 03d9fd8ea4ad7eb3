"""Tables of results, whole or not there."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pyarrow import parquet

import bedrock_batch
from bedrock_batch import BedrockBatchError, read_results
from bedrock_batch.results.batch import Batch, batch_of, one_batch
from bedrock_batch.results.result import Result
from bedrock_batch.results.table.formats import open_writer

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


def test_parquet_keeps_the_order_over_row_groups(
    results: list[Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedrock_batch.results.table.parquet._GROUP_ROWS", 2)
    with open_writer(tmp_path / "table.parquet") as writer:
        for result in results * 3:
            writer.write([result])
    table = parquet.ParquetFile(tmp_path / "table.parquet")
    assert table.num_row_groups == 5
    assert table.read()["record_id"].to_pylist() == ["=1+1", "e", "f"] * 3


def test_parquet_rounds_whole_numbers_of_vectors_as_it_does_fractions(results: list[Result], tmp_path: Path) -> None:
    vectors = [[2**24 + 1, 0.1], [2**64, -(2**64)], []]
    with open_writer(tmp_path / "table.parquet") as writer:
        writer.write([replace(results[1], embeddings=vectors), results[0]])
    assert parquet.read_table(tmp_path / "table.parquet")["embeddings"].to_pylist() == [
        [[2.0**24, pytest.approx(0.1)], [2.0**64, -(2.0**64)], []],
        None,
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"input_tokens": 2**63}, "'input_tokens' must be int64 in Parquet, and a result has another value: "),
        ({"embeddings": [["x"]]}, "'embeddings' must be list<.*> in Parquet, and a result has another value: "),
    ],
)
def test_a_value_that_parquet_does_not_hold_is_told(
    results: list[Result], tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with (
        pytest.raises(BedrockBatchError, match=f"{message}.*; write .jsonl or .csv"),
        open_writer(tmp_path / "table.parquet") as writer,
    ):
        writer.write([replace(results[0], **change)])
    assert not (tmp_path / "table.parquet").exists()


def told_by(script: str, table: Path) -> str:
    """What a program of its own prints, given the path of a table."""
    return subprocess.run(
        [sys.executable, "-c", script, str(table)],
        # Python would leave half a module's bytecode behind where no file may be larger.
        env={"PYTHONPATH": str(Path(bedrock_batch.__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_disk_that_is_full_is_noticed_and_leaves_no_table(tmp_path: Path) -> None:
    script = """
import os, resource, sys
from pathlib import Path
from bedrock_batch import Result, open_writer
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    with open_writer(Path(sys.argv[1])) as writer:
        writer.write([Result(str(n), "succeeded", b"", os.urandom(500).hex()) for n in range(1000)])
except OSError as error:
    print(type(error).__name__)
"""
    told = told_by(script, tmp_path / "table.parquet")
    assert told == "OSError\n"
    assert list(tmp_path.iterdir()) == []


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


def test_a_batch_has_a_column_for_each_attribute_of_a_result(results: list[Result]) -> None:
    assert Batch.__struct_fields__ == (*Result.__struct_fields__, "odd")
    batch = batch_of(results)
    assert batch.record_id == ["=1+1", "e", "f"]
    assert list(batch) == results
    assert list(one_batch([batch, batch_of([]), batch])) == results * 2


def test_a_format_can_be_named_and_has_to_be_one(results: list[Result], tmp_path: Path) -> None:
    with open_writer(tmp_path / "table.txt", "jsonl") as writer:
        writer.write(results)
    assert (tmp_path / "table.txt").read_text().startswith('{"record_id":"=1+1"')
    with (
        pytest.raises(
            BedrockBatchError, match=r"x\.openai must end in \.jsonl, \.csv or \.parquet, which says the format"
        ),
        open_writer(tmp_path / "x.openai"),
    ):
        pass
    with (
        pytest.raises(
            BedrockBatchError, match='the format must be jsonl, csv, parquet or openai, got "txt"; correct it'
        ),
        open_writer(tmp_path / "x.csv", "txt"),
    ):
        pass


def test_without_pyarrow_its_installation_is_told(tmp_path: Path) -> None:
    script = """
import sys
sys.modules["pyarrow"] = None
from pathlib import Path
from bedrock_batch.results.table.formats import open_writer
try:
    with open_writer(Path(sys.argv[1])): pass
except ValueError as error:
    print(error)
"""
    told = told_by(script, tmp_path / "table.parquet")
    assert "pip install 'bedrock-batch[parquet]', or write .jsonl or .csv" in told
    assert list(tmp_path.iterdir()) == []
