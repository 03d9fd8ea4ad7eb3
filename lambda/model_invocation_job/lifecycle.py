"""How a request gets its job: one that exists, else a new one.

The rules that keep one wish from being paid for twice, and a job from having no owner:

* Look before creating. A live or completed job of this resource with this specification is adopted.
* A job counts as ours only when its token says so; a name can be anybody's.
* A job that CloudFormation will never know of is stopped where that comes out.
"""

import logging

from model_invocation_job import status
from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import (
    JobError,
    JobFailedError,
    JobMayExistError,
    NotWantedError,
    NotYetPermittedError,
    SubmissionError,
    ThrottledError,
    UnavailableError,
)
from model_invocation_job.identity import JobIdentity
from model_invocation_job.jobs import Job, Jobs
from model_invocation_job.request import JobRequest, WaitUntil
from model_invocation_job.stacks import Demand, Stacks
from model_invocation_job.staging import Staging
from model_invocation_job.stopping import Stopping

logger = logging.getLogger(__name__)

#: Seconds for which a refusal may still be a role or policy that IAM has not spread yet, or a failure that passes.
PATIENCE_SECONDS = 60


class Lifecycle:
    """Decides, given the jobs that exist and the time that is left."""

    def __init__(self, jobs: Jobs, staging: Staging, stacks: Stacks, stopping: Stopping) -> None:
        self._jobs = jobs
        self._staging = staging
        self._stacks = stacks
        self._stopping = stopping

    def submit(self, request: JobRequest, deadline: Deadline) -> Job:
        """Return the job that answers the request: one that exists, else a new one.

        Raises
        ------
        InvalidRequestError
            The job would break a rule of the API.
        JobError
            Bedrock or S3 refused, or the job of this very request has ended without success.
        """
        identity, patience = JobIdentity.of(request), deadline.within(PATIENCE_SECONDS)
        self._jobs.check(identity.name, identity.token, request.parameters)
        demand = Demand(self._stacks, request)
        for pause in pauses():
            try:
                job = self._adopted(identity) or self._created(request, identity, deadline)
                return self._wanted(job, demand, deadline)
            except (NotYetPermittedError, UnavailableError) as error:
                logger.info("refused, trying again: %s", error)
                if not patience.pause(pause):
                    raise SubmissionError(f"still refused after {PATIENCE_SECONDS} seconds: {error}") from error
            except ThrottledError as error:
                logger.info("throttled, trying again: %s", error)
                if not deadline.pause(pause):
                    raise
        raise AssertionError  # the pauses never end

    def watch(self, job: Job, request: JobRequest, deadline: Deadline) -> Job:
        """Wait until the job is as far as the request asks, or the time is over with the job in good health.

        Raises
        ------
        JobFailedError
            The job ended without results; the text holds Bedrock's own message.
        """
        if request.wait_until is WaitUntil.VALIDATED:
            job = self._validated(job, deadline.within(request.wait_timeout))
        if job.status in status.UNSUCCESSFUL:
            raise JobFailedError(_failure(job))
        return job

    def describe(self, request: JobRequest) -> Job | None:
        """Return the job that the resource stands for, None if there is none (any more) or it cannot be read."""
        try:
            return self._jobs.get(request.job_arn) if request.job_arn else None
        except JobError as error:
            logger.warning("%s", error)
            return None

    def stop_unknown(self, previous: JobRequest, deadline: Deadline) -> None:
        """Stop what an earlier Update began for the previous properties and CloudFormation never learned of.

        When CloudFormation gives up on an Update, it rolls back with an Update from the properties that it gave up to
        the ones before, and the physical id of before. An Update that arrives when nobody waits for it stops nothing:
        by then the previous properties may be the present ones again.
        """
        resource = self._stacks.resource(previous.stack_id, previous.logical_id)
        if resource and resource.status == "UPDATE_IN_PROGRESS":
            self._stopping.stop_all_but_known(previous, deadline)

    def _adopted(self, identity: JobIdentity) -> Job | None:
        jobs = [job for job in self._jobs.find(identity.wish) if identity.describes(job)]
        same_request = next((job for job in jobs if job.token == identity.token), None)
        if same_request and not status.is_adoptable(same_request.status):
            raise JobFailedError(_failure(same_request))
        job = same_request or next((job for job in jobs if status.is_adoptable(job.status)), None)
        if job:
            logger.info("adopted the job of this specification", extra=job.told)
        return job

    def _created(self, request: JobRequest, identity: JobIdentity, deadline: Deadline) -> Job:
        self._staging.stage(request.staged)
        if deadline.left <= 0:
            # By now the timer may have answered FAILED.
            raise SubmissionError("the function has too little time left to submit a job: deploy again")
        try:
            arn = self._jobs.create(identity.name, identity.token, request.parameters)
        except JobMayExistError as error:
            job = self._adopted(identity)
            if job is None:
                raise SubmissionError(f"there is no job {identity.name} of this resource: {error}") from error
            return job
        logger.info("created a job", extra={"jobArn": arn})
        return self._known(Job(arn=arn, name=identity.name, status="Submitted", token=identity.token))

    def _wanted(self, job: Job, demand: Demand, deadline: Deadline) -> Job:
        if not demand.includes(job):
            self._stopping.stop(job, deadline)
            raise NotWantedError(f"CloudFormation gave up on the resource meanwhile; {job.arn} was stopped")
        return job

    def _validated(self, job: Job, deadline: Deadline) -> Job:
        for pause in pauses():
            if job.status not in status.UNVALIDATED or not deadline.pause(pause):
                return job
            job = self._known(job)
        return job

    def _known(self, job: Job) -> Job:
        """Look at a job again; what was known of it stands when it is not readable (yet)."""
        try:
            return self._jobs.get(job.arn) or job
        except JobError as error:
            logger.warning("%s", error)
            return job


def _failure(job: Job) -> str:
    reason = f": {job.message}" if job.message else ""
    return (
        f"The job ended as {job.status}. Correct the cause and deploy again; if nothing in the job changes, "
        f"give it another 'run_token'. Bedrock says of {job.arn}{reason or ' nothing more'}"
    )
