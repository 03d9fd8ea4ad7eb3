"""What Create, Update and Delete of the custom resource mean for the job.

The rules that keep one wish from being paid for twice, and a job from outliving its owner:

* Look before creating. A live or completed job of this resource with this specification is adopted.
* A job counts as ours only when its token says so; a name can be anybody's.
* Only Delete stops a job that CloudFormation knows; only a failed Update stops one that it does not know.
"""

import logging
from collections.abc import Iterator

from model_invocation_job import status
from model_invocation_job.clock import Clock, Deadline
from model_invocation_job.errors import (
    JobError,
    JobFailedError,
    NameInUseError,
    NotYetPermittedError,
    StopError,
    SubmissionError,
)
from model_invocation_job.identity import JobIdentity
from model_invocation_job.jobs import Job, Jobs
from model_invocation_job.request import JobRequest, WaitUntil
from model_invocation_job.staging import Staging

logger = logging.getLogger(__name__)

#: Seconds for which a refusal may still be a role or policy that IAM has not spread yet.
PROPAGATION_SECONDS = 60
#: Seconds for which a Delete watches the job that it stopped.
STOP_SECONDS = 300
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0


class Lifecycle:
    """Decides, given the jobs that exist and the time that is left."""

    def __init__(self, jobs: Jobs, staging: Staging, clock: Clock) -> None:
        self._jobs = jobs
        self._staging = staging
        self._clock = clock

    def submit(self, request: JobRequest, deadline: Deadline) -> Job:
        """Return the job that answers the request: one that exists, else a new one.

        Raises
        ------
        JobError
            Bedrock or S3 refused, or the job of this very request has ended without success.
        """
        if deadline.left <= 0:
            raise SubmissionError("the function has too little time left to submit a job: deploy again")
        identity, patience = JobIdentity.of(request), deadline.within(PROPAGATION_SECONDS)
        for pause in _pauses():
            try:
                return self._adopted(request, identity) or self._created(request, identity)
            except NotYetPermittedError as error:
                logger.info("not permitted yet, trying again: %s", error)
                if not patience.pause(pause):
                    raise SubmissionError(f"access is refused: {error}") from error
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
        """Return the job that the resource stands for, None if there is none (any more)."""
        return self._jobs.get(request.job_arn) if request.job_arn else None

    def is_same_job(self, request: JobRequest, previous: JobRequest) -> bool:
        """Whether two sets of properties of one resource ask for one and the same job."""
        return JobIdentity.of(request).specification == JobIdentity.of(previous).specification

    def delete(self, request: JobRequest, deadline: Deadline) -> None:
        """Stop what the resource still has running.

        Raises
        ------
        StopError
            A job of ours goes on.
        """
        if not request.stop_on_delete:
            return
        for job in self._owned(request):
            self.stop(job, deadline.within(STOP_SECONDS))

    def stop(self, job: Job, deadline: Deadline) -> None:
        """Stop a job and wait for its end. A job that is still stopping at the deadline counts as stopped."""
        for pause in _pauses():
            if not status.is_live(job.status):
                return
            if job.status != status.STOPPING:
                logger.info("stopping %s (%s)", job.arn, job.status)
                self._jobs.stop(job.arn)
            left = deadline.pause(pause)
            now = self._jobs.get(job.arn)
            if now is None or (now.status == status.STOPPING and not left):
                return
            if not left and status.is_live(now.status):
                raise StopError(f"{job.arn} is still {now.status} although a stop was asked for: stop it by hand")
            job = now

    def _adopted(self, request: JobRequest, identity: JobIdentity) -> Job | None:
        jobs = [job for job in self._jobs.find(identity.wish) if _answers(job, request, identity)]
        same_request = next((job for job in jobs if job.token == identity.token), None)
        if same_request and not status.is_adoptable(same_request.status):
            raise JobFailedError(_failure(same_request))
        job = same_request or next((job for job in jobs if status.is_adoptable(job.status)), None)
        if job:
            logger.info("adopting %s (%s): same resource, same specification", job.arn, job.status)
        return job

    def _created(self, request: JobRequest, identity: JobIdentity) -> Job:
        self._staging.stage(request.staged)
        try:
            arn = self._jobs.create(identity.name, identity.token, request.parameters)
        except NameInUseError as error:
            job = self._adopted(request, identity)
            if job is None:
                raise SubmissionError(f"the name {identity.name} belongs to a job of somebody else: {error}") from error
            return job
        logger.info("created %s", arn)
        # A job that was just made may not be readable yet.
        return self._jobs.get(arn) or Job(arn=arn, name=identity.name, status="Submitted", token=identity.token)

    def _validated(self, job: Job, deadline: Deadline) -> Job:
        for pause in _pauses():
            if job.status not in status.UNVALIDATED or not deadline.pause(pause):
                return job
            try:
                job = self._jobs.get(job.arn) or job
            except JobError as error:
                logger.warning("%s; looking again", error)
        return job

    def _owned(self, request: JobRequest) -> list[Job]:
        identity = JobIdentity.of(request)
        if request.job_arn:
            job = self._jobs.get(request.job_arn)
            return [job] if job and identity.owns(job.token) else []
        # An id that we never gave: CloudFormation gave up on a Create whose answer it did not get.
        return [job for job in self._jobs.find(identity.wish) if identity.wished(job.token)]


def _answers(job: Job, request: JobRequest, identity: JobIdentity) -> bool:
    parameters = request.parameters
    return (
        identity.wished(job.token)
        and job.role_arn == parameters["roleArn"]
        and job.input_uri == parameters["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]
        and job.output_uri == parameters["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    )


def _failure(job: Job) -> str:
    reason = f": {job.message}" if job.message else ""
    return (
        f"The job ended as {job.status}. Correct the cause and deploy again; if nothing in the job changes, "
        f"give it another 'run_token'. Bedrock says of {job.arn}{reason or ' nothing more'}"
    )


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 1.5, _LONGEST_PAUSE)
