"""What a run has left, as one set: the results of its jobs, and of what was asked on demand."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bedrock_batch.jobs.job import Job, list_jobs
from bedrock_batch.jobs.status import JobStatus
from bedrock_batch.results.job_results import require_ended
from bedrock_batch.results.parts import Part, part_of
from bedrock_batch.results.several_jobs import SeveralResults
from bedrock_batch.runs.outcomes import Outcomes
from bedrock_batch.runs.pipeline import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_s3 import S3Client

    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.runs.run import Run

_ON_DEMAND = "on-demand"


@contextmanager
def open_run_results(
    bedrock: BedrockClient, s3: S3Client, run: Run, *, processes: int = 1
) -> Iterator[JobResults | SeveralResults]:
    """Open what a run has left: of each record the newest success counts, or the newest failure.

    Parameters
    ----------
    bedrock, s3
        Clients.
    run : Run
        A run that is over, whatever its end was.
    processes : int
        As in `read_results`.

    Raises
    ------
    RunError
        If the run goes on, or asked nothing.
    JobError
        If one of its jobs has not ended.
    """
    if not run.ended:
        raise RunError(f"run {run.name} is {run.status}, and its results are whole when it has ended; wait, or stop it")
    jobs = run_jobs(bedrock, s3, run)
    for job in jobs:
        require_ended(job)
    # A job names its model in full, by which records of several parts are told to be the same.
    like = jobs[0].details if jobs else run.pipeline.job
    parts = [*_on_demand(s3, run, like, processes), *(part_of(s3, job, processes=processes) for job in jobs)]
    if not parts:
        why = run.cause or "there was nothing to ask"
        raise RunError(f"run {run.name} has no results: it is {run.status} and had no jobs; {why}")
    if len(parts) > 1:
        yield SeveralResults(parts, jobs)
        return
    with parts[0].opened() as opened:
        yield opened


def run_jobs(bedrock: BedrockClient, s3: S3Client, run: Run) -> list[Job]:
    """Find the jobs of a run, each with the counts of what came of it if that is known.

    Parameters
    ----------
    bedrock, s3
        Clients.
    run : Run
        The run.

    Returns
    -------
    list of Job
        The newest first.

    Raises
    ------
    botocore.exceptions.ClientError
        If a service refuses to tell.
    """
    outcomes = {str(each["JobArn"]): each for each in Outcomes(s3).below(run.own("outcomes/"))}
    folder = str(run.results).rstrip("/")
    return [
        Job({**job.details, **_counts(outcomes.get(job.arn))})
        for job in list_jobs(bedrock, nameContains=run.pipeline.job_name_prefix)
        if job.output_uri.rstrip("/") == f"{folder}/{job.id}"
    ]


def _counts(outcome: Mapping[str, Any] | None) -> dict[str, Any]:
    """Tell what came of a job as GetModelInvocationJob does."""
    if outcome is None:
        return {}
    return {
        "message": outcome["Message"],
        "totalRecordCount": outcome["Records"],
        "successRecordCount": outcome["Succeeded"],
        "errorRecordCount": outcome["Records"] - outcome["Succeeded"] - outcome["Left"],
    }


def _on_demand(s3: S3Client, run: Run, like: Mapping[str, Any], processes: int) -> Iterator[Part]:
    """Take what was asked on demand, if anything was: it is laid out as what a job has read and written."""
    results, asked = run.pipeline.below_output(f"results/{run.name}/{_ON_DEMAND}/"), run.own("demand/tasks/")
    if s3.list_objects_v2(Bucket=results.bucket, Prefix=results.key, MaxKeys=1).get("KeyCount"):
        own = {
            "jobArn": _ON_DEMAND,
            "status": JobStatus.COMPLETED,
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": str(asked)}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": str(run.results)}},
        }
        yield part_of(s3, Job({**like, **own}), processes=processes)
