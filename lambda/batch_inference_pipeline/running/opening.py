"""The beginning of a run: it is the only one, it is looked at, and as many jobs may run as the pipeline may have."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from batch_inference_pipeline.errors import BadInputError, PipelineError
from batch_inference_pipeline.ledger.attempt import key_of
from batch_inference_pipeline.ledger.ledger import Ledger, Run
from batch_inference_pipeline.machines import Machines
from batch_inference_pipeline.running.quota import Quota
from batch_inference_pipeline.running.watching import LOOKS_SECONDS
from model_invocation_job.clock import Clock

#: Of a run: what Step Functions takes for an execution's name, and S3 for a part of a key.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_FIRST_LOOK_SECONDS = 60


class Opening:
    """Begins runs.

    Parameters
    ----------
    pipeline
        What no other pipeline of the account and Region has.
    quota
        How many jobs may run at once.
    deadline
        Seconds after which a run makes no further job, and stops those that run; 0 for never.
    """

    def __init__(
        self, ledger: Ledger, machines: Machines, clock: Clock, *, pipeline: str, quota: Quota, deadline: int
    ) -> None:
        self._ledger = ledger
        self._machines = machines
        self._clock = clock
        self._pipeline = pipeline
        self._quota = quota
        self._deadline = deadline

    def open(self, execution: Mapping[str, Any]) -> dict[str, Any]:
        """Begin a run, or go on with one that an earlier execution began.

        Parameters
        ----------
        execution
            Its ``Id``, ``Name`` and ``Input``: ``{"Run": name}`` to go on, anything else to begin.

        Raises
        ------
        PipelineError
            Another run goes on.
        """
        name = run_name(execution["Name"], execution["Input"])
        now = int(self._clock.epoch())
        until = now + self._deadline if self._deadline else 0
        run = Run(key_of(self._pipeline, name), name, execution["Id"], now, until, self._quota.limit)
        self._claim(run)
        self._ledger.provide(self._quota.places(run.limit))
        self._look_at(run.key, f"{run.key}-{run.since}")
        return {"Run": name, "Round": 1, "Places": run.limit, "Until": until}

    def go_on(self, key: str, execution: str, redrives: int) -> None:
        """Take up a run again whose execution was redriven: it is the only one again, and looked at.

        Raises
        ------
        PipelineError
            Another run goes on. Nothing can be done about this one here.
        """
        self.look_again(key, redrives)
        if run := self._ledger.run(key):
            self._claim(replace(run, execution=execution))

    def look_again(self, key: str, redrives: int) -> None:
        """Have a run looked at whose execution was taken up again: nobody looked when it was over."""
        # Asked for by the event of the redrive, and by what is begun anew: once for each.
        self._look_at(key, f"{key}-redrive-{redrives}")

    def _claim(self, run: Run) -> None:
        other = self._ledger.open(run, None)
        if other and not self._machines.is_running(other.execution):
            other = self._ledger.open(run, other.execution)
        if other:
            raise PipelineError(
                f"the run {other.name} of this pipeline goes on ({other.execution}): wait until it is over, or stop it"
            )

    def _look_at(self, key: str, name: str) -> None:
        self._machines.look_at(key, name, _FIRST_LOOK_SECONDS, int(self._clock.epoch()) + LOOKS_SECONDS)


def run_name(execution: str, given: Any) -> str:  # noqa: ANN401 (an execution's input is any JSON)
    """Return the name of an execution's run: its own, or the one that it was told to go on with.

    Raises
    ------
    BadInputError
        It is no name.
    """
    if not (isinstance(given, Mapping) and "Run" in given):
        name, what, change = execution, "the name of an execution", "start another one that has such a name"
    else:
        name, what = given["Run"], "'Run' in the execution's input"
        change = "give the name of the run to go on with, or leave it out"
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise BadInputError(f"{what} must be 1 to 80 letters, digits, - and _, got {name!r}: {change}")
    return name
