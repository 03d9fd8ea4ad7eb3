"""``bedrock-batch stop``."""

import argparse
import sys
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_job_arguments, bedrock, the_job
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import note, write, write_json

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job

_EXAMPLES = """\
  bedrock-batch stop abcdefghwxyz
  bedrock-batch stop --stack MyStack --yes --wait
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "stop",
        run,
        help="stop a job; what it has done stays, and is paid for",
        examples=_EXAMPLES,
        aws=True,
    )
    add_job_arguments(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask (default: ask, on a terminal)")
    parser.add_argument("--wait", action="store_true", help="return when it has ended (default: when it is Stopping)")


def run(arguments: argparse.Namespace) -> int:
    """Ask, stop and print."""
    from bedrock_batch.jobs.job import stop_job  # noqa: PLC0415 - brings the JSON library

    job = the_job(arguments)
    if not job.ended and not arguments.yes and not _confirmed(job):
        note("not stopped")
        return 1
    after = stop_job(bedrock(arguments), job, wait=arguments.wait)
    if arguments.json:
        write_json(after.details)
    else:
        write(_outcome(job, after))
    return 0


def _confirmed(job: "Job") -> bool:
    if not sys.stdin.isatty():
        return True
    sys.stderr.write(f"Stop job {job.id} ({job.name}), {job.processed:,} of {job.total:,} records done? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _outcome(before: "Job", after: "Job") -> str:
    if before.ended:
        return f"job {before.id} had ended already: it is {before.status}"
    return f"job {after.id} is {after.status}, {after.processed:,} of {after.total:,} records done"
