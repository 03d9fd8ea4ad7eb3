"""``bedrock-batch results``."""

import argparse
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_job_arguments
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import note, write, write_json
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.results_arguments import add_copy_arguments, open_results

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.results.result import Result

_EXAMPLES = """\
  bedrock-batch results abcdefghwxyz                          on a terminal: the first results
  bedrock-batch results abcdefghwxyz > results.jsonl
  bedrock-batch results --stack MyStack --output results.parquet
  bedrock-batch results my-job --output results.csv --json
  bedrock-batch results --output-dir abcdefghwxyz/ --input prompts.jsonl --output results.jsonl

exit codes:
  0  there is a result for each record, if only an error
  1  something is missing, or does not add up; what is there has been written
"""
_SHOWN = 10
_ID_WIDTH, _TEXT_WIDTH = 24, 90


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "results",
        run,
        help="join the results of a job with its input, and write them as a table",
        examples=_EXAMPLES,
        aws=True,
    )
    add_job_arguments(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to; .jsonl, .csv or .parquet")
    parser.add_argument("--format", choices=("jsonl", "csv", "parquet"), help="(default: as the name of FILE ends)")
    add_copy_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, write and print."""
    with open_results(arguments, processes=os.cpu_count() or 1, lines=False) as job_results:
        for remark in job_results.notes:
            note(remark)
        if arguments.output:
            _write(job_results, arguments.output, arguments.format)
        elif arguments.json:
            _exhaust(job_results)
        else:
            _show(job_results)
        problems = job_results.disagreements()
        if arguments.json:
            write_json(_summary(job_results, problems))
        else:
            _tell(job_results, problems)
    return 1 if problems else 0


def _write(job_results: "JobResults", path: Path, format: str | None) -> None:
    from bedrock_batch.results.table.formats import open_writer  # noqa: PLC0415 - brings the JSON library

    total = job_results.manifest.total_record_count if job_results.manifest else 0
    with Progress("writing", total=total, unit="records") as progress, open_writer(path, format) as writer:
        for batch in job_results.results.batches():
            writer.write(batch)
            progress.advance(len(batch))


def _exhaust(job_results: "JobResults") -> None:
    for _ in job_results.results.batches():
        pass


def _show(job_results: "JobResults") -> None:
    if sys.stdout.isatty():
        for number, result in enumerate(job_results.results):
            if number < _SHOWN:
                write(f"{_cut(result.record_id or '', _ID_WIDTH):{_ID_WIDTH}}  {_cut(_said(result), _TEXT_WIDTH)}")
        return
    from bedrock_batch.results.table.text import JsonLines  # noqa: PLC0415 - brings the JSON library

    lines = JsonLines(sys.stdout)
    for batch in job_results.results.batches():
        lines.write(batch)


def _said(result: "Result") -> str:
    if result.error:
        return f"error {result.error}"
    if result.embeddings:
        return f"({len(result.embeddings)} x {len(result.embeddings[0])} numbers)"
    return result.text if result.text is not None else f"({result.status}, no text)"


def _cut(text: str, width: int) -> str:
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _summary(job_results: "JobResults", problems: list[str]) -> dict[str, object]:
    manifest = job_results.manifest
    return {
        **asdict(job_results.results.tally),
        "manifest": asdict(manifest) if manifest else None,
        "notes": job_results.notes,
        "problems": problems,
    }


def _tell(job_results: "JobResults", problems: list[str]) -> None:
    tally = job_results.results.tally
    note(
        f"{tally.results:,} results: {tally.succeeded:,} succeeded, {tally.failed:,} failed; "
        f"{tally.input_tokens:,} tokens in, {tally.output_tokens:,} out"
    )
    for problem in problems:
        note(problem)
