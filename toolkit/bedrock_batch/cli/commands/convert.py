"""``bedrock-batch convert``."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.input_arguments import add_paths, input_size, s3_client
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.output_option import add_output_option, goes_to_standard_output
from bedrock_batch.cli.printing import note, write, write_json
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.style import Style

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers

_EXAMPLES = """\
  bedrock-batch convert batch.jsonl --model us.amazon.nova-lite-v1:0 --output prompts.jsonl
  bedrock-batch convert batch.jsonl --model ... --invocation-type Converse --output prompts.jsonl
  bedrock-batch convert batch.jsonl --model ... --strict --output prompts.jsonl    refuses what would lose anything
  bedrock-batch convert batch.jsonl --model ... --max-tokens 1000 --output prompts.jsonl

'results --format openai' writes what the job answers in OpenAI's form again

exit codes:
  0  written; what the model has nothing like is named and counted
  1  a request cannot be converted, and nothing is written
  2  wrong arguments, or a file that cannot be read
"""
_PROBLEMS, _NOT_READ = 1, 2


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "convert", run, help="turn files of OpenAI's Batch API into records", examples=_EXAMPLES, aws=True
    )
    add_paths(parser)
    parser.add_argument("--model", metavar="ID", required=True, help="id or ARN of the model or profile of the job")
    parser.add_argument(
        "--invocation-type",
        choices=("InvokeModel", "Converse"),
        help="what the bodies are written for (default: InvokeModel, as the service's)",
    )
    add_output_option(parser, "the file of records")
    parser.add_argument(
        "--max-tokens",
        type=_tokens,
        metavar="N",
        help="for requests that name none (default: 4096 for Claude, 2048 for Llama, else the model's own)",
    )
    parser.add_argument(
        "--strict", action="store_true", help="refuse requests of which anything is lost (default: count it)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Convert and print."""
    from bedrock_batch.files.output import STANDARD_OUTPUT  # noqa: PLC0415 - see below
    from bedrock_batch.openai_batch.convert import convert  # noqa: PLC0415 - brings the JSON library

    arguments.output = arguments.output or STANDARD_OUTPUT
    printed = goes_to_standard_output(arguments)
    with Progress("converting", total=input_size(arguments.paths), unit="bytes", shown=not printed) as progress:
        report = convert(
            arguments.paths,
            arguments.output,
            model=arguments.model,
            invocation_type=arguments.invocation_type,
            max_tokens=arguments.max_tokens,
            strict=arguments.strict,
            s3_client=s3_client(arguments, arguments.paths),
            progress=progress.advance,
        )
    if arguments.json:
        write_json(asdict(report) | {"ok": report.ok})
    else:
        *remarks, summary = str(report).split("\n")
        for remark in remarks:
            (note if printed else write)(remark)
        (note if printed else write)(Style(arguments).paint(summary, "green" if report.ok else "red"))
    return _NOT_READ if report.unread else _PROBLEMS if report.problems else 0


def _tokens(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, got {text!r}")
    return int(text)
