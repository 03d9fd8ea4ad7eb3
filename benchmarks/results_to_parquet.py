"""How fast results become a Parquet file: the toolkit beside what DuckDB and Polars do on their own.

Run: python benchmarks/results_to_parquet.py [--records 200000]

The toolkit reads every model family and joins each result with its record in the input; the other two are told the one
shape that the lines have here, and join nothing. Each runs in a process of its own, so that memory can be told apart.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RECORDS = 200_000
_WINDOW = 1000
WORDS = [f"word{number}" for number in range(5000)]
TEXT = "$.modelOutput.output.message.content[0].text"
USAGE = "$.modelOutput.usage"


def toolkit(folder: Path, processes: int) -> None:
    """Join and write with the toolkit: msgspec and pyarrow."""
    from bedrock_batch.results.job_results import open_local_results  # noqa: PLC0415 - only this candidate loads it
    from bedrock_batch.results.table.formats import open_writer  # noqa: PLC0415 - the same

    with (
        open_local_results(folder / "output", [folder / "prompts.jsonl"], processes=processes, lines=False) as opened,
        open_writer(folder / "toolkit.parquet") as writer,
    ):
        for batch in opened.results.batches():
            writer.write(batch)


def duckdb(folder: Path) -> None:
    """Let DuckDB read, extract and write."""
    import duckdb as library  # noqa: PLC0415 - only this candidate loads it

    # The folder is the benchmark's own.
    library.sql(
        f"""COPY (SELECT json->>'$.recordId' AS record_id, json->>'{TEXT}' AS text,
        json->>'$.modelOutput.stopReason' AS stop_reason, (json->>'{USAGE}.inputTokens')::BIGINT AS input_tokens,
        (json->>'{USAGE}.outputTokens')::BIGINT AS output_tokens
        FROM read_ndjson_objects('{folder}/output/*.out')) TO '{folder}/duckdb.parquet' (COMPRESSION zstd)"""  # noqa: S608 - see above
    )


def polars(folder: Path) -> None:
    """Let Polars read, extract and write."""
    import polars as pl  # noqa: PLC0415 - only this candidate loads it

    body = pl.col("modelOutput").struct
    message = body.field("output").struct.field("message").struct.field("content").list.first()
    usage = body.field("usage").struct
    pl.scan_ndjson(folder / "output" / "prompts.jsonl.out").select(
        "recordId",
        message.struct.field("text"),
        body.field("stopReason"),
        usage.field("inputTokens"),
        usage.field("outputTokens"),
    ).sink_parquet(folder / "polars.parquet", compression="zstd")


CANDIDATES: dict[str, Callable[[Path], None]] = {
    "toolkit, 1 process": lambda folder: toolkit(folder, 1),
    "toolkit, all cores": lambda folder: toolkit(folder, os.cpu_count() or 1),
    "DuckDB, no join": duckdb,
    "Polars, no join": polars,
}


def main() -> None:
    """Make the data, run each candidate and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--candidate", choices=CANDIDATES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.candidate:
        _measure(CANDIDATES[arguments.candidate], arguments.folder)
        return
    with tempfile.TemporaryDirectory(prefix="results-to-parquet-") as name:
        size = _write_data(Path(name), arguments.records)
        _say(f"{arguments.records:,} records of {size // arguments.records:,} bytes, {os.cpu_count()} cores\n")
        _say(f"{'candidate':20} {'seconds':>8} {'records/s':>10} {'CPU s':>7} {'MB':>6}")
        for candidate in CANDIDATES:
            command = [sys.executable, __file__, "--candidate", candidate, "--folder", name]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - this file
            seconds, cpu, memory = json.loads(told)
            _say(f"{candidate:20} {seconds:8.2f} {arguments.records / seconds:10,.0f} {cpu:7.2f} {memory:6,.0f}")


def _measure(candidate: Callable[[Path], None], folder: Path) -> None:
    start = time.perf_counter()
    candidate(folder)
    seconds = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in used)
    _say(json.dumps([seconds, cpu, max(each.ru_maxrss for each in used) / 1024]))


def _write_data(folder: Path, records: int) -> int:
    chance = random.Random(1)  # noqa: S311 - not a secret
    (folder / "output").mkdir()
    output = folder / "output" / "prompts.jsonl.out"
    with (folder / "prompts.jsonl").open("w") as prompts, output.open("w") as results:
        for start in range(0, records, _WINDOW):
            lines = [_record(f"record-{number:08}", chance) for number in range(start, min(start + _WINDOW, records))]
            prompts.writelines(
                json.dumps({"recordId": each["recordId"], "modelInput": each["modelInput"]}) + "\n" for each in lines
            )
            # The service does not keep the order.
            chance.shuffle(lines)
            results.writelines(json.dumps(each) + "\n" for each in lines)
    return output.stat().st_size


def _record(record_id: str, chance: random.Random) -> dict[str, object]:
    question, answer = (" ".join(chance.choices(WORDS, k=length)) for length in (60, 45))
    return {
        "recordId": record_id,
        "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        "modelOutput": {
            "output": {"message": {"content": [{"text": answer}], "role": "assistant"}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 60, "outputTokens": 45, "totalTokens": 105},
        },
    }


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
