"""How fast files of OpenAI's Batch API are converted, beside a loop of ``json.loads`` and ``json.dumps``.

Processor time of one process, for records of 1 kB out of Python's own documentation, with a system message, as most
files have them; in turn with the loop, several times: the medians of both, and of how many times as long the loop took
in the same turn. The loop writes each line as it is, without a look at what is in it. The peak of memory is that of a
process of its own, which needs Linux.

Run it with ``python benchmarks/convert.py``; ``--records 5000000`` shows that memory has its bound for any size. The
aim is 100,000 records in a second, and 256 MB.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from pydoc_data.topics import topics
from statistics import median

from rich.console import Console
from rich.table import Table

ROUNDS = 5
MODELS = {
    "Claude": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "Nova": "us.amazon.nova-lite-v1:0",
    "Llama": "us.meta.llama3-3-70b-instruct-v1:0",
    "gpt-oss": "openai.gpt-oss-20b-1:0",
}
_TEXT = 720
_PROSE = "\n".join(topics.values())

# Run in a process of its own, so that its peak of memory is its own.
MEASURE = """
import re, sys, time
from pathlib import Path
from bedrock_batch import convert
source, target, model = sys.argv[1:]
import bedrock_batch.openai_batch.conversion, bedrock_batch.bodies.writing
started = time.process_time()
report = convert(source, Path(target), model=model)
taken = time.process_time() - started
assert report.ok, report
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(taken, peak)
"""


def written(path: Path, records: int) -> Path:
    """Write a file of OpenAI's."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(records):
            start = number * (_TEXT - 3) % (len(_PROSE) - _TEXT)
            messages = [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": _PROSE[start : start + _TEXT].strip()},
            ]
            body = {"model": "gpt-4o-mini", "messages": messages, "max_tokens": 1000, "temperature": 0.2}
            line = {"custom_id": f"request-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}
            file.write(json.dumps(line) + "\n")
    return path


def loop(source: Path, target: Path) -> float:
    """Read and write each line as it is; return the processor time in seconds."""
    started = time.process_time()
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(json.loads(line)) + "\n")
    return time.process_time() - started


def converted(source: Path, target: Path, model: str) -> tuple[float, float]:
    """Return the processor time of a conversion in seconds, and its peak of memory in MB."""
    command = [sys.executable, "-c", MEASURE, str(source), str(target), model]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    taken, peak = map(float, run.stdout.split())
    return taken, peak / 1024


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=50_000, help="in the file (default: %(default)s)")
    records = parser.parse_args().records
    table = Table("", "records a second", "seconds", "times the loop", "MB of memory", title=f"{records:,} records")
    with tempfile.TemporaryDirectory() as folder:
        source, target = written(Path(folder, "batch.jsonl"), records), Path(folder, "records.jsonl")
        loops = []
        for name, model in MODELS.items():
            turns = [(loop(source, target), *converted(source, target, model)) for _ in range(ROUNDS)]
            loops += [each[0] for each in turns]
            taken, ratio = median(each[1] for each in turns), median(each[0] / each[1] for each in turns)
            table.add_row(name, f"{records / taken:,.0f}", f"{taken:.2f}", f"{ratio:.1f}", f"{turns[0][2]:.0f}")
        table.add_row("the loop", f"{records / median(loops):,.0f}", f"{median(loops):.2f}", "1.0", "")
    Console().print(table)


if __name__ == "__main__":
    main()
