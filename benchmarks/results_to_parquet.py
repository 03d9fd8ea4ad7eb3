"""How fast results become a Parquet file: the toolkit beside what DuckDB and Polars do on their own.

The toolkit reads every model family and joins each result with its record in the input; the other two are told the one
shape that the lines have here, and join nothing. They are left out where they are not installed. Then the toolkit reads
as many answers with reasoning and a call of a tool.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from comparison.row import Row
from comparison.trial import BEFORE, Trial

ROUNDS, RECORDS = 5, 100_000
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


def way(name: str) -> Callable[[str], Callable[[], None]]:
    """Make a way of a candidate."""
    return lambda folder: partial(CANDIDATES[name], Path(folder))


WAYS = {name: way(name) for name in CANDIDATES}


def answer(chance: random.Random) -> list[dict[str, Any]]:
    """Make the parts of a plain answer."""
    return [{"text": _words(45, chance)}]


def reasoning_and_call(chance: random.Random) -> list[dict[str, Any]]:
    """Make those of an answer that calls a tool."""
    thought = {"reasoningContent": {"reasoningText": {"text": _words(45, chance)}}}
    arguments = {"city": _words(1, chance), "days": chance.randrange(14)}
    call = {"toolUse": {"toolUseId": f"tooluse_{chance.getrandbits(96):024x}", "name": "weather", "input": arguments}}
    return [thought, *answer(chance), call]


Parts = Callable[[random.Random], list[dict[str, Any]]]
OURS = [name for name in CANDIDATES if name.startswith("toolkit")]
# What is not installed is left out.
OTHERS = [f"{name}, no join" for name in ("DuckDB", "Polars") if find_spec(name.lower())]
DATA: list[tuple[str, Parts, list[str]]] = [
    ("plain answers", answer, OTHERS),
    ("reasoning and tool calls", reasoning_and_call, []),
]


def rows(trial: Trial) -> Iterator[Row]:
    """Write each kind of results with each candidate."""
    for title, parts, others in DATA:
        folder = trial.folder / title
        _write_data(folder, trial.size(RECORDS), parts)
        for ours in OURS:
            turns = trial.in_turn("results_to_parquet", ours, tuple(others), (folder,), ROUNDS)
            for other in (*others, f"{ours}, {BEFORE}"):
                yield replace(turns.row(ours, other), subject=f"{ours}, {title}")


def _write_data(folder: Path, records: int, parts: Parts) -> None:
    chance = random.Random(1)  # noqa: S311 - not a secret
    (folder / "output").mkdir(parents=True)
    output = folder / "output" / "prompts.jsonl.out"
    with (folder / "prompts.jsonl").open("w") as prompts, output.open("w") as results:
        for start in range(0, records, _WINDOW):
            numbers = range(start, min(start + _WINDOW, records))
            lines = [_record(f"record-{number:08}", parts, chance) for number in numbers]
            prompts.writelines(
                json.dumps({"recordId": each["recordId"], "modelInput": each["modelInput"]}) + "\n" for each in lines
            )
            # The service does not keep the order.
            chance.shuffle(lines)
            results.writelines(json.dumps(each) + "\n" for each in lines)


def _record(record_id: str, parts: Parts, chance: random.Random) -> dict[str, object]:
    return {
        "recordId": record_id,
        "modelInput": {"messages": [{"role": "user", "content": [{"text": _words(60, chance)}]}]},
        "modelOutput": {
            "output": {"message": {"content": parts(chance), "role": "assistant"}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 60, "outputTokens": 45, "totalTokens": 105},
        },
    }


def _words(count: int, chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=count))
