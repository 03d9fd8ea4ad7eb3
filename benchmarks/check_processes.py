"""How long one check takes: with one process and with several, of one file and of its halves at once."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

ROUNDS = 5
ONE, SEVERAL, HALVES = "one process", "several", "two checks, of a half each"

# Run in a process of its own, so that its peak of memory is its own; `ru_maxrss` would be that of the parent, if more.
MEASURE = """
import re, resource, sys, time
from pathlib import Path
from bedrock_batch import RecordLimits, check
check([])  # Loads what is loaded when it is first used.
limits = RecordLimits(records_per_file=10**9, records_per_job=10**9, bytes_per_file=10**12, bytes_per_job=10**12)
started, clock = time.process_time(), time.perf_counter()
paths, processes, model = sys.argv[1].split(","), int(sys.argv[2]), sys.argv[3] or None
report = check(paths, limits=limits, processes=processes, model=model)
assert report.ok, report
elapsed, own = time.perf_counter() - clock, time.process_time() - started
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
others = resource.getrusage(resource.RUSAGE_CHILDREN)
print(own + others.ru_utime + others.ru_stime, elapsed, max(int(peak), others.ru_maxrss))
"""


class Rate(NamedTuple):
    """What one check took: processor time and time in seconds, and the memory of its largest process in MB."""

    processor: float
    elapsed: float
    peak: float


def checked(paths: list[Path], processes: int = 1, model: str = "") -> Rate:
    """Measure one check."""
    return answer(check_of(paths, processes, model))


def check_of(paths: list[Path], processes: int = 1, model: str = "") -> "subprocess.Popen[str]":
    """Start a check."""
    command = [sys.executable, "-c", MEASURE, ",".join(map(str, paths)), str(processes), model]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command


def answer(check: "subprocess.Popen[str]") -> Rate:
    """Wait for a check."""
    output, _ = check.communicate()
    if check.returncode:
        raise SystemExit("a check has failed; see above")
    processor, elapsed, peak = map(float, output.split())
    return Rate(processor, elapsed, peak / 1024)


def both_checked(halves: list[Path]) -> Rate:
    """Measure two checks at once."""
    one, other = [answer(check) for check in [check_of([half]) for half in halves]]
    return Rate(one.processor + other.processor, max(one.elapsed, other.elapsed), max(one.peak, other.peak))


def ratio(longer: list[float], shorter: list[float]) -> float:
    """Return the median of how many times as long one took as another in the same turn."""
    return median(one / other for one, other in zip(longer, shorter, strict=True))


def compare_halves(path: Path, console: Console, title: str) -> None:
    """Print how long one file takes with one process, with several, and in two halves at once."""
    halves = [path.with_name(f"half-{number}.jsonl") for number in range(2)]
    halve(path, halves)
    rates: dict[str, list[Rate]] = {}
    for _ in range(ROUNDS):
        rates.setdefault(ONE, []).append(checked([path]))
        rates.setdefault(SEVERAL, []).append(checked([path], os.cpu_count() or 1))
        rates.setdefault(HALVES, []).append(both_checked(halves))
    times = {name: [rate.elapsed for rate in taken] for name, taken in rates.items()}
    table = Table("", "seconds", "times as fast", "processor", "MB of the largest process", title=title)
    for name, taken in rates.items():
        processor, peak = median(rate.processor for rate in taken), max(rate.peak for rate in taken)
        faster = f"{ratio(times[ONE], times[name]):.2f}"
        table.add_row(name, f"{median(times[name]):.2f}", faster, f"{processor:.2f}", f"{peak:.0f}")
    console.print(table)


def halve(path: Path, halves: list[Path]) -> None:
    """Write the halves of a file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        for half, end in zip(halves, (size // 2, size), strict=True):
            with half.open("wb") as written_half:
                while file.tell() < end and (data := file.read(min(1 << 20, end - file.tell()))):
                    written_half.write(data)
                written_half.write(file.readline())


def compare_processes(paths: list[Path], console: Console) -> None:
    """Print how long several files take with one process and with several."""
    table = Table("processes", "seconds", title=f"{len(paths)} such files, by the clock")
    for processes in (1, os.cpu_count() or 1):
        table.add_row(str(processes), f"{min(checked(paths, processes).elapsed for _ in range(ROUNDS)):.2f}")
    console.print(table)
