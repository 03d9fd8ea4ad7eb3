"""``bedrock-batch status``."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_jobs_arguments, is_one, the_jobs
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import clock, write_json, write_table
from bedrock_batch.cli.session import client
from bedrock_batch.cli.style import Style
from bedrock_batch.jobs.status import JobStatus
from bedrock_batch.values import duration

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job

_EXAMPLES = """\
  bedrock-batch status abcdefghwxyz
  bedrock-batch status arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz --json
  bedrock-batch status --stack MyStack Summaries
  bedrock-batch status --stack MyStack                 all jobs of the stack, a line each
  bedrock-batch status my-job --retries                the job and those that try its records again
  bedrock-batch status --stack MyStack --run monday    a run of a pipeline: how far it is, or what it came to
"""
_COLOURS: dict[str, str] = {
    JobStatus.COMPLETED: "green",
    JobStatus.FAILED: "red",
    JobStatus.EXPIRED: "red",
    JobStatus.PARTIALLY_COMPLETED: "yellow",
}


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "status",
        run,
        help="say what is known of jobs",
        examples=_EXAMPLES,
        aws=True,
    )
    add_jobs_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Get and print."""
    if arguments.pipeline_run:
        return _tell_run(arguments)
    jobs = the_jobs(arguments)
    if arguments.json:
        write_json(jobs[0].details if is_one(arguments) else [job.details for job in jobs])
    elif len(jobs) == 1:
        write_table(_rows(jobs[0], Style(arguments)))
    else:
        write_table([("ID", "STATUS", "DONE", "OF", "FAILED", "NAME"), *map(_row, jobs)])
    return 0


def _tell_run(arguments: argparse.Namespace) -> int:
    from bedrock_batch.cli.pipelines.arguments import states, the_run  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.cli.pipelines.telling import report_of, rows_of  # noqa: PLC0415 - the same
    from bedrock_batch.runs.progress import ProgressReader  # noqa: PLC0415 - the same

    run = the_run(arguments)
    progress = ProgressReader(states(arguments), client("s3", arguments)).read(run)
    if arguments.json:
        write_json(report_of(run, progress))
    else:
        write_table(rows_of(run, progress, Style(arguments)))
    return 0


def _row(job: "Job") -> tuple[str, ...]:
    return job.id, job.status, f"{job.processed:,}", f"{job.total:,}", f"{job.failed:,}", job.name


def _rows(job: "Job", style: Style) -> Iterator[tuple[str, str]]:
    details = job.details
    yield "status", style.paint(job.status, _COLOURS.get(job.status, "bold"))
    if job.message:
        yield "message", job.message
    yield "records", f"{job.processed:,} of {job.total:,} done: {job.succeeded:,} succeeded, {job.failed:,} failed"
    yield "name", job.name
    yield "ARN", job.arn
    yield "model", str(details["modelId"])
    yield "type", str(details.get("modelInvocationType", "InvokeModel"))
    yield "role", str(details["roleArn"])
    yield "input", job.input_uri
    yield "output", job.output_uri
    yield "submitted", clock(job.submitted)
    if job.ended_at:
        yield "ended", f"{clock(job.ended_at)}, after {duration((job.ended_at - job.submitted).total_seconds())}"
    elif expires := details.get("jobExpirationTime"):
        yield "expires", clock(expires)
    if vpc := details.get("vpcConfig"):
        yield "VPC", f"subnets {', '.join(vpc['subnetIds'])}; security groups {', '.join(vpc['securityGroupIds'])}"
    if token := details.get("clientRequestToken"):
        yield "token", str(token)
