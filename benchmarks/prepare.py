"""How fast a table becomes records, beside the loop that people write: ``csv.DictReader`` and ``json.dumps``.

On prose out of Python's own documentation, in records of 1 kB; a text has commas, quotes and line breaks, as those of
people have. The loop writes the same records for Amazon Nova, with the ids of a column; it checks nothing.
"""

import csv
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from pydoc_data.topics import topics

import pyarrow as pa
from pyarrow import parquet

from comparison.row import Row
from comparison.trial import BEFORE, Trial

ROUNDS, RECORDS = 5, 50_000
TEXT = 800
MODEL = "amazon.nova-lite-v1:0"
TEMPLATE = "What is {title} about?\n{text}"
LOOP = "csv.DictReader and json.dumps"
_PROSE = "\n".join(topics.values())


def table_rows(count: int) -> list[dict[str, str]]:
    """Make rows of a table."""
    starts = (number * (TEXT - 3) % (len(_PROSE) - TEXT) for number in range(count))
    return [
        {"id": f"review-{number:08d}", "title": f"part {number}", "text": _PROSE[start : start + TEXT]}
        for number, start in enumerate(starts)
    ]


def written(folder: Path, count: int) -> dict[str, Path]:
    """Write a table in each format, some rows at a time."""
    files = {kind: folder / f"{count}.{kind}" for kind in ("csv", "jsonl", "parquet")}
    some = table_rows(20_000)
    schema = pa.Table.from_pylist(some[:1]).schema
    with (
        files["csv"].open("w", encoding="utf-8", newline="") as csv_file,
        files["jsonl"].open("w", encoding="utf-8") as jsonl,
        parquet.ParquetWriter(files["parquet"], schema) as writer,
    ):
        lines = csv.DictWriter(csv_file, some[0])
        lines.writeheader()
        for first in range(0, count, len(some)):
            part = [row | {"id": f"review-{first + number:08d}"} for number, row in enumerate(some[: count - first])]
            lines.writerows(part)
            jsonl.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
            writer.write_table(pa.Table.from_pylist(part))
    return files


def plain_loop(table: str, output: str) -> Callable[[], object]:
    """Write records as most would."""

    def run() -> None:
        with Path(table).open(encoding="utf-8", newline="") as file, Path(output).open("w", encoding="utf-8") as out:
            for row in csv.DictReader(file):
                content = [{"text": f"What is {row['title']} about?\n{row['text']}"}]
                body = {"schemaVersion": "messages-v1", "messages": [{"role": "user", "content": content}]}
                out.write(json.dumps({"recordId": row["id"], "modelInput": body}) + "\n")

    return run


def prepare_table(kind: str, id_column: str | None, table: str, output: str) -> Callable[[], object]:
    """Prepare a table of a kind that is beside the one in CSV."""
    from bedrock_batch import prepare  # noqa: PLC0415 - of whichever build is measured

    one = Path(table).with_suffix(f".{kind}")
    run = partial(prepare, one, output, template=TEMPLATE, model=MODEL, id_column=id_column)
    run()  # Loads what is loaded when it is first used.
    return run


OURS = {f"prepare, {kind}": partial(prepare_table, kind, "id") for kind in ("csv", "jsonl", "parquet")}
OURS["prepare, csv, ids made of the rows"] = partial(prepare_table, "csv", None)
WAYS = {LOOP: plain_loop} | OURS


def rows(trial: Trial) -> Iterator[Row]:
    """Prepare each kind of table beside the loop."""
    table = written(trial.folder, trial.size(RECORDS))["csv"]
    for name in OURS:
        turns = trial.in_turn("prepare", name, (LOOP,), (table, trial.folder / "out.jsonl"), ROUNDS)
        yield turns.row(name, LOOP)
        yield turns.row(name, f"{name}, {BEFORE}")
