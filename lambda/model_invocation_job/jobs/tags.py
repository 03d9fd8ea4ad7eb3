"""A job's tags. They are no part of what makes the job what it is, so they are changed in place."""

import logging
from collections.abc import Mapping

from model_invocation_job import status
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import CustomResourceError, JobError
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.stacks import Demand
from model_invocation_job.patience import persist
from model_invocation_job.requests.request import JobRequest

logger = logging.getLogger(__name__)

#: Tags that AWS itself sets; nobody else can remove them. Source: AWS General Reference, "Tagging your resources".
RESERVED_PREFIX = "aws:"


class Tags:
    """Brings tags up to date, given the jobs that exist."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def align(self, job: Job, request: JobRequest, demand: Demand, deadline: Deadline) -> None:
        """Give a job exactly the tags of a request, whatever an interrupted or a later one left behind.

        A job that is over and an update that is taken back have the tags that they can get: bookkeeping is worth no
        failed deployment there.

        Raises
        ------
        InvalidRequestError
            A tag would break a rule of the API.
        JobError
            Bedrock refused, and the job lives.
        """
        try:
            persist(lambda: self._try(job, request, demand), deadline)
        except CustomResourceError as error:
            if not demand.is_roll_back:
                raise
            logger.warning("the tags stay as they are: %s", error, extra=job.told)

    def _try(self, job: Job, request: JobRequest, demand: Demand) -> None:
        try:
            self._jobs.check_tags(request.tags)
            self._change(job.arn, {tag["key"]: tag["value"] for tag in request.tags}, demand)
        except CustomResourceError as error:
            if not self._is_over(job):
                raise
            logger.warning("the tags of a job that is over stay as they are: %s", error, extra=job.told)

    def _change(self, arn: str, wanted: Mapping[str, str], demand: Demand) -> None:
        present = self._jobs.tags(arn)
        removed = [key for key in present if key not in wanted and not key.startswith(RESERVED_PREFIX)]
        changed = {key: value for key, value in wanted.items() if present.get(key) != value}
        if not (removed or changed) or not demand.is_awaited:
            # Nobody waits for a request that comes again: by then other tags may be the right ones.
            return
        if removed:
            # Before the others are set: a resource has room for so many.
            self._jobs.untag(arn, removed)
        if changed:
            self._jobs.tag(arn, changed)

    def _is_over(self, job: Job) -> bool:
        if not status.is_live(job.status):
            return True
        try:
            now = self._jobs.get(job.arn)
        except JobError:
            return False
        return now is None or not status.is_live(now.status)
