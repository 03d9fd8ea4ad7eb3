"""How a request gets its job: one that exists, else a new one.

The rules that keep one wish from being paid for twice, and a job from having no owner:

* Look before creating. A live or completed job of this resource with this specification is adopted.
* A job counts as ours only when its token says so; a name can be anybody's.
* A job that CloudFormation will never know of is stopped where that comes out.
"""

import logging
from typing import NoReturn

from model_invocation_job import status
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import (
    JobError,
    JobMayExistError,
    NotWantedError,
    SubmissionError,
    UnavailableError,
)
from model_invocation_job.identity import JobIdentity
from model_invocation_job.jobs import Job, Jobs
from model_invocation_job.patience import PATIENCE_SECONDS, persist
from model_invocation_job.request import JobRequest
from model_invocation_job.stacks import Demand, Stacks
from model_invocation_job.staging import Staging
from model_invocation_job.stopping import Stopping
from model_invocation_job.tags import Tags
from model_invocation_job.watching import Watching, failure

logger = logging.getLogger(__name__)


class Lifecycle:
    """Decides, given the jobs that exist and the time that is left."""

    def __init__(self, jobs: Jobs, staging: Staging, stacks: Stacks, stopping: Stopping) -> None:
        self._jobs = jobs
        self._staging = staging
        self._stacks = stacks
        self._stopping = stopping
        self._tags = Tags(jobs)
        self._watching = Watching(jobs)

    def submit(self, request: JobRequest, deadline: Deadline) -> Job:
        """Return the job that answers the request: one that exists, else a new one.

        Raises
        ------
        InvalidRequestError
            The job would break a rule of the API.
        JobError
            Bedrock or S3 refused, or the job of this very request has ended without success.
        """
        identity = JobIdentity.of(request)
        self._jobs.check(identity.name, identity.token, request.parameters)
        demand = Demand(self._stacks, request)
        return persist(lambda: self._provided(request, identity, demand, deadline), deadline)

    def keep(self, request: JobRequest, deadline: Deadline, *, unchanged: bool) -> Job | None:
        """Return the job that the resource stands for, with the request's tags; None if another one is asked for.

        Parameters
        ----------
        request
            An Update.
        deadline
            When nothing more is started.
        unchanged
            Whether the specification is the one of before: that decides where the job cannot be read, or is no more.

        Raises
        ------
        InvalidRequestError
            A tag would break a rule of the API.
        JobError
            Bedrock refused the tags of a live job.
        """
        demand, job = Demand(self._stacks, request), self._described(request, deadline)
        if job is None:
            return Job(arn=str(request.physical_id), name="", status="") if unchanged else None
        if not JobIdentity.of(request).describes(job):
            return None
        self._tags.align(job, request, demand, deadline)
        return job

    def stop_unknown(self, previous: JobRequest, deadline: Deadline) -> None:
        """Stop what an earlier Update began for the previous properties and CloudFormation never learned of.

        When CloudFormation gives up on an Update, it rolls back with an Update from the properties that it gave up to
        the ones before, and the physical id of before. An Update that arrives again, when nobody waits for it or
        another one is under way, stops nothing: by then the previous properties may be the present ones again.
        """
        resource = self._stacks.resource(previous.stack_id, previous.logical_id)
        if resource and resource.status == "UPDATE_IN_PROGRESS" and resource.physical_id == previous.physical_id:
            self._stopping.stop_all_but_known(previous, deadline)

    def require_wanted(self, job: Job, request: JobRequest, deadline: Deadline) -> None:
        """Stop a job that CloudFormation gave up on while it was watched.

        An Update that is given up at once arrives when its stack rolls back already, and cannot be told from the Update
        that takes it back; but that has answered by now.

        Raises
        ------
        NotWantedError
            The resource stands for another job.
        """
        resource = self._stacks.resource(request.stack_id, request.logical_id)
        if resource and not resource.wants(job.arn):
            self._give_up(job, deadline)

    def _provided(self, request: JobRequest, identity: JobIdentity, demand: Demand, deadline: Deadline) -> Job:
        job = self._adopted(identity)
        if job is None:
            return self._wanted(self._created(request, identity, deadline), demand, deadline)
        self._wanted(job, demand, deadline)
        self._tags.align(job, request, demand, deadline)
        return job

    def _adopted(self, identity: JobIdentity) -> Job | None:
        jobs = [job for job in self._jobs.find(identity.wish) if identity.describes(job)]
        # Bedrock makes one job for one token, whatever became of it.
        same_token = next((job for job in jobs if job.token == identity.token), None)
        if same_token and not status.is_adoptable(same_token.status):
            raise failure(same_token, identity)
        job = same_token or next((job for job in jobs if status.is_adoptable(job.status)), None)
        if job:
            logger.info("adopted the job of this specification", extra=job.told)
        return job

    def _created(self, request: JobRequest, identity: JobIdentity, deadline: Deadline) -> Job:
        self._staging.stage(request.staged, deadline)
        if deadline.left <= 0:
            # By now the timer may have answered FAILED.
            raise SubmissionError("the function has too little time left to submit a job: deploy again")
        try:
            arn = self._jobs.create(identity.name, identity.token, request.parameters)
        except JobMayExistError as error:
            if job := self._adopted(identity):
                return job
            raise _not_ours(error, identity) from error
        job = self._confirmed(arn, identity)
        logger.info("created a job", extra=job.told)
        return job

    def _confirmed(self, arn: str, identity: JobIdentity) -> Job:
        """Look whose job this is: when a user's token was used before, Bedrock answers with the job of then."""
        if not identity.given_token:
            return self._watching.look_again(Job(arn, identity.name, status.SUBMITTED))
        job = self._jobs.get(arn)
        if job is None:
            raise UnavailableError(f"{arn} cannot be read yet")
        if not identity.describes(job):
            raise SubmissionError(f"the token was used before, for another job, {arn}: change 'client_request_token'")
        return job

    def _wanted(self, job: Job, demand: Demand, deadline: Deadline) -> Job:
        if not demand.includes(job):
            self._give_up(job, deadline)
        return job

    def _give_up(self, job: Job, deadline: Deadline) -> NoReturn:
        self._stopping.stop(job, deadline)
        raise NotWantedError(f"CloudFormation gave up on the resource meanwhile; {job.arn} was stopped")

    def _described(self, request: JobRequest, deadline: Deadline) -> Job | None:
        """Return the job that the resource stands for, None if there is none (any more) or it cannot be read."""
        arn = request.job_arn
        try:
            return persist(lambda: self._jobs.get(arn), deadline.within(PATIENCE_SECONDS)) if arn else None
        except JobError as error:
            logger.warning("%s", error)
            return None


def _not_ours(error: JobMayExistError, identity: JobIdentity) -> SubmissionError:
    advice = "; if the token was used before, change 'client_request_token'" if identity.given_token else ""
    return SubmissionError(f"there is no job {identity.name} of this resource: {error}{advice}")
