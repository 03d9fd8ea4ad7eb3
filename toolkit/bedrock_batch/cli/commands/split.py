"""``bedrock-batch split``."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.input_arguments import add_paths, input_size, s3_client
from bedrock_batch.cli.limit_option import add_limit_option, limits_of
from bedrock_batch.cli.options import add_command, place
from bedrock_batch.cli.printing import note, write, write_json
from bedrock_batch.cli.progress import Progress
from bedrock_batch.values import counted, shortened

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.records.split_report import SplitReport

_EXAMPLES = """\
  bedrock-batch split big.jsonl --to parts/                     equal files, each for a job of its own
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
    parser.add_argument("--to", type=place, required=True, metavar="PLACE", help="a folder, or the S3 URI of one")
    parser.add_argument("--model", metavar="ID", help="whose published quotas count (default: those of most models)")
    add_limit_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Split and print."""
    from bedrock_batch.records.checking.families import family_of_model  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.records.split import split  # noqa: PLC0415 - no other command needs it

    if arguments.model is not None and not family_of_model(arguments.model):
        note(f"no known model is called {shortened(arguments.model, 200)}, so the quotas of most models count")
    with Progress("splitting", total=2 * input_size(arguments.paths), unit="bytes") as progress:
        report = split(
            arguments.paths,
            arguments.to,
            limits=limits_of(arguments, arguments.model),
            s3_client=s3_client(arguments, [*arguments.paths, arguments.to]),
            progress=progress.advance,
        )
    if arguments.json:
        write_json(asdict(report))
    else:
        for line in _lines(report):
            write(line)
    return 0


def _lines(report: "SplitReport") -> list[str]:
    smallest, largest = min(report.records_per_file), max(report.records_per_file)
    each = f"{smallest:,}" if smallest == largest else f"{smallest:,} or {largest:,}"
    files = counted(len(report.files), "file")
    lines = [*report.files, f"{counted(report.records, 'record')} in {files}, {each} in each"]
    if report.ids_added:
        lines.append(f"{counted(report.ids_added, 'record')} had no recordId and got one")
    if report.kept:
        lines.append(f"there already, and the same: {counted(report.kept, 'file')}")
    return lines
