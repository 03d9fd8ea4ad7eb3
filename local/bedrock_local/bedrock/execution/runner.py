"""The life of a job, in a thread of its own."""

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bedrock_local.bedrock.access.roles import RoleNotAssumableError, RoleSession, ServiceRoles
from bedrock_local.bedrock.data.input_data import InputFile, open_input
from bedrock_local.bedrock.data.latest import LatestRecords
from bedrock_local.bedrock.data.output_data import OutputData
from bedrock_local.bedrock.execution.answering import Answering
from bedrock_local.bedrock.execution.network import attach, detach
from bedrock_local.bedrock.execution.progress import Progress
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import Clock
from bedrock_local.bedrock.jobs.failure import JobFailedError, young_role
from bedrock_local.bedrock.jobs.job import IllegalTransitionError, Job
from bedrock_local.bedrock.jobs.pace import Pace
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.signals.events import Events
from bedrock_local.bedrock.signals.metrics import Metrics
from bedrock_local.disk import is_full, no_room

_LOG = logging.getLogger(__name__)
# How soon a job that is held notices that it no longer is.
_HOLD_SECONDS = 0.05
_LEAST = timedelta(milliseconds=1)


class _TimedOutError(Exception):
    """``timeoutDurationInHours`` passed before the first record."""


@dataclass(frozen=True)
class Runner:
    """Lives the lives of jobs.

    Parameters
    ----------
    roles
        Assumes their service roles.
    backend
        Answers their records.
    pace
        How long each status takes.
    quotas
        Limits on their input.
    clock
        What time it is.
    events
        Told each change of a job's status.
    metrics
        Told how far a job is.
    faults
        What goes wrong on demand.
    behaviours
        What it does where that is not known of the service.
    latest
        Told the outcome of each record, for whoever looks on.
    """

    roles: ServiceRoles
    backend: Backend
    pace: Pace
    quotas: Quotas
    clock: Clock
    events: Events
    metrics: Metrics
    faults: Faults
    behaviours: Behaviours
    latest: LatestRecords = field(default_factory=LatestRecords)

    def run(self, job: Job) -> None:
        """Live a job's life, from Submitted to its end, and what comes after.

        Parameters
        ----------
        job
            A new job.
        """
        job.observe(self.events.add)
        self._live_to_the_end(job)
        self._leave_vpc(job)

    def _live_to_the_end(self, job: Job) -> None:
        try:
            self._live(job)
        except JobFailedError as failure:
            self._end(job, Status.FAILED, str(failure))
        except RoleNotAssumableError as error:
            # The words are known from model customization; recorded for no batch job.
            self._end(job, Status.FAILED, f"Could not assume provided IAM role. {error}")
        except _TimedOutError:
            self._end(job, Status.EXPIRED, "The job timed out before it started")
        except IllegalTransitionError:
            # Only Stop changes a job's status behind the runner's back.
            self._stop(job)
        except Exception as error:  # noqa: BLE001 -- a job ends, whatever breaks
            _LOG.exception("job %s broke", job.job_id)
            self._end(job, Status.FAILED, no_room(error) if is_full(error) else "Internal error. Try again.")

    def _live(self, job: Job) -> None:
        self._wait(job, self.pace.submitted)
        job.move(Status.VALIDATING, self.clock())
        self._wait(job, self.pace.validating)
        role_arn = job.request["roleArn"]
        if self.roles.settled(role_arn) < self.behaviours.young_role:
            raise young_role(role_arn)
        with self.roles.assume(role_arn, job.arn, job.place, job.expiration_time) as session:
            attach(job, session)
            self._work(job, session)

    def _work(self, job: Job, session: RoleSession) -> None:
        with open_input(job, session, self.quotas.of(job.model.foundation_id)) as files:
            output = OutputData(job, session)
            output.check()
            job.move(Status.SCHEDULED, self.clock())
            self._wait(job, self.pace.scheduled)
            job.move(Status.IN_PROGRESS, self.clock())
            # A hold, if there is one.
            self._wait(job, 0)
            self._answer(job, session, files, output)

    def _answer(self, job: Job, session: RoleSession, files: list[InputFile], output: OutputData) -> None:
        total = sum(file.record_count for file in files)
        progress = Progress(job, total, self.pace.of(self.pace.counts), self.metrics)
        # Once: it is looked at before each record.
        deadline = self._deadline(job)

        def halted() -> bool:
            return job.stopping.is_set() or self.clock() >= deadline

        through_profile = self.behaviours.inference_profile_key == "present"
        answering = Answering(
            job, self.backend, self.faults, progress, halted, through_profile=through_profile, latest=self.latest
        )
        answering.run(session, files, output)
        self._end(job, Status.COMPLETED if progress.complete else Status.PARTIALLY_COMPLETED)

    def _deadline(self, job: Job) -> datetime:
        return job.submit_time + timedelta(seconds=job.timeout_hours * self.pace.hour)

    def _remaining(self, job: Job) -> float:
        return (self._deadline(job) - self.clock()).total_seconds()

    def _wait(self, job: Job, duration: float) -> None:
        """Let time pass, until the job is stopped or times out. The next change of status notices a stop."""
        seconds, remaining = self.pace.of(duration), self._remaining(job)
        stopped = self.clock.wait(job.stopping, min(seconds, remaining))
        while not stopped and self.faults.holds(job) and self._remaining(job) > 0:
            stopped = self.clock.wait(job.stopping, _HOLD_SECONDS)
        timed_out = remaining <= seconds or self._remaining(job) <= 0
        if timed_out and not stopped and job.status is not Status.IN_PROGRESS:
            raise _TimedOutError

    def _end(self, job: Job, status: Status, message: str = "") -> None:
        """Let a job show that it has ended, which as recorded is later than its ``endTime``."""
        ended = at = self.clock()
        if self.behaviours.end_time == "earlier":
            if status is Status.EXPIRED:
                ended = min(ended, job.submit_time + timedelta(seconds=self.pace.of(self.pace.unstarted)))
            else:
                self.clock.wait(job.stopping, self.pace.of(self.pace.closing))
            at = max(self.clock(), ended + _LEAST)
        try:
            job.move(status, at, message, ended=ended)
        except IllegalTransitionError:
            self._stop(job)

    def _stop(self, job: Job) -> None:
        """Let a job that is Stopping be Stopped, not sooner than that takes."""
        never = threading.Event()
        since = (self.clock() - job.last_modified_time).total_seconds()
        self.clock.wait(never, self.pace.of(self.pace.stopping) - since)
        while self.faults.holds(job):
            self.clock.wait(never, _HOLD_SECONDS)
        job.move(Status.STOPPED, self.clock())

    def _leave_vpc(self, job: Job) -> None:
        """Delete, a while later, what a job has in its VPC; without its service role that stays."""
        if not job.request.get("vpcConfig"):
            return
        self.clock.wait(threading.Event(), self.behaviours.lingering_interfaces)
        until = self.clock() + timedelta(minutes=1)
        try:
            with self.roles.assume(job.request["roleArn"], job.arn, job.place, until) as session:
                detach(job, session)
        except RoleNotAssumableError:
            _LOG.info("job %s has lost its role, and its network interfaces stay", job.job_id)
