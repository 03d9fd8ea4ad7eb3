"""The life of a job, in a thread of its own."""

import logging
import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import IO

from bedrock_local.bedrock.backends import Backend
from bedrock_local.bedrock.clock import Clock
from bedrock_local.bedrock.failure import JobFailedError
from bedrock_local.bedrock.inference import Inference, inference
from bedrock_local.bedrock.input_data import InputFile, open_input
from bedrock_local.bedrock.job import IllegalTransitionError, Job, Status
from bedrock_local.bedrock.output_data import OutputData
from bedrock_local.bedrock.pace import Pace
from bedrock_local.bedrock.ports import RoleNotAssumableError, RoleSession, ServiceRoles
from bedrock_local.bedrock.progress import Progress
from bedrock_local.bedrock.quotas import Quotas
from bedrock_local.bedrock.record import Outcome, Record

_LOG = logging.getLogger(__name__)
# Records in memory at a time; the output is shuffled within.
_WINDOW = 64


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
    """

    roles: ServiceRoles
    backend: Backend
    pace: Pace
    quotas: Quotas
    clock: Clock

    def run(self, job: Job) -> None:
        """Live a job's life, from Submitted to its end.

        Parameters
        ----------
        job
            A new job.
        """
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
            job.move(Status.STOPPED, self.clock())
        except Exception:  # noqa: BLE001 -- a job ends, whatever breaks
            _LOG.exception("job %s broke", job.job_id)
            self._end(job, Status.FAILED, "Internal error. Try again.")

    def _live(self, job: Job) -> None:
        self._wait(job, self.pace.submitted)
        job.move(Status.VALIDATING, self.clock())
        self._wait(job, self.pace.validating)
        assumed = self.roles.assume(job.request["roleArn"], job.arn, job.place, job.expiration_time)
        with assumed as session, open_input(job, session, self.quotas) as files:
            output = OutputData(job, session)
            output.check()
            job.move(Status.SCHEDULED, self.clock())
            self._wait(job, self.pace.scheduled)
            job.move(Status.IN_PROGRESS, self.clock())
            self._answer_all(job, session, files, output)

    def _answer_all(self, job: Job, session: RoleSession, files: list[InputFile], output: OutputData) -> None:
        if not all(session.allows("bedrock:InvokeModel", resource) for resource in job.model.resources):
            raise JobFailedError("Customer doesn't have permissions to invokeModel")
        total = sum(file.record_count for file in files)
        progress = Progress(job, total, self.pace.of(self.pace.counts), self.clock)
        ask = inference(self.backend, job.model.foundation_id, job.request["modelInvocationType"])
        progress.publish()
        for file in files:
            with tempfile.TemporaryFile() as answers:
                self._answer(job, file, ask, progress, answers)
                output.write(file.name, answers)
        output.write_manifest(progress.manifest())
        progress.publish()
        job.move(Status.COMPLETED if progress.complete else Status.PARTIALLY_COMPLETED, self.clock())

    def _answer(self, job: Job, file: InputFile, ask: Inference, progress: Progress, answers: IO[bytes]) -> None:
        records = file.records()
        # The order of the output means nothing: a client that relies on it must be seen to fail.
        order = random.Random(job.job_id)  # noqa: S311 -- not a secret
        with ThreadPoolExecutor(self.backend.concurrency) as pool:
            while window := list(islice(records, _WINDOW)):
                outcomes = list(self._outcomes(job, window, ask, progress, pool))
                order.shuffle(outcomes)
                answers.writelines(outcome.line() for outcome in outcomes)

    def _outcomes(
        self, job: Job, window: list[Record], ask: Inference, progress: Progress, pool: ThreadPoolExecutor
    ) -> Iterator[Outcome]:
        asked = [pool.submit(lambda record: None if self._halted(job) else ask(record), record) for record in window]
        for answered in as_completed(asked):
            if outcome := answered.result():
                progress.add(outcome)
                yield outcome

    def _halted(self, job: Job) -> bool:
        return job.stopping.is_set() or self._remaining(job) <= 0

    def _remaining(self, job: Job) -> float:
        deadline = job.submit_time + timedelta(seconds=job.timeout_hours * self.pace.hour)
        return (deadline - self.clock()).total_seconds()

    def _wait(self, job: Job, duration: float) -> None:
        """Let time pass, until the job is stopped or times out. The next change of status notices a stop."""
        seconds, remaining = self.pace.of(duration), self._remaining(job)
        stopped = job.stopping.wait(min(seconds, max(remaining, 0)))
        if not stopped and remaining <= seconds:
            raise _TimedOutError

    def _end(self, job: Job, status: Status, message: str) -> None:
        try:
            job.move(status, self.clock(), message)
        except IllegalTransitionError:
            job.move(Status.STOPPED, self.clock())
