"""``bedrock-batch results``."""

import argparse
import os
import shutil
import sys
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_jobs_arguments
from bedrock_batch.cli.join_options import add_join_options, opened_join, require_join
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.output_option import add_output_option, goes_to_standard_output
from bedrock_batch.cli.printing import fitted, note, width, write, write_json
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.results_arguments import EXIT_CODES, add_copy_arguments, open_results
from bedrock_batch.files.output import STANDARD_OUTPUT
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.results.batch import Batch
    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.results.result import Result
    from bedrock_batch.results.several_jobs import SeveralResults

    AnyResults = JobResults | SeveralResults

_EXAMPLES = f"""\
  bedrock-batch results abcdefghwxyz                          on a terminal: the first results
  bedrock-batch results abcdefghwxyz > results.jsonl
  bedrock-batch results --stack MyStack --output results.parquet
  bedrock-batch results my-job --output results.csv --spreadsheet-safe
  bedrock-batch results my-job --output results.csv --with prompt --input-order
  bedrock-batch results my-job --retries --output results.csv   of each record the newest success
  bedrock-batch results --stack MyStack --run monday --output results.parquet   all jobs of a run of a pipeline
  bedrock-batch results my-job --join reviews.csv --output answers.csv          beside the rows that were asked about
  bedrock-batch results my-job --format openai --output batch_output.jsonl     as OpenAI's Batch API writes them
  bedrock-batch results --output-dir abcdefghwxyz/ --input prompts.jsonl --output results.jsonl

{EXIT_CODES}"""
# Those that the results room knows; to ask it would bring the JSON library.
_JOB_ID, _OPENAI = "job_id", "openai"
_MORE = (_JOB_ID, "prompt", "model_input", "model_output")
_SHOWN = 10
_ID_WIDTH, _LEAST_WIDTH, _GAP = 24, 12, "  "


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
    add_jobs_arguments(parser)
    add_output_option(parser, "where to; .jsonl, .csv or .parquet")
    parser.add_argument(
        "--format", choices=("jsonl", "csv", "parquet", _OPENAI), help="(default: as the name of FILE ends, or jsonl)"
    )
    parser.add_argument(
        "--with",
        dest="more",
        type=_columns,
        default=(),
        metavar="COLUMNS",
        help=f"more columns, with commas between: {', '.join(_MORE)}; the bodies as they stand in the output",
    )
    parser.add_argument(
        "--input-order", action="store_true", help="in the order of the input (default: as the service wrote them)"
    )
    parser.add_argument(
        "--spreadsheet-safe",
        action="store_true",
        help="in CSV, put ' before text that a spreadsheet would take for a formula (default: text as it is)",
    )
    add_join_options(parser)
    add_copy_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, write and print."""
    require_join(arguments)
    asked = arguments.format or arguments.spreadsheet_safe or arguments.more or arguments.input_order or arguments.join
    if not arguments.output and (asked or not (arguments.json or sys.stdout.isatty())):
        arguments.output = STANDARD_OUTPUT
    printed = goes_to_standard_output(arguments)
    lines = bool(arguments.more) or arguments.format == _OPENAI
    with open_results(arguments, processes=os.cpu_count() or 1, lines=lines) as job_results:
        if job_results.has_several and arguments.format != _OPENAI:
            arguments.more = (*arguments.more, _JOB_ID)
        batches = _batches(job_results, in_order=arguments.input_order)
        said, odd = _put_out(job_results, batches, arguments, shown=not printed)
        notes, problems = [*job_results.notes, *said], [*job_results.disagreements(), *odd]
        for remark in notes:
            note(remark)
        if arguments.json:
            write_json(_summary(job_results, notes, problems))
        else:
            _tell(job_results, problems)
    return 1 if problems else 0


def _columns(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if unknown := [name for name in names if name not in _MORE]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(_MORE)}")
    return names


def _batches(job_results: "AnyResults", *, in_order: bool) -> "Iterator[Batch]":
    if not in_order:
        return job_results.results.batches()
    from bedrock_batch.results.input_order import in_input_order  # noqa: PLC0415 - brings the JSON library

    return in_input_order(job_results)


def _write(
    job_results: "AnyResults",
    batches: "Iterator[Batch]",
    arguments: argparse.Namespace,
    *,
    shown: bool,
    table: "Mapping[str, Any] | None" = None,
) -> None:
    from bedrock_batch.results.table.formats import open_writer  # noqa: PLC0415 - brings the JSON library

    total = job_results.manifest.total_record_count if job_results.manifest else 0
    with (
        Progress("writing", total=total, unit="records", shown=shown) as progress,
        open_writer(
            arguments.output,
            arguments.format,
            more=arguments.more,
            spreadsheet_safe=arguments.spreadsheet_safe,
            table=table,
            models={job.id: job.model for job in job_results.jobs},
        ) as writer,
    ):
        for batch in batches:
            writer.write(batch)
            progress.advance(len(batch))


def _put_out(
    job_results: "AnyResults", batches: "Iterator[Batch]", arguments: argparse.Namespace, *, shown: bool
) -> tuple[list[str], list[str]]:
    """Write or show results; return what there is to say of a table that they are joined with, and what is odd."""
    if arguments.join:
        with opened_join(batches, arguments) as join:
            _write(job_results, join.batches(), arguments, shown=shown, table=join.columns)
            return join.notes, join.disagreements()
    if arguments.output:
        _write(job_results, batches, arguments, shown=shown)
    elif arguments.json:
        _exhaust(batches)
    else:
        _show(batches)
    return [], []


def _exhaust(batches: "Iterator[Batch]") -> None:
    for _ in batches:
        pass


def _show(batches: "Iterator[Batch]") -> None:
    room = max(shutil.get_terminal_size().columns - _ID_WIDTH - len(_GAP), _LEAST_WIDTH)
    for number, result in enumerate(chain.from_iterable(batches)):
        if number < _SHOWN:
            name = fitted(_one_line(result.record_id or ""), _ID_WIDTH)
            said = fitted(_one_line(_said(result)), room)
            write(f"{name}{' ' * (_ID_WIDTH - width(name))}{_GAP}{said}")


def _said(result: "Result") -> str:
    if result.error:
        return f"error {result.error}"
    if vectors := result.embeddings:
        return f"({counted(len(vectors), 'vector')} of {counted(len(vectors[0]), 'number')})"
    return result.text or result.tool_calls or f"({result.status}, no text)"


def _one_line(text: str) -> str:
    # An answer has lines, which are no secret codes.
    return " ".join(text.split())


def _summary(job_results: "AnyResults", notes: list[str], problems: list[str]) -> dict[str, object]:
    manifest = job_results.manifest
    return {
        **asdict(job_results.results.tally),
        "manifest": asdict(manifest) if manifest else None,
        "notes": notes,
        "problems": problems,
    }


def _tell(job_results: "AnyResults", problems: list[str]) -> None:
    tally = job_results.results.tally
    note(
        f"{counted(tally.results, 'result')}: {tally.succeeded:,} succeeded, {tally.failed:,} failed; "
        f"{counted(tally.input_tokens, 'token')} in, {tally.output_tokens:,} out"
    )
    for problem in problems:
        note(problem)
