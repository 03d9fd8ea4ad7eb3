"""How fast input is checked, beside a loop of ``json.loads`` and beside other readers of JSON.

On prose out of Python's own documentation, as ``json.dumps`` writes it and once more without its escapes for what is
not ASCII; in records of 1 kB, and of 20 kB, which is their least mean in a file of 1 GB: a file may have 50,000. The
loop is the one that people write, over lines of text; one over lines of bytes is beside it. What is loaded once for
each process is not counted. Readers that are not installed are left out: orjson, pysimdjson, pyarrow, polars, duckdb.
``docs/adr/0008-the-json-library.md`` says how far a fifth of the loop's time is met.
"""

import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

from comparison.row import Row
from comparison.trial import BEFORE, Trial

ROUNDS, SIZE, AT_MOST = 5, 50_000_000, 0.2
CHECK, CHECK_FOR = "check", "check for a model"
CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
LOOP = "json.loads, lines of text"
TEXTS = {"1 kB": 800, "20 kB": 18_000}
_PROSE = "\n".join(topics.values())


def records(size: int, *, ascii_only: bool, text: int = TEXTS["1 kB"], first: int = 0) -> Iterator[str]:
    """Write records until they have that many bytes."""
    number = first
    while size > 0:
        start = number * (text - 3) % (len(_PROSE) - text)
        content = [{"type": "text", "text": _PROSE[start : start + text]}]
        body = {
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 512,
            "messages": [{"role": "user", "content": content}],
        }
        line = json.dumps({"recordId": f"record-{number:08d}", "modelInput": body}, ensure_ascii=ascii_only) + "\n"
        yield line
        size -= len(line.encode())
        number += 1


def written(path: Path, lines: Iterator[str]) -> Path:
    """Write a file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines)
    return path


def text_loop(path: Path) -> None:
    """Read lines of text, as most who read such a file do."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            json.loads(line)


def each_line(read: Callable[[bytes], object]) -> Callable[[Path], object]:
    """Make a loop of a function that reads one line."""

    def loop(path: Path) -> None:
        with path.open("rb") as lines:
            for line in lines:
                read(line)

    return loop


def line_readers() -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Find what is called once for each line, the loop of ``json.loads`` first."""
    yield LOOP, text_loop
    yield "json.loads, lines of bytes", each_line(json.loads)
    if orjson := installed("orjson"):
        yield "orjson.loads", each_line(orjson.loads)
    if msgspec := installed("msgspec"):
        yield "msgspec.json.decode", each_line(msgspec.json.decode)
    if simdjson := installed("simdjson"):
        parser = simdjson.Parser()
        yield "simdjson.Parser.parse (one member)", each_line(lambda line: parser.parse(line)["recordId"])


def file_readers() -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Find what reads a file into columns; two of the members."""
    if arrow := installed("pyarrow"):
        reader = importlib.import_module("pyarrow.json")
        body = arrow.struct([("max_tokens", arrow.int64())])
        schema = arrow.schema([("recordId", arrow.string()), ("modelInput", body)])
        options = reader.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
        yield "pyarrow (two members)", lambda path: reader.read_json(path, parse_options=options)
    if polars := installed("polars"):
        types = {"recordId": polars.String, "modelInput": polars.Struct({"max_tokens": polars.Int64})}
        yield "polars (two members)", lambda path: polars.read_ndjson(path, schema=types)
    if duckdb := installed("duckdb"):
        columns = {"recordId": "VARCHAR", "modelInput": "STRUCT(max_tokens INT)"}
        yield (
            "duckdb (two members)",
            lambda path: duckdb.read_json(str(path), format="newline_delimited", columns=columns).to_arrow_table(),
        )


def installed(name: str) -> Any:  # noqa: ANN401 - a module
    """Import a module; None if it is not there."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


def check_file(path: str, model: str = "") -> Callable[[], object]:
    """Check a file of any size, for a model or for any."""
    from bedrock_batch import RecordLimits, check  # noqa: PLC0415 - of whichever build is measured

    check([])  # Loads what is loaded when it is first used.
    limits = RecordLimits(records_per_file=10**9, records_per_job=10**9, bytes_per_file=10**12, bytes_per_job=10**12)

    def run() -> None:
        report = check([path], limits=limits, processes=1, model=model or None)
        if not report.ok:
            raise AssertionError(report)

    return run


def reader(name: str) -> Callable[[str], Callable[[], object]]:
    """Make a way of a reader."""
    return lambda path: partial(READERS[name], Path(path))


READERS = dict([*line_readers(), *file_readers()])
WAYS = {CHECK: check_file, CHECK_FOR: partial(check_file, model=CLAUDE)} | {name: reader(name) for name in READERS}


def rows(trial: Trial) -> Iterator[Row]:
    """Read files of short and of long records, with escapes and without."""
    for name, text in TEXTS.items():
        for form, ascii_only in (("as json.dumps writes them", True), ("without escapes", False)):
            path = written(trial.folder / "in.jsonl", records(trial.size(SIZE), ascii_only=ascii_only, text=text))
            for way in (CHECK, CHECK_FOR):
                turns = trial.in_turn("check_speed", way, tuple(READERS), (path,), ROUNDS)
                for other in (*READERS, f"{way}, {BEFORE}"):
                    found = turns.row(way, other, at_most=AT_MOST if other == LOOP else None)
                    yield replace(found, subject=f"{way}, records of {name}, {form}")
