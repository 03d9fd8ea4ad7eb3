"""``bedrock-batch run``."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.price_options import add_price_options, look_at_prices, prices_of
from bedrock_batch.cli.printing import ask, note, write, write_json
from bedrock_batch.cli.session import client
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.jobs.arn import region_of_machine
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.runs.pipeline import Pipeline
    from bedrock_batch.runs.run import Run

_EXAMPLES = """\
  bedrock-batch run --stack MyStack                               about what it comes to, then a question, then the end
  bedrock-batch run --stack MyStack --prices aws                  the same, with what it costs to have the records read
  bedrock-batch run my-pipeline --yes --no-wait
  bedrock-batch run my-pipeline --max-records 2000000 --name monday
  bedrock-batch run --stack MyStack --resume monday               a run that failed or was stopped goes on
  bedrock-batch run --stack MyStack Nightly --yes --json          the summary

exit codes:
  0  SUCCEEDED; with --no-wait, begun
  1  FAILED or TIMED_OUT, with the cause on standard error; or nothing begun, for the answer was no
  2  it could not begin, or has more records than --max-records
  5  ABORTED: stopped by somebody
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "run", run, help="run a pipeline: a dataset of any size, as many jobs", examples=_EXAMPLES, aws=True
    )
    parser.add_argument(
        "pipeline",
        nargs="?",
        metavar="PIPELINE",
        help="ARN or name of its state machine; with --stack, the beginning of a logical id (default: the only one)",
    )
    parser.add_argument("--stack", metavar="NAME", help="take the pipeline from this CloudFormation stack")
    parser.add_argument("--name", metavar="NAME", type=_name, help="of the run (default: run- and the time)")
    parser.add_argument(
        "--resume", metavar="RUN", type=_name, help="go on with a run that is over; what is answered stays"
    )
    parser.add_argument("--max-records", type=int, metavar="N", help="begin nothing if there are about more")
    parser.add_argument("--yes", action="store_true", help="do not ask (default: ask, on a terminal)")
    parser.add_argument(
        "--no-wait", action="store_true", help="return when it has begun (default: follow it to its end)"
    )
    add_price_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Estimate, ask, begin, follow and print."""
    from bedrock_batch.cli.pipelines.arguments import states, the_pipeline  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.runs.run import start_run  # noqa: PLC0415 - the same

    if arguments.resume and arguments.max_records is not None:
        raise BedrockBatchError("--max-records is for a run that begins; leave it out with --resume")
    if look_at_prices(arguments) and arguments.resume:
        raise BedrockBatchError("prices are for a run that begins; leave them out with --resume")
    pipeline = the_pipeline(arguments, arguments.pipeline)
    _look(arguments, pipeline)
    if not arguments.yes and not _confirmed(arguments, pipeline):
        note("nothing begun")
        return 1
    name = arguments.name or f"run-{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    return _follow(arguments, start_run(states(arguments), pipeline, name, resumed=arguments.resume))


def _look(arguments: argparse.Namespace, pipeline: "Pipeline") -> None:
    """Say about what there is to do; refuse what is nothing, or too much."""
    from bedrock_batch.runs.estimate import estimate_run  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.runs.run import require_begun  # noqa: PLC0415 - the same

    s3 = client("s3", arguments)
    if arguments.resume:
        require_begun(s3, pipeline, arguments.resume)
        return
    estimate = estimate_run(s3, pipeline)
    note(f"{pipeline.input_uri}: {estimate}")
    note(f"results will be below {pipeline.output_uri}results/")
    if cost := prices_of(arguments, pipeline.model, region_of_machine(pipeline.arn) or "").read(estimate.tokens):
        note(cost)
    if arguments.max_records is not None and estimate.records > arguments.max_records:
        raise BedrockBatchError(
            f"there are about {counted(estimate.records, 'record')}, more than --max-records {arguments.max_records}; "
            "raise it, or take records away"
        )


def _confirmed(arguments: argparse.Namespace, pipeline: "Pipeline") -> bool:
    what = f"Go on with run {arguments.resume} of" if arguments.resume else "Run"
    return not sys.stdin.isatty() or ask(f"{what} {pipeline.name}, with {pipeline.model}?")


def _follow(arguments: argparse.Namespace, begun: "Run") -> int:
    from bedrock_batch.cli.pipelines.follow import follow  # noqa: PLC0415 - brings the JSON library

    if not arguments.no_wait:
        note(f"run {begun.name}: {begun.arn}")
        return follow(arguments, begun, summary=True)
    if arguments.json:
        write_json({"run": begun.name, "execution": begun.arn})
    else:
        write(begun.arn)
    return 0


def _name(text: str) -> str:
    from bedrock_batch.runs.run import can_name_a_run  # noqa: PLC0415 - brings the JSON library

    if not can_name_a_run(text):
        raise argparse.ArgumentTypeError(f"must be 1 to 80 letters, digits, - and _, got {text!r}")
    return text
