"""Which job a command is about."""

import argparse
from typing import TYPE_CHECKING

from bedrock_batch.cli.session import client
from bedrock_batch.jobs.arn import region_of

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient

    from bedrock_batch.jobs.job import Job

_JOB_HELP = "its ARN, id or name; with --stack, the beginning of a logical id (default with --stack: the only job)"


def add_job_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take ``JOB`` or ``--stack NAME``."""
    parser.add_argument("job", nargs="?", metavar="JOB", help=_JOB_HELP)
    parser.add_argument("--stack", metavar="NAME", help="take the job from this CloudFormation stack")


def the_job(arguments: argparse.Namespace) -> "Job":
    """Find the job that is meant.

    Raises
    ------
    JobError
        If there is none, or several.
    """
    from bedrock_batch.jobs.job import JobError  # noqa: PLC0415 - the same
    from bedrock_batch.jobs.reference import find_job, stack_job, stack_jobs  # noqa: PLC0415 - brings the JSON library

    if arguments.stack:
        jobs = stack_jobs(bedrock(arguments), client("cloudformation", arguments), arguments.stack)
        return stack_job(jobs, arguments.job)
    if not arguments.job:
        raise JobError("no job is named; name one by ARN, id or name, or take it from a stack with --stack NAME")
    return find_job(bedrock(arguments), arguments.job)


def bedrock(arguments: argparse.Namespace) -> "BedrockClient":
    """Make a client for Bedrock, in the Region of the job's ARN if none is given."""
    arguments.region = arguments.region or region_of(getattr(arguments, "job", None))
    made: BedrockClient = client("bedrock", arguments)
    return made
