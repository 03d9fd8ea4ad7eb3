"""``bedrock-batch split``."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.input_arguments import add_paths, input_size, s3_client
from bedrock_batch.cli.limit_option import add_limit_option, limits_of
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.progress import Progress

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.records.limits import RecordLimits
    from bedrock_batch.records.split_report import SplitReport

_EXAMPLES = """\
  bedrock-batch split big.jsonl --to parts/                     files within the quotas, each for a job of its own
  bedrock-batch split exports/ --to s3://my-bucket/input/       from a folder into S3
  bedrock-batch split big.jsonl --to parts/ --limit records_per_file=10000

The same input gives the same files. A run that was cut off is taken up by running it again.
exit codes: 0 done, 2 the input or the place is wrong
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "split",
        run,
        help="split input of any size into files that a job takes",
        examples=_EXAMPLES,
        aws=True,
    )
    add_paths(parser)
    parser.add_argument("--to", required=True, metavar="PLACE", help="a folder, or the S3 URI of one")
    parser.add_argument("--model", metavar="ID", help="whose published quotas count (default: those of most models)")
    add_limit_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Split and print."""
    from bedrock_batch.records.split import split  # noqa: PLC0415 - no other command needs it

    limits = limits_of(arguments)
    with Progress("splitting", total=input_size(arguments.paths), unit="bytes") as progress:
        report = split(
            arguments.paths,
            arguments.to,
            limits=limits,
            s3_client=s3_client(arguments, [*arguments.paths, arguments.to]),
            progress=progress.advance,
        )
    sys.stdout.write(f"{json.dumps(asdict(report), indent=2)}\n" if arguments.json else _as_text(report, limits))
    return 0


def _as_text(report: "SplitReport", limits: "RecordLimits") -> str:
    lines = [*report.files, f"{report.records:,} records in {len(report.files):,} files"]
    if report.ids_added:
        lines.append(f"{report.ids_added:,} records had no recordId and got one")
    if report.kept:
        lines.append(f"{report.kept:,} files were there already and are the same")
    if report.records_in_last < limits.min_records_per_job:
        fewest = limits.min_records_per_job
        lines.append(
            f"the last file has {report.records_in_last:,} records, fewer than the {fewest:,} that a job needs"
        )
    return "".join(f"{line}\n" for line in lines)
