"""A run of the pipeline in a simulated account: the product's parts, its definition and its looks, and what they take.

Real are `Opening`, `Starting`, `Ending` and `Watching`, the state machines with their retries and concurrency, and the
sizes of the functions. Simulated are Bedrock, Step Functions, DynamoDB, the functions for data, and time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from random import Random

from batch_inference_pipeline.parts import RunningParts
from model_invocation_job.waiting.looking import Next
from scale.agenda import Agenda
from scale.assumptions import Assumptions
from scale.bedrock import Event, SimulatedJobs
from scale.executions import Execution, Surroundings
from scale.functions import SimulatedFunctions
from scale.language import Data
from scale.ledger import MemoryLedger
from scale.meter import Meter
from scale.product import JOBS, definition, looks, memory

_EXECUTION = {"Id": "execution", "Name": "run", "Input": {}, "RedriveCount": 0}
_OUTPUT = {"s3OutputDataConfig": {"s3Uri": "s3://bucket/output/"}}
_JOB = {"inputDataConfig": {"s3InputDataConfig": {}}, "outputDataConfig": _OUTPUT}


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes
    ----------
    shards
        Of all rounds.
    began, ended
        Seconds until the first job was made, and until all was over.
    work
        Seconds of all jobs together.
    is_over
        False if somebody waits for ever.
    """

    meter: Meter
    shards: int
    began: float
    ended: float
    work: float
    is_over: bool


class Run:
    """A run, and all around it."""

    def __init__(self, assumptions: Assumptions) -> None:
        self._assumptions = assumptions
        self._agenda, self._meter, chance = Agenda(), Meter(), Random(assumptions.seed)  # noqa: S311 (no secret)
        self._jobs = SimulatedJobs(assumptions, self._agenda, self._meter, chance, self._event)
        self._waiting: dict[str, Callable[[Data], None]] = {}
        self._tokens, self._looks = count(), set[str]()
        self._ended: float | None = None
        specification = json.dumps({"JobNamePrefix": "Simulated-00000000", "Job": _JOB})
        environment = {"LEDGER_TABLE": "Ledger", "MAX_CONCURRENT_JOBS": f"{assumptions.quota}", "DEADLINE_SECONDS": "0"}
        self._parts = RunningParts(_no_client, self._agenda, {**environment, "SPECIFICATION": specification}, JOBS)
        # In place of those that the parts make of clients.
        ledger = MemoryLedger(self._meter, assumptions.item_bytes)
        vars(self._parts).update(ledger=ledger, jobs=self._jobs, machines=self)
        self._functions = SimulatedFunctions(assumptions, self._parts, self._jobs, self._meter)
        self._around = Surroundings(assumptions, self._agenda, self._meter, chance, self._functions, self._token)

    def outcome(self) -> Outcome:
        """Run it."""
        Execution(self._around, definition(), {}, {"Execution": _EXECUTION}, self._end).begin()
        self._agenda.run()
        ended = self._agenda.now() if self._ended is None else self._ended
        is_over = self._ended is not None
        return Outcome(self._meter, self._functions.shards, self._jobs.began, ended, self._jobs.work, is_over)

    def succeed(self, task: str, output: Data) -> None:
        """See `Machines.succeed`."""
        if then := self._waiting.pop(task, None):
            then(output)

    def is_running(self, execution: str) -> bool:  # noqa: ARG002 (there is one)
        """See `Machines.is_running`."""
        return self._ended is None

    def redrives(self, execution: str) -> int:  # noqa: ARG002 (the same)
        """See `Machines.redrives`."""
        return 0

    def look_at(self, run: str, name: str, seconds: int, until: int) -> None:
        """See `Machines.look_at`: pause, look, pause again, until it is over or the execution's time is."""
        end = self._agenda.now() + looks()["TimeoutSeconds"]

        def look() -> None:
            following = self._look(run, until)
            if not following.over and self._agenda.now() + following.seconds < end:
                self._agenda.after(following.seconds, look)

        if name not in self._looks:
            self._looks.add(name)
            self._agenda.after(seconds, look)

    def _look(self, run: str, until: int) -> Next:
        given, live = self._assumptions, len(self._jobs.live())
        self._meter.looks += 1
        self._meter.transitions += len(looks()["States"]) - 1
        self._meter.invoked(memory()[JOBS], given.look_seconds + live * given.look_job_seconds)
        return self._parts.watching.look(run, until)

    def _event(self, event: Event) -> None:
        seconds = self._assumptions.event_function_seconds
        self._meter.invoked(memory()[JOBS], seconds)
        self._agenda.after(seconds, lambda: self._parts.ending.of_event(event))

    def _token(self, then: Callable[[Data], None]) -> str:
        token = f"token-{next(self._tokens)}"
        self._waiting[token] = then
        return token

    def _end(self) -> None:
        self._ended = self._agenda.now()


def simulate(assumptions: Assumptions) -> Outcome:
    """Simulate a run."""
    return Run(assumptions).outcome()


def _no_client(name: str) -> None:
    raise AssertionError(name)
