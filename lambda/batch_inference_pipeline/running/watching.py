"""A look at all that a run waits for: the second way to an end, where an event was lost."""

import math

from batch_inference_pipeline.ledger.attempt import Attempt, State
from batch_inference_pipeline.ledger.ledger import Ledger, Run
from batch_inference_pipeline.machines import Machines
from batch_inference_pipeline.running.ending import Ending
from batch_inference_pipeline.running.quota import Quota
from model_invocation_job import status
from model_invocation_job.clock import Clock
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.waiting.looking import Next

#: Seconds between two looks: in the first hour, and later.
_OFTEN, _SELDOM, _HOUR = 60, 300, 3600
#: Seconds after which whoever asked for a job is not about to make it any more: no function runs longer.
_MAKING = 900
#: Seconds for which one execution looks before another goes on: it has 50,000, and room for 25,000 events. A run may
#: take weeks.
LOOKS_SECONDS = 36_000


class Watching:
    """Looks at the jobs of runs."""

    def __init__(
        self, ledger: Ledger, jobs: Jobs, machines: Machines, ending: Ending, clock: Clock, *, quota: Quota
    ) -> None:
        self._quota = quota
        self._ledger = ledger
        self._jobs = jobs
        self._machines = machines
        self._ending = ending
        self._clock = clock

    def look(self, key: str, until: int) -> Next:
        """Look at a run: tell the ends that nobody told, and stop what nobody waits for any more.

        Parameters
        ----------
        key
            Of the run.
        until
            When another execution shall look, in seconds since 1970.
        """
        run = self._ledger.run(key)
        if run is None:
            return Next(_OFTEN, over=True)
        goes_on, now = self._machines.is_running(run.execution), self._clock.epoch()
        live = [each for each in self._ledger.live(key) if not self._is_over(each)]
        if not goes_on or 0 < run.until <= now:
            self._stop(live)
        if goes_on:
            self._ledger.provide(self._quota.places(run.limit))
        seconds = _OFTEN if now < run.since + _HOUR else _SELDOM
        if now < run.until:
            seconds = min(seconds, math.ceil(run.until - now))
        if not (goes_on or live):
            return Next(seconds, over=True)
        if now >= until:
            self._machines.look_at(key, f"{key}-after-{until}", seconds, int(now) + LOOKS_SECONDS)
        return Next(seconds, over=now >= until)

    def abandon(self, run: Run) -> int:
        """Stop the jobs of a run whose execution is over, and let another run begin.

        A start that is under way may ask for a job after this: the run is looked at once more when that is over too.

        Returns
        -------
        int
            How many jobs there may yet be that were asked for, and of which nothing is seen.
        """
        unseen = self._stop([each for each in self._ledger.live(run.key) if not self._is_over(each)])
        self._ledger.close(run)
        now = int(self._clock.epoch())
        self._machines.look_at(run.key, f"{run.key}-ended-{now}", _MAKING, now + LOOKS_SECONDS)
        return unseen

    def _is_over(self, attempt: Attempt) -> bool:
        """Whether an attempt's job is over, which is noted and told then."""
        if attempt.state is State.ENDED:
            self._ending.tell(attempt)
            return True
        job = self._job_of(attempt)
        if job is None or status.is_live(job.status):
            return False
        self._ending.of_job(attempt, job)
        return True

    def _stop(self, live: list[Attempt]) -> int:
        """Stop jobs, and return how many may yet be made."""
        unseen = 0
        for attempt in live:
            job = self._job_of(attempt)
            if job and job.status != status.STOPPING:
                self._jobs.stop(job.arn)
            elif job is None and attempt.since < self._clock.epoch() - _MAKING:
                self._ledger.refuse(attempt)
            elif job is None:
                unseen += 1
        return unseen

    def _job_of(self, attempt: Attempt) -> Job | None:
        if attempt.arn:
            return self._jobs.get(attempt.arn)
        listed = (job for job in self._jobs.listed(attempt.name) if job.name == attempt.name)
        return next(listed, None)
