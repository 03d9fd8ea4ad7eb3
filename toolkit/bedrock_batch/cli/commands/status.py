"""``bedrock-batch status``."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_job_arguments, the_job
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import clock, write_json, write_table
from bedrock_batch.cli.style import Style
from bedrock_batch.durations import duration
from bedrock_batch.jobs.status import JobStatus

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job

_EXAMPLES = """\
  bedrock-batch status abcdefghwxyz
  bedrock-batch status arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz --json
  bedrock-batch status --stack MyStack Summaries
"""
_COLOURS: dict[str, str] = {
    JobStatus.COMPLETED: "green",
    JobStatus.FAILED: "red",
    JobStatus.EXPIRED: "red",
    JobStatus.PARTIALLY_COMPLETED: "yellow",
}


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(subparsers, "status", run, help="say all that is known of a job", examples=_EXAMPLES, aws=True)
    add_job_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Get and print."""
    job = the_job(arguments)
    if arguments.json:
        write_json(job.details)
    else:
        write_table(_rows(job, Style(arguments)))
    return 0


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
