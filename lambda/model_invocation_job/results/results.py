"""What a job came to: its attributes when it has its results, else a failure that says what to do."""

import logging

from model_invocation_job import status
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import JobError, JobFailedError
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.stacks import Demand, Stacks
from model_invocation_job.owner import left_running
from model_invocation_job.patience import persist
from model_invocation_job.requests.results_request import ResultsRequest
from model_invocation_job.results import verdict
from model_invocation_job.results.manifest import Manifests
from model_invocation_job.waiting.ending import IN_PROCESS_SECONDS, Ending
from model_invocation_job.waiting.holding import Hold

logger = logging.getLogger(__name__)

#: The status of a stack that is there whatever becomes of its deployment.
_UPDATED = "UPDATE_IN_PROGRESS"
#: Attributes that are numbers, by the names that the API and the manifest have for them.
_RECORDS = {f"{name[0].upper()}{name[1:]}": name for name in status.COUNTS}
_TOKENS = {"InputTokenCount": "inputTokenCount", "OutputTokenCount": "outputTokenCount"}


class Results:
    """Tells what jobs came to."""

    def __init__(self, jobs: Jobs, stacks: Stacks, manifests: Manifests, ending: Ending) -> None:
        self._jobs = jobs
        self._stacks = stacks
        self._manifests = manifests
        self._ending = ending

    def of(self, asked: ResultsRequest, deadline: Deadline, hold: Hold | None) -> dict[str, str] | None:
        """Return the attributes of a job that has its results; None where the request is held until it is over.

        A deployment that is taken back gets what there is, at once: it has failed, whatever the job comes to.

        Raises
        ------
        JobFailedError
            The job has not come to the results that are asked for.
        """
        if self._stacks.rolls_back(asked.stack_id):
            return self._attributes(self._seen(asked), asked, deadline)
        if self._ending.is_held(asked, deadline, hold):
            return None
        job = persist(lambda: self._jobs.get(asked.job), deadline, IN_PROCESS_SECONDS) or _gone(asked)
        if status.is_live(job.status) and job.status != status.UNKNOWN:
            raise JobFailedError(self._of_live(job, asked, deadline))
        if reason := verdict.refusal(job, asked):
            raise JobFailedError(reason)
        return self._attributes(job, asked, deadline)

    def _of_live(self, job: Job, asked: ResultsRequest, deadline: Deadline) -> str:
        if not self._is_left_running(job, asked, deadline):
            return verdict.of_stopped(job)
        return verdict.of_left(job, asked, by_new_stack=self._stacks.stack_status(asked.stack_id) != _UPDATED)

    def _is_left_running(self, job: Job, asked: ResultsRequest, deadline: Deadline) -> bool:
        """Let a job go on whose deployment is given up: the Delete that follows has to know."""
        is_awaited = Demand.arrived(self._stacks, asked).is_awaited
        if not asked.leaves_running or not status.goes_on(job.status) or not is_awaited:
            return False
        return left_running.mark(job, asked.stack_id, self._jobs, deadline)

    def _seen(self, asked: ResultsRequest) -> Job:
        try:
            return self._jobs.get(asked.job) or _gone(asked)
        except JobError as error:
            logger.warning("%s", error)
            return _gone(asked)

    def _attributes(self, job: Job, asked: ResultsRequest, deadline: Deadline) -> dict[str, str]:
        told: dict[str, object] = {
            "OutputUri": asked.folder,
            "JobStatus": job.status or status.UNKNOWN,
            **{name: job.counts.get(field) for name, field in _RECORDS.items()},
        }
        if asked.reads_manifest:
            told |= self._tokens(asked, deadline)
        return {name: status.UNKNOWN if value is None else str(value) for name, value in told.items()}

    def _tokens(self, asked: ResultsRequest, deadline: Deadline) -> dict[str, object]:
        try:
            manifest = persist(lambda: self._manifests.read(asked.folder), deadline)
        except JobError as error:
            logger.warning("the numbers of tokens are not known: %s", error)
            manifest = {}
        return {name: manifest.get(field) for name, field in _TOKENS.items()}


def _gone(asked: ResultsRequest) -> Job:
    """Return a job that Bedrock knows no more: it is over, and what it came to was told when it was there."""
    return Job(arn=asked.job, name="", status=status.UNKNOWN)
