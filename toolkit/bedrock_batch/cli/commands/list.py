"""``bedrock-batch list``."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import bedrock, jobs_of_stack
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import clock, note, write_json, write_table
from bedrock_batch.values import duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job

_EXAMPLES = """\
  bedrock-batch list
  bedrock-batch list --status InProgress --json
  bedrock-batch list --name-contains Summaries --submit-time-after 2026-11-01
  bedrock-batch list --stack MyStack
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(subparsers, "list", run, help="list jobs, newest first", examples=_EXAMPLES, aws=True)
    parser.add_argument("--status", metavar="STATUS", help="only jobs in it, such as InProgress or Completed")
    parser.add_argument("--name-contains", metavar="TEXT", help="only jobs whose name has it")
    parser.add_argument("--submit-time-after", metavar="TIME", type=_time, help="ISO 8601, such as 2026-11-23T14:00")
    parser.add_argument("--submit-time-before", metavar="TIME", type=_time, help="the same (without an offset: UTC)")
    parser.add_argument(
        "--stack",
        metavar="NAME",
        help="only the jobs of this CloudFormation stack, those nested in it, or one that was deleted",
    )


def run(arguments: argparse.Namespace) -> int:
    """List and print."""
    from bedrock_batch.jobs.job import list_jobs  # noqa: PLC0415 - brings the JSON library

    if arguments.stack:
        found: Iterable[Job] = jobs_of_stack(bedrock(arguments), arguments).values()
    else:
        found = list_jobs(
            bedrock(arguments),
            statusEquals=arguments.status,
            nameContains=arguments.name_contains,
            submitTimeAfter=arguments.submit_time_after,
            submitTimeBefore=arguments.submit_time_before,
        )
    _print(list(found), as_json=arguments.json)
    return 0


def _print(jobs: "list[Job]", *, as_json: bool) -> None:
    if as_json:
        write_json([job.details for job in jobs])
    elif jobs:
        write_table([("ID", "STATUS", "SUBMITTED", "TOOK", "MODEL", "NAME"), *_rows(jobs)])
    else:
        note("no jobs")


def _rows(jobs: "list[Job]") -> Iterator[tuple[str, ...]]:
    for job in jobs:
        took = duration((job.ended_at - job.submitted).total_seconds()) if job.ended_at else ""
        yield job.id, job.status, clock(job.submitted), took, job.model, job.name


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a time such as 2026-11-23 or 2026-11-23T14:00Z, got {text!r}"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
