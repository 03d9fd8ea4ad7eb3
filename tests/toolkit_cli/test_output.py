"""Where a command writes: what is no file is written to and stays what it is, and standard output has nothing else."""

import csv
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from bedrock_batch.files.output import open_output
from tests.unit.toolkit.job_files import record, result, write

from .command import TOOLKIT
from .in_process import answer_of

RESULTS = ("results", "--output-dir", "copy", "--input", "in.jsonl")
PAGE = ("report", "--output-dir", "copy")
FORMATS = ("jsonl", "csv", "parquet")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of results whose text is not ASCII, and its input, in the working directory."""
    monkeypatch.chdir(tmp_path)
    write(Path("in.jsonl"), record("r1", "é"))
    write(Path("copy/in.jsonl.out"), result("r1", "é") | {"modelOutput": {"generation": "Zürich, 東京"}})
    counts = {"totalRecordCount": 1, "processedRecordCount": 1, "successRecordCount": 1, "errorRecordCount": 0}
    write(Path("copy/manifest.json.out"), counts)
    return tmp_path


def in_a_shell(line: str, **environment: str) -> Any:
    command = f"exec {shlex.quote(sys.executable)} -m bedrock_batch.cli {line}"
    return subprocess.run(
        ["bash", "-c", command],
        env=os.environ | {"PYTHONPATH": str(TOOLKIT)} | environment,
        capture_output=True,
        check=False,
        timeout=60,
    )


def written(monkeypatch: pytest.MonkeyPatch, *words: str) -> bytes:
    """What a file gets."""
    assert answer_of(monkeypatch, *words, "--output", "written").code == 0
    return Path("written").read_bytes()


@pytest.fixture
def fifo() -> Iterator[int]:
    """The reading end of a named pipe, which holds all that these commands write."""
    os.mkfifo("fifo")
    end = os.open("fifo", os.O_RDONLY | os.O_NONBLOCK)
    yield end
    os.close(end)


@pytest.mark.parametrize("words", [(*RESULTS, "--format", each) for each in FORMATS] + [PAGE])
def test_a_pipe_is_written_to(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], fifo: int) -> None:
    assert answer_of(monkeypatch, *words, "--output", "fifo").code == 0
    assert Path("fifo").is_fifo()
    assert os.read(fifo, 65_536) == written(monkeypatch, *words)


@pytest.mark.parametrize("words", [(*RESULTS, "--format", "csv"), PAGE])
@pytest.mark.parametrize("there", ["before", None])
def test_a_link_stays_and_its_file_is_whole_or_not_there(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], there: str | None
) -> None:
    target = Path("elsewhere/target")
    target.parent.mkdir()
    if there:
        target.write_text(there)
    Path("link").symlink_to(target)
    assert answer_of(monkeypatch, *words, "--output", "link").code == 0
    assert Path("link").is_symlink()
    assert target.read_bytes() == written(monkeypatch, *words)
    before = target.read_bytes()
    with suppress(ZeroDivisionError), open_output(Path("link")) as output:
        output.write(b"half")
        raise ZeroDivisionError
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


def test_a_link_in_a_circle_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("loop").symlink_to("loop")
    answer = answer_of(monkeypatch, *RESULTS, "--format", "csv", "--output", "loop")
    assert (answer.code, answer.err.partition(";")[0]) == (
        2,
        "bedrock-batch: loop: Too many levels of symbolic links",
    )
    assert Path("loop").is_symlink()


@pytest.mark.parametrize("line", [f"{shlex.join((*RESULTS, '--format', 'csv'))}", shlex.join(PAGE)])
@pytest.mark.parametrize("name", ["-", "/dev/fd/1", "stand-in"])
@pytest.mark.parametrize("end", ["| cat", "> printed", ">> printed"])
def test_standard_output_has_what_a_file_would_have(
    monkeypatch: pytest.MonkeyPatch, line: str, name: str, end: str
) -> None:
    # As /dev/stdout is one, which no test names: root could lose it.
    Path("stand-in").symlink_to("/proc/self/fd/1")
    answer = in_a_shell(f"{line} --output {name} {end}")
    assert answer.returncode == 0
    printed = Path("printed").read_bytes() if ">" in end else answer.stdout
    assert printed == written(monkeypatch, *shlex.split(line))
    assert Path("stand-in").is_symlink()


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_counts_without_a_file(monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    answer = answer_of(monkeypatch, *RESULTS, "--format", format)
    assert answer.out == written(monkeypatch, *RESULTS, "--format", format)
    if format == "parquet":
        assert parquet.read_table(io.BytesIO(answer.out)).num_rows == 1


def test_without_a_format_standard_output_has_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, dash = answer_of(monkeypatch, *RESULTS), answer_of(monkeypatch, *RESULTS, "--output", "-")
    assert plain.out == dash.out == written(monkeypatch, *RESULTS, "--format", "jsonl")


def test_a_terminal_gets_the_header_too_and_no_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, *RESULTS, "--format", "csv", on_a_terminal=True)
    rows = list(csv.DictReader(io.StringIO(answer.out.decode(), newline="")))
    assert [(row["record_id"], row["text"]) for row in rows] == [("r1", "Zürich, 東京")]
    assert "\x1b" not in answer.err
    refused = answer_of(monkeypatch, *RESULTS, "--format", "parquet", on_a_terminal=True)
    assert (refused.code, refused.out) == (2, b"")
    assert "Parquet is no text for a terminal" in refused.err


@pytest.mark.parametrize("command", [*RESULTS[:1], *PAGE[:1], "check"])
def test_an_encoding_without_a_character_changes_no_code(command: str) -> None:
    line = {"check": "check é.jsonl", "report": shlex.join(PAGE), "results": shlex.join(RESULTS)}[command]
    usual, ascii_, c = (
        in_a_shell(line, **environment)
        for environment in ({}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"})
    )
    assert usual.returncode == ascii_.returncode == c.returncode == (2 if command == "check" else 0)
    assert b"Traceback" not in ascii_.stderr + c.stderr
    # What is data has one encoding.
    assert command == "check" or usual.stdout == ascii_.stdout == c.stdout
    assert command != "check" or rb"\xe9.jsonl: there is no such file" in ascii_.stdout


def test_json_stays_json_in_any_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "check", "é.jsonl", "--json", encoding="ascii")
    assert rb'"file": "\u00e9.jsonl"' in answer.out


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


@pytest.mark.parametrize("safe", [[], ["--spreadsheet-safe"]])
def test_text_that_is_a_formula_to_a_spreadsheet_can_be_made_safe(
    monkeypatch: pytest.MonkeyPatch, safe: list[str]
) -> None:
    answers = [*FORMULAS, "plain", "a=1", "'quoted", ""]
    lines = [
        {"recordId": f"{number}", "modelInput": {}, "modelOutput": {"generation": text, "prompt_token_count": -1}}
        for number, text in enumerate(answers)
    ]
    write(Path("formulas/in.jsonl.out"), *lines)
    answer = answer_of(monkeypatch, "results", "--output-dir", "formulas", "--format", "csv", *safe)
    rows = list(csv.DictReader(io.StringIO(answer.out.decode(), newline="")))
    mark = "'" if safe else ""
    assert [row["text"] for row in rows] == [*(f"{mark}{text}" for text in FORMULAS), "plain", "a=1", "'quoted", ""]
    assert {row["input_tokens"] for row in rows} == {"-1"}, "a number is none"


@pytest.mark.parametrize("options", [["--output", "x.jsonl"], ["--format", "parquet"], []])
def test_only_csv_is_made_safe(monkeypatch: pytest.MonkeyPatch, options: list[str]) -> None:
    answer = answer_of(monkeypatch, *RESULTS, "--spreadsheet-safe", *options)
    assert answer.code == 2
    assert "only CSV is made safe for spreadsheets, and the format is" in answer.err
    assert not Path("x.jsonl").exists()


def test_embeddings_are_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        Path("vectors/in.jsonl.out"),
        {"recordId": "a", "modelInput": {}, "modelOutput": {"embedding": [0.5] * 256}},
        {"recordId": "b", "modelInput": {}, "modelOutput": {"embeddings": [[1.0], [2.0]]}},
    )
    shown = answer_of(monkeypatch, "results", "--output-dir", "vectors", on_a_terminal=True).out.decode()
    assert "(1 vector of 256 numbers)" in shown
    assert "(2 vectors of 1 number)" in shown
