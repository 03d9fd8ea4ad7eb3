"""The job of a shard: the one that there is, or a new one. Nothing is made that is not in the ledger."""

from dataclasses import replace

from batch_inference_pipeline.errors import BusyError, RefusedError
from batch_inference_pipeline.ledger.attempt import Attempt, State
from batch_inference_pipeline.ledger.ledger import Ledger
from batch_inference_pipeline.running.ending import Ending
from batch_inference_pipeline.running.order import Order
from batch_inference_pipeline.running.specification import Specification
from model_invocation_job import status
from model_invocation_job.clock import Clock
from model_invocation_job.errors import JobError, JobMayExistError, SubmissionError, ThrottledError
from model_invocation_job.jobs.jobs import Job, Jobs

#: Of CreateModelInvocationJob: as many jobs run as the account may have, whoever's they are.
_QUOTA = "ServiceQuotaExceededException"


class Starting:
    """Makes jobs, or adopts them."""

    def __init__(self, ledger: Ledger, jobs: Jobs, ending: Ending, specification: Specification, clock: Clock) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._ending = ending
        self._specification = specification
        self._clock = clock

    def start(self, order: Order) -> None:
        """See to it that the task of an order is told when the shard's job is over.

        Raises
        ------
        BusyError
            There may be no further job at the moment.
        RefusedError
            There will never be one.
        JobError
            It is not known; the same order can be asked for again.
        """
        known = self._ledger.attempt(order.id)
        if known and known.state is not State.REFUSED and known.id.number >= order.id.number:
            self._adopt(known, order)
        elif 0 < order.until <= self._clock.epoch():
            self._ending.tell_of_none(order.task, order.id)
        else:
            self._make(self._admit(order, known), order, anew=True)

    def _admit(self, order: Order, known: Attempt | None) -> Attempt:
        attempt = Attempt(
            id=order.id, name=self._specification.name_of(order), task=order.task, since=int(self._clock.epoch())
        )
        if not self._ledger.admit(attempt, known):
            raise BusyError("as many jobs run as may at once")
        return attempt

    def _make(self, attempt: Attempt, order: Order, *, anew: bool) -> str:
        """Make the job of an attempt, or find the one that was made for it, by a call whose answer was lost."""
        parameters = self._specification.parameters(order)
        try:
            self._jobs.check(attempt.name, attempt.id.token, parameters)
            arn = self._jobs.create(attempt.name, attempt.id.token, parameters)
        except (JobMayExistError, SubmissionError, ThrottledError) as error:
            arn = self._found(attempt, order)
            if not arn:
                raise self._refusal(attempt, order, error, anew=anew) from error
        self._ledger.made(attempt, arn)
        return arn

    def _refusal(self, attempt: Attempt, order: Order, error: JobError, *, anew: bool) -> Exception:
        """Return what to raise where Bedrock makes no job, and note that there is none as far as that is known."""
        if isinstance(error, JobMayExistError):
            return JobMayExistError(f"there may be a job named {attempt.name}, and lists do not show it yet")
        if isinstance(error, ThrottledError) or _QUOTA in str(error):
            # Else an earlier call may have made one that lists do not show yet: it keeps its place, and is asked again.
            if anew:
                self._ledger.refuse(attempt)
            return BusyError(str(error))
        message = f"Bedrock makes no job of {order.records.uri}: {error}"
        self._ledger.refuse(attempt, message)
        return RefusedError(message)

    def _found(self, attempt: Attempt, order: Order) -> str:
        """Return the job of an attempt's name, if there is one; it is ours if it writes where this run's jobs write."""
        results = self._specification.results_of(order.run).uri.rstrip("/")
        listed = self._jobs.listed(attempt.name)
        ours = (job.arn for job in listed if job.name == attempt.name and job.output_uri.rstrip("/") == results)
        return next(ours, "")

    def _adopt(self, attempt: Attempt, order: Order) -> None:
        self._ledger.wait(attempt, order.task)
        if attempt.state is State.ENDED:
            self._ending.tell(replace(attempt, task=order.task))
            return
        # Asked for again it makes no second job: neither its name nor its token is another one.
        arn = attempt.arn or self._make(attempt, replace(order, id=attempt.id), anew=False)
        job = self._jobs.get(arn)
        if job and _is_over(job):
            self._ending.of_job(attempt, job)


def _is_over(job: Job) -> bool:
    return job.status in status.TERMINAL
