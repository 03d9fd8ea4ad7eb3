"""``bedrock-batch report``."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_jobs_arguments
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.output_option import add_output_option, goes_to_standard_output
from bedrock_batch.cli.price_options import Told, add_price_options, look_at_prices, prices_of
from bedrock_batch.cli.printing import note, write, write_json
from bedrock_batch.cli.results_arguments import EXIT_CODES, add_copy_arguments, open_results
from bedrock_batch.files.output import open_output
from bedrock_batch.jobs.arn import region_of

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.page.facts import Facts
    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.results.several_jobs import SeveralResults

_EXAMPLES = f"""\
  bedrock-batch report abcdefghwxyz
  bedrock-batch report --stack MyStack --prices aws
  bedrock-batch report --stack MyStack --input-price 0.03 --output-price 0.12
  bedrock-batch report --stack MyStack --run monday
  bedrock-batch report --output-dir abcdefghwxyz/ --input prompts.jsonl --output report.html

Prices are for a million tokens of batch inference. What --prices does not find is said, and the page tells no cost.

{EXIT_CODES}"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "report", run, help="write a page about a job: one HTML file", examples=_EXAMPLES, aws=True
    )
    add_jobs_arguments(parser)
    add_copy_arguments(parser)
    add_output_option(parser, "where to (default: JOB-ID.html; of several jobs, results.html)")
    add_price_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, write and print."""
    from bedrock_batch.page import gather_facts, render_page  # noqa: PLC0415 - brings the JSON library

    look_at_prices(arguments)
    printed = goes_to_standard_output(arguments)
    with open_results(arguments) as job_results:
        told = _prices(arguments, job_results)
        facts = gather_facts(job_results, told.prices, told.remark)
        problems = job_results.disagreements()
    file = arguments.output or Path(f"{facts.job.id if facts.job else 'results'}.html")
    with open_output(file) as output:
        output.write(render_page(facts).encode())
    if arguments.json:
        write_json(_summary(facts, file, problems))
    else:
        _tell(file, problems, printed=printed)
        if facts.price_remark:
            note(_cost(facts))
    return 1 if problems else 0


def _tell(file: Path, problems: list[str], *, printed: bool) -> None:
    if not printed:
        write(str(file))
    for problem in problems:
        note(problem)


def _summary(facts: "Facts", file: Path, problems: list[str]) -> dict[str, object]:
    counts = {"succeeded": facts.succeeded, "failed": facts.failed, "missing": facts.missing}
    cost = Told(facts.prices, facts.price_remark).of(facts.input_tokens, facts.output_tokens)
    return {"file": str(file), **counts, "cost": cost, "problems": problems}


def _cost(facts: "Facts") -> str:
    if not facts.prices:
        return facts.price_remark
    return f"cost: {facts.prices.cost(facts.input_tokens, facts.output_tokens)}, at {facts.price_remark}"


def _prices(arguments: argparse.Namespace, job_results: "JobResults | SeveralResults") -> Told:
    models = {(str(job.details["modelId"]), region_of(job.arn) or "") for job in job_results.jobs}
    if not arguments.prices or not models:
        known = "cost not known: copies do not say which model it was; name --input-price and --output-price"
        return Told(None, known) if arguments.prices else prices_of(arguments, "", "")
    # A model and a profile of it may cost the same.
    told = {prices_of(arguments, *each) for each in sorted(models)}
    if len(told) == 1:
        return told.pop()
    return Told(None, "cost not known: the jobs are of several models or Regions; report on those of each alone")
