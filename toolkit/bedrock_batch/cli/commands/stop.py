"""``bedrock-batch stop``."""

import argparse
import sys
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_jobs_arguments, bedrock, is_one, the_jobs
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import ask, note, write, write_json

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient

    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job

_EXAMPLES = """\
  bedrock-batch stop abcdefghwxyz
  bedrock-batch stop --stack MyStack --yes --wait      all jobs of the stack
  bedrock-batch stop --stack MyStack --run monday      a run of a pipeline, and with it its jobs
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "stop",
        run,
        help="stop jobs; what they have done stays, and is paid for",
        examples=_EXAMPLES,
        aws=True,
    )
    add_jobs_arguments(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask (default: ask, on a terminal)")
    parser.add_argument("--wait", action="store_true", help="return when all have ended (default: when Stopping)")


def run(arguments: argparse.Namespace) -> int:
    """Ask, stop and print."""
    from bedrock_batch.jobs.job import stop_job  # noqa: PLC0415 - brings the JSON library

    if arguments.pipeline_run:
        return _stop_run(arguments)
    jobs = the_jobs(arguments)
    running = [job for job in jobs if not job.ended]
    if running and not arguments.yes and not _confirmed(f"Stop {'; '.join(map(_named, running))}?"):
        note("not stopped")
        return 1
    service = bedrock(arguments)
    stopped = _stop_all(service, jobs)
    if arguments.wait:
        stopped = [stop_job(service, job, wait=True) for job in stopped]
    if arguments.json:
        write_json(stopped[0].details if is_one(arguments) else [job.details for job in stopped])
    else:
        for before, after in zip(jobs, stopped, strict=True):
            write(_outcome(before, after))
    return 0


def _stop_all(bedrock: "BedrockClient", jobs: "list[Job]") -> "list[Job]":
    """Ask all to stop before one is waited for, also when one cannot be: those that run cost money."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    from bedrock_batch.jobs.job import stop_job  # noqa: PLC0415 - brings the JSON library

    stopped, refusal = [], None
    for job in jobs:
        try:
            stopped.append(stop_job(bedrock, job))
        except ClientError as error:
            note(f"job {job.id} ({job.name}) is not stopped: {error}")
            refusal = error
    if refusal:
        raise refusal
    return stopped


def _stop_run(arguments: argparse.Namespace) -> int:
    """Stop a run; the pipeline stops its jobs."""
    from bedrock_batch.cli.pipelines.arguments import states, the_run  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.runs.run import stop_run  # noqa: PLC0415 - the same

    before = the_run(arguments)
    if not (before.ended or arguments.yes or _confirmed(f"Stop run {before.name} of {before.pipeline.name}?")):
        note("not stopped")
        return 1
    after = stop_run(states(arguments), before, wait=arguments.wait)
    if arguments.json:
        write_json(after.details)
    elif before.ended:
        write(f"run {before.name} had ended already: it is {before.status}")
    else:
        write(f"run {after.name} is {after.status}, and its jobs are being stopped")
    return 0


def _confirmed(question: str) -> bool:
    return not sys.stdin.isatty() or ask(question)


def _named(job: "Job") -> str:
    return f"job {job.id} ({job.name}), {job.processed:,} of {job.total:,} records done"


def _outcome(before: "Job", after: "Job") -> str:
    if before.ended:
        return f"job {before.id} had ended already: it is {before.status}"
    return f"job {after.id} is {after.status}, {after.processed:,} of {after.total:,} records done"
