"""The jobs that are there: those that resources stand for, and those that an earlier deployment paid for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import is_job_arn
from bedrock_batch.jobs.job import Job, known_job, list_jobs
from bedrock_batch.jobs.status import JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_bedrock import BedrockClient

    from bedrock_batch.plan.specification import Identity

#: The tag of a job that a deployment gave up to wait for, and that goes on; its value is the name of the stack.
LEFT_RUNNING = "cdk-bedrock-batch:left-running"


def has_results(status: str, *, partial: bool) -> bool:
    """Say whether a job has ended with the results that were asked for; those of a part may be enough."""
    return status == JobStatus.COMPLETED or (partial and status == JobStatus.PARTIALLY_COMPLETED)


def is_live(job: Job | None) -> bool:
    """Say whether a job runs, waits to run, or is about to stop."""
    return bool(job and not job.ended)


def may_be_taken(job: Job, *, partial: bool) -> bool:
    """Say whether a job in its state answers a wish for such a job: it has its results, or is on its way to them."""
    goes_on = not job.ended and job.status != JobStatus.STOPPING
    return goes_on or has_results(job.status, partial=partial)


@dataclass(frozen=True)
class Jobs:
    """Looks for jobs.

    Attributes
    ----------
    bedrock
        Client, of the stack's Region.
    """

    bedrock: BedrockClient

    def of(self, physical_id: str) -> Job | None:
        """Return the job that a resource stands for; None if it never had one, or Bedrock no longer knows it."""
        return known_job(self.bedrock, physical_id) if is_job_arn(physical_id) else None

    def answering(self, identity: Identity, *, partial: bool, but: str) -> Job | None:
        """Find a job of the same resource that answers a wish, so that none is paid for.

        One that has its results, or runs with this very specification: as a deployment finds it when it comes back to
        an earlier version.

        Parameters
        ----------
        identity : Identity
            Of the wish.
        partial : bool
            Whether results of some of the records are enough.
        but : str
            The ARN of the job that the resource stands for now.
        """
        found = [job for job in self._named(identity) if job.arn != but]
        exact = [job for job in found if _asks_for(job, identity) and may_be_taken(job, partial=partial)]
        # Those of earlier versions do not tell their results by their names.
        alike = [job for job in found if identity.results in job.name and has_results(job.status, partial=partial)]
        return next(iter([*exact, *alike]), None)

    def of_earlier_stacks(self, owner: str, *, partial: bool) -> list[Job]:
        """Find jobs that stacks of one name asked for by one resource, and that may be taken by the next one.

        Parameters
        ----------
        owner : str
            The end of the prefix of their names.
        partial : bool
            Whether results of some of the records are enough.
        """
        listed = list_jobs(self.bedrock, nameContains=f"{owner}-")
        found = [job for each in listed if (job := known_job(self.bedrock, each.arn))]
        return [job for job in found if may_be_taken(job, partial=partial)]

    def is_left(self, job: Job) -> bool:
        """Say whether a job that runs was left running when a deployment gave up to wait for it."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

        try:
            tags = self.bedrock.list_tags_for_resource(resourceARN=job.arn)["tags"]
        except ClientError:
            # Who may not read tags could not set one either.
            return False
        return any(tag["key"] == LEFT_RUNNING for tag in tags)

    def _named(self, identity: Identity) -> Iterator[Job]:
        for part in filter(None, (identity.results, identity.earlier_wish)):
            for listed in list_jobs(self.bedrock, nameContains=part):
                job = known_job(self.bedrock, listed.arn)
                if job and _may_be_of(job, identity):
                    yield job


def _may_be_of(job: Job, identity: Identity) -> bool:
    token = str(job.details.get("clientRequestToken", ""))
    return token in ("", identity.given_token) or token.startswith(f"{identity.owner}-")


def _asks_for(job: Job, identity: Identity) -> bool:
    if not identity.specification:
        return False
    token = str(job.details.get("clientRequestToken", ""))
    if token.startswith(f"{identity.owner}-"):
        return token.startswith(f"{identity.owner}-{identity.specification}-")
    return identity.wish in job.name or identity.earlier_wish in job.name
