"""Removing the buckets of a first deployment that failed, where they hold nothing but what the function put there.

The template retains them. CloudFormation would remove what a failed deployment has made (RetainExceptOnCreate), but a
bucket with results it cannot, and then the roll-back fails.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import JobError
from model_invocation_job.input.taking_back import Buckets
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.stacks import Stacks
from model_invocation_job.patience import PATIENCE_SECONDS, persist
from model_invocation_job.requests.request import JobRequest
from model_invocation_job.s3_uri import of_bucket, place_of, taken_apart

logger = logging.getLogger(__name__)


class UnusedBuckets:
    """Removes buckets that nobody needs, given what is in use."""

    def __init__(self, buckets: Buckets, jobs: Jobs, stacks: Stacks) -> None:
        self._buckets = buckets
        self._jobs = jobs
        self._stacks = stacks

    def remove(self, request: JobRequest, deadline: Deadline) -> str:
        """Remove what a first deployment that is taken back has made for a job; what is refused stays.

        Where the stack goes on, or is deleted, its buckets are retained with all that is in them.

        Returns
        -------
        str
            What is left, in words; nothing where nothing is.
        """
        made = self._made(request)
        deadline = deadline.within(PATIENCE_SECONDS)
        try:
            live = persist(self._jobs.live, deadline) if made else []
        except JobError as error:
            return _told(f"kept, for it is not known which jobs use them: {_named(made)}: {error}")
        for item in request.staged:
            if taken_apart(item.target)[0] in made and not any(_reads(job, item.target) for job in live):
                self._try(partial(self._buckets.take_back, item), deadline)
        used = {taken_apart(uri)[0] for job in live for uri in (job.input_uri, job.output_uri)}
        kept = [self._kept(bucket, deadline, is_used=bucket in used) for bucket in made]
        return "; ".join(filter(None, kept))

    def _kept(self, bucket: str, deadline: Deadline, *, is_used: bool) -> str:
        if is_used:
            return _told(f"kept, for a job uses it: {_named([bucket])}")
        deleted = self._try(partial(self._buckets.delete, bucket), deadline)
        if deleted:
            logger.info("removed the bucket %s", bucket)
            return ""
        why = "may not be deleted" if deleted is None else "holds more than was put there for the job"
        return _told(f"kept, for it {why}: {_named([bucket])}")

    def _try(self, act: Callable[[], bool | None], deadline: Deadline) -> bool | None:
        """Return what came of it; None where it is refused."""
        try:
            return persist(act, deadline)
        except JobError as error:
            logger.warning("%s", error)
            return None

    def _made(self, request: JobRequest) -> list[str]:
        """Return the names of the job's buckets if the making of its stack is taken back; then all of them are new."""
        # Of an update they need not be: one that was there before may be empty, and is the stack's all the same.
        status = self._stacks.stack_status(request.stack_id)
        if status is None or not status.startswith("ROLLBACK"):
            return []
        found = [self._stacks.resource(request.stack_id, logical_id) for logical_id in request.own_buckets]
        return [bucket.physical_id for bucket in found if bucket and bucket.physical_id]


def _reads(job: Job, target: str) -> bool:
    # Get shows places with a slash more or less.
    return target.startswith(place_of(job.input_uri))


def _named(buckets: Iterable[str]) -> str:
    return ", ".join(map(of_bucket, buckets))


def _told(text: str) -> str:
    logger.warning("%s", text)
    return text
