"""``bedrock-batch check``."""

import argparse
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.input_arguments import add_paths, input_size, s3_client
from bedrock_batch.cli.limit_option import add_limit_option, limits_of
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.price_options import Told, add_price_options, look_at_prices, prices_of
from bedrock_batch.cli.printing import write, write_json
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.session import region_name
from bedrock_batch.cli.style import Style
from bedrock_batch.errors import BedrockBatchError

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.records.check_report import CheckReport

_EXAMPLES = """\
  bedrock-batch check prompts.jsonl
  bedrock-batch check prompts.jsonl --model us.amazon.nova-lite-v1:0       the bodies, too
  bedrock-batch check prompts.jsonl --model ... --invocation-type Converse
  bedrock-batch check prompts.jsonl --model ... --prices aws               what it costs to have them read
  bedrock-batch check videos/                                              all files of a folder, and their media
  bedrock-batch check s3://my-bucket/input/ --json                         the same in S3, for a machine
  bedrock-batch check big.jsonl --limit records_per_file=100000            with a quota that was raised

what a model is known to refuse is a problem; what nobody documents is a warning, and so is a model that is not known

exit codes: 0 no problems, 1 problems, 2 wrong arguments, or something that cannot be read, be it one file of several
"""
_PROBLEMS, _NOT_READ = 1, 2


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "check", run, help="check the input of a job before it is paid for", examples=_EXAMPLES, aws=True
    )
    add_paths(parser)
    parser.add_argument(
        "--model",
        metavar="ID",
        help="id or ARN of the model or profile, whose bodies are checked too (default: bodies are not checked)",
    )
    parser.add_argument(
        "--invocation-type",
        choices=("InvokeModel", "Converse"),
        help="what the bodies are written for (default: InvokeModel, as the service's)",
    )
    add_limit_option(parser)
    add_price_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check and print."""
    from bedrock_batch.records.check import check  # noqa: PLC0415 - brings the JSON library

    told = _prices(arguments)
    with Progress("checking", total=input_size(arguments.paths), unit="bytes") as progress:
        report = check(
            arguments.paths,
            limits=limits_of(arguments, arguments.model),
            model=arguments.model,
            invocation_type=arguments.invocation_type,
            s3_client=s3_client(arguments, arguments.paths),
            processes=os.cpu_count() or 1,
            progress=progress.advance,
        )
    if arguments.json:
        write_json(_as_json(report) | {"estimatedInputCost": told.of(report.estimated_tokens, 0)})
    else:
        *findings, summary = str(report).split("\n")
        for finding in findings:
            write(finding)
        write(Style(arguments).paint(summary, "green" if report.ok else "red"))
        if cost := told.read(report.estimated_tokens):
            write(cost)
    return _NOT_READ if report.unread else _PROBLEMS if report.problems else 0


def _as_json(report: "CheckReport") -> dict[str, object]:
    content = asdict(report) | {"ok": report.ok, "estimatedTokens": report.estimated_tokens}
    del content["sampled"]
    content["hiddenWarnings"] = content.pop("hidden_warnings")
    return content


def _prices(arguments: argparse.Namespace) -> Told:
    look_at_prices(arguments)
    if not arguments.prices:
        return prices_of(arguments, "", "")
    if not arguments.model:
        raise BedrockBatchError("--prices are those of a model; name it with --model")
    if not (region := region_name(arguments)):
        raise BedrockBatchError("--prices are those of a Region; name it with --region, AWS_REGION or the profile")
    return prices_of(arguments, arguments.model, region)
