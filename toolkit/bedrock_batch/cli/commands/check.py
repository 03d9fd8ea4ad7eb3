"""``bedrock-batch check``."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.input_arguments import add_paths, input_size, s3_client
from bedrock_batch.cli.limit_option import add_limit_option, limits_of
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.style import Style

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.records.check_report import CheckReport

_EXAMPLES = """\
  bedrock-batch check prompts.jsonl
  bedrock-batch check prompts.jsonl --model us.amazon.nova-lite-v1:0       the bodies, too
  bedrock-batch check prompts.jsonl --model ... --invocation-type Converse
  bedrock-batch check videos/                                              all files of a folder, and their media
  bedrock-batch check s3://my-bucket/input/ --json                         the same in S3, for a machine
  bedrock-batch check big.jsonl --limit records_per_file=100000            with a quota that was raised

exit codes: 0 no problems, 1 problems, 2 wrong arguments or S3 cannot be read
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "check", run, help="check the input of a job before it is paid for", examples=_EXAMPLES, aws=True
    )
    add_paths(parser)
    parser.add_argument(
        "--model", metavar="ID", help="id or ARN of the model or profile (default: bodies are not checked)"
    )
    parser.add_argument(
        "--invocation-type",
        choices=("InvokeModel", "Converse"),
        help="what the bodies are written for (default: InvokeModel, as the service's)",
    )
    add_limit_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check and print."""
    from bedrock_batch.records.check import check  # noqa: PLC0415 - brings the JSON library

    with Progress("checking", total=input_size(arguments.paths), unit="bytes") as progress:
        report = check(
            arguments.paths,
            limits=limits_of(arguments),
            model=arguments.model,
            invocation_type=arguments.invocation_type,
            s3_client=s3_client(arguments, arguments.paths),
            processes=os.cpu_count() or 1,
            progress=progress.advance,
        )
    sys.stdout.write(_as_json(report) if arguments.json else _as_text(report, Style(arguments)))
    return 0 if report.ok else 1


def _as_json(report: "CheckReport") -> str:
    content = asdict(report) | {"ok": report.ok, "estimatedTokens": report.estimated_tokens}
    content["hiddenWarnings"] = content.pop("hidden_warnings")
    return f"{json.dumps(content, indent=2)}\n"


def _as_text(report: "CheckReport", style: Style) -> str:
    *findings, summary = str(report).split("\n")
    colour = "green" if report.ok else "red"
    return "".join(f"{line}\n" for line in [*findings, style.paint(summary, colour)])
