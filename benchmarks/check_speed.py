"""How fast input is checked, beside a loop of ``json.loads`` and beside other JSON libraries.

All on one core, in processor time, on records of about 1 kB: prose out of Python's own documentation, as ``json.dumps``
writes it, and once more without its escapes for what is not ASCII. Each is run several times, in turn, and the best
counts. Needs ``pip install orjson pysimdjson`` for the comparison; what is not there is left out. Run it with
``python benchmarks/check_speed.py``; ``--gigabytes 1`` for the full size. The aim is a fifth of the loop's time,
and 150 MB; ``docs/adr/0008-the-json-library.md`` says how far it is met.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from pydoc_data.topics import topics

from rich.console import Console
from rich.table import Table

ROUNDS = 5
CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
_TEXT = 800

# Run in a process of its own, so that its peak of memory is its own.
MEASURE = """
import resource, sys, time
from bedrock_batch import RecordLimits, check
check([])  # Loads what is loaded when it is first used.
limits = RecordLimits(records_per_file=10**9, records_per_job=10**9, bytes_per_file=10**12, bytes_per_job=10**12)
started, clock = time.process_time(), time.perf_counter()
paths, processes, model = sys.argv[1].split(","), int(sys.argv[2]), sys.argv[3] or None
report = check(paths, limits=limits, processes=processes, model=model)
assert report.ok, report
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.process_time() - started, time.perf_counter() - clock, peak)
"""


def records(size: int, *, ascii_only: bool) -> Iterator[str]:
    """Write records until they have that many bytes."""
    prose = "\n".join(topics.values())
    number = 0
    while size > 0:
        start = number * (_TEXT - 3) % (len(prose) - _TEXT)
        content = [{"type": "text", "text": prose[start : start + _TEXT]}]
        body = {
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 512,
            "messages": [{"role": "user", "content": content}],
        }
        line = json.dumps({"recordId": f"record-{number:08d}", "modelInput": body}, ensure_ascii=ascii_only) + "\n"
        yield line
        size -= len(line)
        number += 1


def each_line(read: Callable[[bytes], object]) -> Callable[[Path], object]:
    """Make a loop of a function that reads one line."""

    def loop(path: Path) -> None:
        with path.open("rb") as lines:
            for line in lines:
                read(line)

    return loop


def contestants() -> dict[str, Callable[[Path], object]]:
    """Return what is measured in this process, the loop of ``json.loads`` first."""
    found: dict[str, Callable[[Path], object]] = {"json.loads": each_line(json.loads)}
    for module, name, attribute in (
        ("orjson", "orjson.loads", "loads"),
        ("msgspec.json", "msgspec.json.decode", "decode"),
    ):
        try:
            found[name] = each_line(getattr(importlib.import_module(module), attribute))
        except ModuleNotFoundError:
            continue
    try:
        parser = importlib.import_module("simdjson").Parser()
        found["simdjson.Parser.parse (one member)"] = each_line(lambda line: parser.parse(line)["recordId"])
    except ModuleNotFoundError:
        pass
    return found


def measured(function: Callable[[Path], object], path: Path) -> float:
    """Return the processor time of one run, in seconds."""
    started = time.process_time()
    function(path)
    return time.process_time() - started


def checked(paths: list[Path], processes: int = 1, model: str = "") -> tuple[float, float, float]:
    """Return the processor time and the time of one check in seconds, and its peak of memory in MB."""
    command = [sys.executable, "-c", MEASURE, ",".join(map(str, paths)), str(processes), model]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    processor, elapsed, peak = map(float, run.stdout.split())
    return processor, elapsed, peak / 1024


def compare(path: Path, console: Console, title: str) -> None:
    """Print the figures of one file."""
    best: dict[str, float] = {}
    peaks: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, function in contestants().items():
            best[name] = min(best.get(name, float("inf")), measured(function, path))
        for name, model in (("check", ""), ("check with a model", CLAUDE)):
            processor, _elapsed, peaks[name] = checked([path], model=model)
            best[name] = min(best.get(name, float("inf")), processor)
    table = Table("", "seconds", "times json.loads", "MB of memory", title=title)
    for name, seconds in best.items():
        peak = f"{peaks[name]:.0f}" if name in peaks else ""
        table.add_row(name, f"{seconds:.2f}", f"{best['json.loads'] / seconds:.1f}", peak)
    console.print(table)


def compare_processes(paths: list[Path], console: Console) -> None:
    """Print how long several files take with one process and with several."""
    table = Table("processes", "seconds", title=f"{len(paths)} such files, by the clock")
    for processes in (1, os.cpu_count() or 1):
        table.add_row(str(processes), f"{min(checked(paths, processes)[1] for _ in range(ROUNDS)):.2f}")
    console.print(table)


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=0.1, help="of each file (default: %(default)s)")
    size = int(parser.parse_args().gigabytes * 1e9)
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        for name, title, ascii_only in (("a", "as json.dumps writes it", True), ("u", "without its escapes", False)):
            path = Path(folder, f"{name}.jsonl")
            with path.open("w", encoding="utf-8") as file:
                file.writelines(records(size, ascii_only=ascii_only))
            compare(path, console, f"{path.stat().st_size:,} bytes, {title}")
        copies = [Path(folder, f"{number}.jsonl") for number in range(4)]
        for copy in copies:
            copy.symlink_to(path)
        compare_processes(copies, console)


if __name__ == "__main__":
    main()
