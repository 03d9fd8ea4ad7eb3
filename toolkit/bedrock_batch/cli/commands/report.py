"""``bedrock-batch report``."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_jobs_arguments
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.output_option import add_output_option, goes_to_standard_output
from bedrock_batch.cli.printing import note, write, write_json
from bedrock_batch.cli.results_arguments import EXIT_CODES, add_copy_arguments, open_results
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.output import open_output

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.page.facts import Facts
    from bedrock_batch.prices.prices import Prices

_EXAMPLES = f"""\
  bedrock-batch report abcdefghwxyz
  bedrock-batch report --stack MyStack --input-price 0.03 --output-price 0.12
  bedrock-batch report --stack MyStack --run monday
  bedrock-batch report --output-dir abcdefghwxyz/ --input prompts.jsonl --output report.html

Prices are for a million tokens; those of batch inference are half of those on demand.

{EXIT_CODES}"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "report", run, help="write a page about a job: one HTML file", examples=_EXAMPLES, aws=True
    )
    add_jobs_arguments(parser)
    add_copy_arguments(parser)
    add_output_option(parser, "where to (default: JOB-ID.html; of several jobs, results.html)")
    parser.add_argument("--input-price", type=float, metavar="PRICE", help="of a million tokens read")
    parser.add_argument("--currency", metavar="NAME", help="what prices are in (default: USD, as AWS's own)")
    parser.add_argument("--output-price", type=float, metavar="PRICE", help="of a million tokens written")


def run(arguments: argparse.Namespace) -> int:
    """Read, write and print."""
    from bedrock_batch.page import gather_facts, render_page  # noqa: PLC0415 - brings the JSON library

    prices = _prices(arguments)
    printed = goes_to_standard_output(arguments)
    with open_results(arguments) as job_results:
        facts = gather_facts(job_results, prices)
        problems = job_results.disagreements()
    file = arguments.output or Path(f"{facts.job.id if facts.job else 'results'}.html")
    with open_output(file) as output:
        output.write(render_page(facts).encode())
    if arguments.json:
        write_json(_summary(facts, file, problems))
    else:
        _tell(file, problems, printed=printed)
    return 1 if problems else 0


def _tell(file: Path, problems: list[str], *, printed: bool) -> None:
    if not printed:
        write(str(file))
    for problem in problems:
        note(problem)


def _summary(facts: "Facts", file: Path, problems: list[str]) -> dict[str, object]:
    counts = {"succeeded": facts.succeeded, "failed": facts.failed, "missing": facts.missing}
    return {"file": str(file), **counts, "problems": problems}


def _prices(arguments: argparse.Namespace) -> "Prices | None":
    from bedrock_batch.prices.prices import Prices  # noqa: PLC0415 - few reports tell a cost

    given = (arguments.input_price, arguments.output_price)
    if given == (None, None) and arguments.currency is None:
        return None
    if None in given:
        raise BedrockBatchError("a cost needs both prices; name --input-price and --output-price")
    return Prices(input=arguments.input_price, output=arguments.output_price, currency=arguments.currency or "USD")
