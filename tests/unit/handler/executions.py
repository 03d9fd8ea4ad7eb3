"""Executions of a pipeline, without Step Functions."""

from dataclasses import dataclass, field

from model_invocation_job.runs.executions import STOPPED, Execution

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"


@dataclass
class InMemoryExecutions:
    """What there is, and what was done: each call's name with the execution's; `refusals` meet the next calls."""

    known: dict[str, Execution] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    refusals: dict[str, list[BaseException]] = field(default_factory=dict)
    unseen: list[int] = field(default_factory=list)

    def get(self, arn: str) -> Execution | None:
        return self.known.get(arn)

    def running(self, machine: str) -> list[str]:
        assert machine == MACHINE
        return [arn for arn, each in self.known.items() if each.is_running]

    def start(self, machine: str, name: str) -> None:
        arn = f"{machine.replace('stateMachine', 'execution')}:{name}"
        self._note("start", arn)
        self.known.setdefault(arn, Execution("RUNNING"))

    def redrive(self, arn: str) -> None:
        self._note("redrive", arn)
        self.known[arn] = Execution("RUNNING")

    def stop(self, arn: str) -> None:
        self._note("stop", arn)
        self.known[arn] = Execution("ABORTED", STOPPED)

    def stop_jobs(self, arn: str, function: str) -> int:
        assert function
        self._note("stop_jobs", arn)
        return self.unseen.pop(0) if self.unseen else 0

    def _note(self, call: str, arn: str) -> None:
        if self.refusals.get(call):
            raise self.refusals[call].pop(0)
        self.calls.append((call, arn.rpartition(":")[2]))

    def of(self, call: str) -> list[str]:
        """The names of the executions that a call was about."""
        return [name for each, name in self.calls if each == call]
