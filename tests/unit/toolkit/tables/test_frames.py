"""Frames of pandas, Polars and DuckDB, as these libraries hand them out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]
READERS = ROOT / ".venv" / "readers"
SCRIPT = """
import json, sys
sys.path += [{readers!r}]
from bedrock_batch import BedrockBatchError, prepare
{frame}
try:
    asked = dict(template="{{text}} {{n}}", model="amazon.titan-embed-text-v2:0", id_column="id", empty="keep")
    prepare(table, "out.jsonl", **asked)
except BedrockBatchError as error:
    print(error)
"""
FRAMES = {
    "pandas": "import pandas\ntable = pandas.DataFrame({'id': [7, 8], 'text': ['a', 'b'], 'n': [1, None]})",
    "pandas-filtered": (
        "import pandas\ntable = pandas.DataFrame({'id': [6, 7, 8], 'text': list('xab'), 'n': [0, 1, None]})[1:]"
    ),
    "pandas-categories": (
        "import pandas\ntable = pandas.DataFrame({'id': [7, 8], 'text': ['a', 'b'], 'n': [1.0, None]})"
        ".astype({'text': 'category'})"
    ),
    "polars": "import polars\ntable = polars.DataFrame({'id': ['7', '8'], 'text': ['a', 'b'], 'n': [1.0, None]})",
    "polars-categories": (
        "import polars\ntable = polars.DataFrame({'id': [7, 8], 'text': ['a', 'b'], 'n': [1.0, float('nan')]})"
        ".with_columns(polars.col('text').cast(polars.Categorical))"
    ),
    "duckdb": (
        "import duckdb\ntable = duckdb.sql(\"values (7, 'a', '1.0'), (8, 'b', NULL)\")"
        ".select('col0 as id, col1 as text, col2 as n')"
    ),
}


def printed(frame: str, folder: Path) -> str:
    script = SCRIPT.format(readers=str(READERS), frame=frame)
    run = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def records(frame: str, folder: Path) -> list[dict[str, Any]]:
    """What is made of a frame. DuckDB prints its progress to standard output when something takes two seconds."""
    said = printed(frame, folder)
    assert (folder / "out.jsonl").exists(), said
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("library", FRAMES)
def test_a_frame_is_read_as_its_cells_are(tmp_path: Path, library: str) -> None:
    lines = records(FRAMES[library], tmp_path)
    assert [(line["recordId"], line["modelInput"]["inputText"]) for line in lines] == [("7", "a 1.0"), ("8", "b ")]


def test_a_column_of_several_types_is_no_obstacle(tmp_path: Path) -> None:
    frame = "import pandas\ntable = pandas.DataFrame({'id': ['7', '8'], 'text': ['a', 1], 'n': [[2], pandas.NaT]})"
    assert [line["modelInput"]["inputText"] for line in records(frame, tmp_path)] == ["a [2]", "1 "]


def test_an_object_of_polars_is_the_text_that_python_shows(tmp_path: Path) -> None:
    cells = "{'id': ['7'], 'text': [pathlib.PurePosixPath('a/b')], 'n': [1]}"
    frame = f"import pathlib, polars\ntable = polars.DataFrame({cells})"
    assert [line["modelInput"]["inputText"] for line in records(frame, tmp_path)] == ["a/b 1"]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("import pandas\ntable = pandas.DataFrame([[1, 2]], columns=['text', 'text'])", "two columns have one name"),
        ("import pandas\ntable = pandas.Series(['a'], name='text')", "the table: "),
        ("import polars\ntable = polars.LazyFrame({'text': ['a']})", "collect a lazy frame first"),
    ],
)
def test_what_is_no_frame_is_told(tmp_path: Path, frame: str, said: str) -> None:
    assert said in printed(frame, tmp_path)
