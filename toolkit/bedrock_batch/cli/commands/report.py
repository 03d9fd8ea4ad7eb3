"""``bedrock-batch report``."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_job_arguments
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import write, write_json
from bedrock_batch.cli.results_arguments import add_copy_arguments, open_results
from bedrock_batch.errors import BedrockBatchError

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.page import Prices

_EXAMPLES = """\
  bedrock-batch report abcdefghwxyz
  bedrock-batch report --stack MyStack --input-price 0.03 --output-price 0.12
  bedrock-batch report --output-dir abcdefghwxyz/ --input prompts.jsonl --output report.html

Prices are for a million tokens; those of batch inference are half of those on demand.
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "report", run, help="write a page about a job: one HTML file", examples=_EXAMPLES, aws=True
    )
    add_job_arguments(parser)
    add_copy_arguments(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to (default: JOB-ID.html)")
    parser.add_argument("--input-price", type=float, metavar="PRICE", help="of a million tokens read")
    parser.add_argument("--output-price", type=float, metavar="PRICE", help="of a million tokens written")


def run(arguments: argparse.Namespace) -> int:
    """Read, write and print."""
    from bedrock_batch.files.whole_file import whole_file  # noqa: PLC0415 - the same
    from bedrock_batch.page import gather_facts, render_page  # noqa: PLC0415 - brings the JSON library

    prices = _prices(arguments)
    with open_results(arguments) as job_results:
        facts = gather_facts(job_results, prices)
    file = arguments.output or Path(f"{facts.job.id if facts.job else 'results'}.html")
    with whole_file(file) as partial:
        partial.write_text(render_page(facts), encoding="utf-8")
    if arguments.json:
        write_json({"file": str(file), "succeeded": facts.succeeded, "failed": facts.failed, "missing": facts.missing})
    else:
        write(str(file))
    return 0


def _prices(arguments: argparse.Namespace) -> "Prices | None":
    from bedrock_batch.page import Prices  # noqa: PLC0415 - brings the JSON library

    given = (arguments.input_price, arguments.output_price)
    if given == (None, None):
        return None
    if None in given:
        raise BedrockBatchError("a cost needs both prices; name --input-price and --output-price")
    return Prices(input=arguments.input_price, output=arguments.output_price)
