"""The view over the results, as the template has it, in an engine on this machine: DuckDB, as if it were Athena."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData

READERS = Path(__file__).parents[4] / ".venv" / "readers"
#: Trino's functions that DuckDB has under other names, or not: null for what is no JSON, as in its JsonExtract.java.
FUNCTIONS = """
    CREATE MACRO json_extract_scalar(json, path) AS TRY(
        CASE WHEN json_type(json, path) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(json, path) END);
    CREATE MACRO json_size(json, path) AS TRY(
        CASE json_type(json, path)
            WHEN 'OBJECT' THEN len(json_keys(json, path)) WHEN 'ARRAY' THEN json_array_length(json, path)
            ELSE CASE WHEN json_type(json, path) IS NULL THEN NULL ELSE 0 END END);
"""
#: What Athena makes of the files: a row a line, the partition, and the hidden columns.
LINES = """
    CREATE VIEW result_lines AS
    SELECT unnest(string_split(content, chr(10))) AS line, split_part(filename, '/', 2) AS run,
        's3://bucket/' || filename AS "$path", last_modified AS "$file_modified_time"
    FROM read_text('results/*/*/*');
"""
PROGRAM = """
import json, sys
sys.path.append(sys.argv[1])
import duckdb
duckdb.sql(sys.argv[2])
found = duckdb.sql(sys.argv[3])
print(json.dumps([dict(zip(found.columns, row)) for row in found.fetchall()]))
"""


@cache
def view() -> Mapping[str, Any]:
    """The view's properties in the template, with its definition in place of the text that holds it."""
    stack = Stack(App(), "Stack")
    BatchInferencePipeline(
        stack,
        "Nightly",
        model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
        input_data=InputData.from_uri("s3://articles/incoming/"),
        results_table=True,
    )
    tables = Template.from_stack(stack).find_resources("AWS::Glue::Table").values()
    (found,) = (each["Properties"]["TableInput"] for each in tables if "ViewOriginalText" in json.dumps(each))
    text = found["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    return {**found, "Definition": json.loads(base64.b64decode(text, validate=True))}


@dataclass(frozen=True)
class Athena:
    """Results in a folder, and what is asked of them.

    Attributes
    ----------
    folder
        Holds what stands in the pipeline's output.
    """

    folder: Path

    def write(self, job: str, *lines: bytes, at: int = 0, run: str = "monday", name: str = "in.jsonl.out") -> None:
        """Write a file of a job, so many seconds after the epoch."""
        file = self.folder / "results" / run / job / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(lines))
        os.utime(file, (at, at))

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Return the rows that answer a query."""
        setting = f"{FUNCTIONS}{LINES}CREATE VIEW results AS {view()['Definition']['originalSql']};"
        told = subprocess.run(
            [sys.executable, "-c", PROGRAM, READERS, setting, query],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        found: list[dict[str, Any]] = json.loads(told.stdout)
        return found

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """The rows of the view, by the ids of the records, of which none is there twice."""
        rows = self.ask("FROM results")
        found = {row["record_id"]: row for row in rows}
        assert len(found) == len(rows)
        return found
