"""What an Update does with the job that its resource stands for: it keeps it, or lets another be asked for.

* A job of the specification that is asked for is kept, however it ended.
* A Completed job is kept for every specification with the same results.
* A job that cannot be read is looked up in a list, which tells its name and status. When that fails, too, so does the
  Update: with the job untouched, and none paid for that may not be needed.
* A job that Bedrock knows no more is over. It stays what the resource stands for as long as the results that are asked
  for are those of before.
"""

import logging

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import JobError
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.stacks import Demand
from model_invocation_job.jobs.tags import Tags
from model_invocation_job.owner.claim import Claim
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.owner.search import Search
from model_invocation_job.patience import PATIENCE_SECONDS, persist
from model_invocation_job.requests.request import JobRequest

logger = logging.getLogger(__name__)


class Keeping:
    """Decides about the job of an Update, given the jobs that exist."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._search = Search(jobs)
        self._tags = Tags(jobs)

    def keep(self, request: JobRequest, previous: JobRequest | None, demand: Demand, deadline: Deadline) -> Job | None:
        """Return the job that the resource stands for, with the request's tags; None if another one is asked for.

        Parameters
        ----------
        request
            An Update.
        previous
            What was asked for before; None where that cannot be read.
        demand
            Whether the request is wanted.
        deadline
            When nothing more is started.

        Raises
        ------
        InvalidRequestError
            A tag would break a rule of the API.
        JobError
            Bedrock does not tell the job's state, or refused the tags of a live job.
        """
        try:
            job = self._described(request, deadline)
        except JobError as error:
            if previous and not _same_results(request, previous):
                logger.warning("another job is asked for anyhow: %s", error)
                return None
            raise
        if job is None:
            # An id that is no job's is that of a resource which never had one.
            kept = request.job_arn and previous and _same_results(request, previous)
            return Job(arn=str(request.physical_id), name="", status="") if kept else None
        if not persist(lambda: self._answers(job, request, previous), deadline.within(PATIENCE_SECONDS)):
            return None
        self._tags.align(job, request, demand, deadline)
        return job

    def _described(self, request: JobRequest, deadline: Deadline) -> Job | None:
        """Return the job that the resource stands for, None if there is none (any more)."""
        arn = request.job_arn
        if not arn:
            return None
        try:
            return persist(lambda: self._jobs.get(arn), deadline.within(PATIENCE_SECONDS))
        except JobError as error:
            logger.warning("looking into the list of jobs: %s", error)
            if job := self._search.listed(request, arn):
                return job
            raise

    def _answers(self, job: Job, request: JobRequest, previous: JobRequest | None) -> bool:
        claim = Claim.of(request)
        if not claim.may_hold(job):
            return False
        if claim.knows_nothing_of(job) or claim.is_of_earlier_stack(job):
            return previous is not None and _answers_by_properties(job, request, previous)
        if claim.asks_for(job):
            return True
        return request.is_fulfilled_by(job.status) and claim.has_results_of(job) and not self._has_own_job(request)

    def _has_own_job(self, request: JobRequest) -> bool:
        """Whether there is a job of the very specification: begun by this event before, or that of before an update."""
        return any(request.may_adopt(job.status) for job in self._search.described(request))


def _answers_by_properties(job: Job, request: JobRequest, previous: JobRequest) -> bool:
    unchanged = JobIdentity.of(request).specification == JobIdentity.of(previous).specification
    return unchanged or (request.is_fulfilled_by(job.status) and _same_results(request, previous))


def _same_results(request: JobRequest, previous: JobRequest) -> bool:
    return JobIdentity.of(request).results == JobIdentity.of(previous).results
