"""How fast input is checked, beside a loop of ``json.loads`` and beside other readers of JSON.

All in processor time, on prose out of Python's own documentation, as ``json.dumps`` writes it and once more without its
escapes for what is not ASCII; in records of 1 kB, and of 20 kB, which is their least mean in a file of 1 GB: a file
may have 50,000. The loop is the one that people write, over lines of text; one over lines of bytes is beside it. All
run in turn, several times: the medians of their times, and of how many times as long the loop took in the same turn.
What is loaded once for each process is not counted. One file by one process and by several is measured by the clock,
beside checks of its two halves at once: look at these figures only if nothing else runs on the machine.

Needs ``pip install orjson pysimdjson pyarrow polars duckdb`` for the comparison; what is not there is left out. Needs
Linux for the peak of memory. Run it with ``python benchmarks/check_speed.py``; ``--gigabytes 1`` for the full size. The
aim is a fifth of the loop's time, and 150 MB; ``docs/adr/0008-the-json-library.md`` says how far it is met.
"""

import argparse
import importlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from pydoc_data.topics import topics
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from check_processes import ROUNDS, checked, compare_halves, compare_processes, ratio

CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
LOOP, BYTES_LOOP = "json.loads, lines of text", "json.loads, lines of bytes"
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
    yield BYTES_LOOP, each_line(json.loads)
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


def measured(function: Callable[[Path], object], path: Path) -> float:
    """Return the processor time of one run, in seconds."""
    started = time.process_time()
    function(path)
    return time.process_time() - started


def compare(path: Path, console: Console, title: str) -> None:
    """Print the figures of one file."""
    readers = dict([*line_readers(), *file_readers()])
    times: dict[str, list[float]] = {}
    peaks: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, function in readers.items():
            times.setdefault(name, []).append(measured(function, path))
        for name, model in (("check", ""), ("check with a model", CLAUDE)):
            rate = checked([path], model=model)
            times.setdefault(name, []).append(rate.processor)
            peaks[name] = rate.peak
    table = Table("", "seconds", "times the loop", "over bytes", "MB of memory", title=title)
    for name, taken in times.items():
        ratios = [f"{ratio(times[loop], taken):.1f}" for loop in (LOOP, BYTES_LOOP)]
        table.add_row(name, f"{median(taken):.2f}", *ratios, f"{peaks[name]:.0f}" if name in peaks else "")
    console.print(table)


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=0.1, help="of each file (default: %(default)s)")
    size = int(parser.parse_args().gigabytes * 1e9)
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prompts.jsonl")
        for name, text in TEXTS.items():
            for form, ascii_only in (("as json.dumps writes it", True), ("without its escapes", False)):
                written(path, records(size, ascii_only=ascii_only, text=text))
                title = f"{path.stat().st_size:,} bytes in records of {name}, {form}"
                compare(path, console, title)
                compare_halves(path, console, f"{title}, by the clock")
        shards = [
            written(Path(folder, f"{number}.jsonl"), records(size, ascii_only=False, first=number * 10_000_000))
            for number in range(4)
        ]
        compare_processes(shards, console)


if __name__ == "__main__":
    main()
