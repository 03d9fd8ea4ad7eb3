"""Which jobs a command is about."""

import argparse
from typing import TYPE_CHECKING

from bedrock_batch.cli.printing import note
from bedrock_batch.cli.session import client
from bedrock_batch.jobs.arn import machine_and_name, region_of
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_bedrock import BedrockClient

    from bedrock_batch.diagnosis.deployed import DeployedJobs
    from bedrock_batch.jobs.job import Job

_JOB_HELP = "its ARN, id or name; with --stack, the beginning of a logical id"


def add_job_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take ``JOB`` or ``--stack NAME``, for one job."""
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"{_JOB_HELP} (default with --stack: the only job)")
    _add_stack(parser, "take the job from this CloudFormation stack, one nested in it, or one that was deleted")
    _add_run(parser)


def add_jobs_alone(parser: argparse.ArgumentParser) -> None:
    """Let a command take ``JOB...`` and ``--stack NAME``, for as many jobs as there are, and no run of a pipeline."""
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"{_JOB_HELP} (default with --stack: all its jobs)")
    _add_stack(parser, "take the jobs of this CloudFormation stack and of those nested in it, also when it was deleted")


def add_jobs_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take ``JOB...``, ``--stack NAME`` and ``--retries``, for as many jobs as there are."""
    add_jobs_alone(parser)
    _add_run(parser)
    parser.add_argument("--retries", action="store_true", help="and the jobs that 'retry --submit' made of them")


def the_job(arguments: argparse.Namespace) -> "Job":
    """Find the one job that is meant.

    Raises
    ------
    JobError
        If there is none, or several.
    """
    from bedrock_batch.jobs.job import JobError  # noqa: PLC0415 - brings the JSON library

    found = the_jobs(arguments)
    if len(found) > 1:
        names = ", ".join(f"{job.id} ({job.name})" for job in found)
        raise JobError(f"{len(found)} jobs are meant, and this is done for one at a time; name one of {names}")
    return found[0]


def the_jobs(arguments: argparse.Namespace, of_stack: "dict[str, Job] | None" = None) -> "list[Job]":
    """Find all jobs that are meant: as they are named, those of a stack and retries the newest first.

    Parameters
    ----------
    of_stack : dict of str to Job
        Those of the stack that is named. Default: it is asked.

    Raises
    ------
    JobError
        If there is none, or a name leads to none or to several.
    """
    from bedrock_batch.jobs.job import JobError  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.jobs.reference import find_job, retries_of  # noqa: PLC0415 - the same
    from bedrock_batch.jobs.stack import stack_job  # noqa: PLC0415 - the same

    _require_one_region(arguments.jobs)
    _require_no_run(arguments)
    if not (arguments.stack or arguments.jobs):
        raise JobError("no job is named; name one by ARN, id or name, or take it from a stack with --stack NAME")
    # One for all: to make a client takes longer than many an answer.
    service = bedrock(arguments)
    if arguments.stack:
        of_stack = of_stack or jobs_of_stack(service, arguments)
        found = [stack_job(of_stack, name) for name in arguments.jobs] or list(of_stack.values())
    else:
        found = [find_job(service, name) for name in arguments.jobs]
    if getattr(arguments, "retries", False):
        found += [retry for job in tuple(found) for retry in retries_of(service, job)]
    return list({job.arn: job for job in found}.values())


def jobs_of_stack(service: "BedrockClient", arguments: argparse.Namespace) -> "dict[str, Job]":
    """Find the jobs of a stack as `stack_jobs` does; say which are gone."""
    from bedrock_batch.jobs.job import JobError  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.jobs.stack import NoJobsError, stack_jobs  # noqa: PLC0415 - the same

    try:
        return stack_jobs(service, client("cloudformation", arguments), arguments.stack, on_gone=note)
    except NoJobsError as error:
        if not (names := _pipelines_of(arguments)):
            raise error from None
        takes_runs = hasattr(arguments, "pipeline_run")
        hint = "add --run NAME" if takes_runs else "name one of its jobs, which are among those of bedrock-batch list"
        which = f"the {'pipeline' if len(names) == 1 else 'pipelines'} {', '.join(names)}"
        raise JobError(
            f"stack {shortened(arguments.stack, 128)} has no job of its own, but {which}, whose runs make jobs; {hint}"
        ) from None


def deployed_of(service: "BedrockClient", arguments: argparse.Namespace) -> "DeployedJobs":
    """Find the jobs of a stack as `jobs_of_stack` does, and those of its last deployment if that failed."""
    from bedrock_batch.diagnosis.deployed import deployed_jobs  # noqa: PLC0415 - brings the JSON library

    jobs = jobs_of_stack(service, arguments)
    return deployed_jobs(service, client("cloudformation", arguments), arguments.stack, jobs)


def is_one(arguments: argparse.Namespace) -> bool:
    """Say whether a command line can only mean one job, so that JSON needs no list."""
    return len(arguments.jobs) == 1 and not arguments.retries


def bedrock(arguments: argparse.Namespace) -> "BedrockClient":
    """Make a client for Bedrock, in the Region of the first ARN of a job if none is given."""
    regions = filter(None, map(region_of, getattr(arguments, "jobs", ())))
    arguments.region = arguments.region or next(regions, None)
    made: BedrockClient = client("bedrock", arguments)
    return made


def _pipelines_of(arguments: argparse.Namespace) -> "list[str]":
    """List the logical ids of a stack's pipelines; none where nobody may ask."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    from bedrock_batch.runs.pipeline import RunError, pipelines_of_stack  # noqa: PLC0415 - brings the JSON library

    services = client("stepfunctions", arguments), client("cloudformation", arguments)
    try:
        return sorted(pipelines_of_stack(*services, arguments.stack))
    except (ClientError, RunError):
        return []


def _require_one_region(jobs: "Sequence[str]") -> None:
    regions = sorted({region for job in jobs if (region := region_of(job))})
    if len(regions) > 1:
        from bedrock_batch.jobs.job import JobError  # noqa: PLC0415 - brings the JSON library

        raise JobError(f"the jobs are in {' and '.join(regions)}; name those of one Region at a time")


def _require_no_run(arguments: argparse.Namespace) -> None:
    if found := next((job for job in arguments.jobs if machine_and_name(job)), None):
        from bedrock_batch.jobs.job import JobError  # noqa: PLC0415 - brings the JSON library

        takes_runs = hasattr(arguments, "pipeline_run")
        instead = "it with --run" if takes_runs else "one of its jobs, which are among those of bedrock-batch list"
        raise JobError(f"{found} is a run of a pipeline, no job; name {instead}")


def _add_stack(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("--stack", metavar="NAME", help=help)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--run",
        dest="pipeline_run",
        metavar="RUN",
        help="a run of a pipeline, in place of JOB: the ARN of its execution, PIPELINE/NAME, or with --stack its name",
    )
