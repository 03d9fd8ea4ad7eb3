"""The ledger of a simulated run: in memory, with DynamoDB's conditions and what they cost."""

from dataclasses import replace
from math import ceil

from batch_inference_pipeline.ledger.attempt import LIVE, Attempt, AttemptId, State
from batch_inference_pipeline.ledger.ledger import Run
from scale.meter import Meter

_READ_UNIT, _WRITE_UNIT, _TRANSACTED = 4096, 1024, 2
#: Of the item beside a shard's: two names and two numbers.
_BESIDE_BYTES = 100


class MemoryLedger:
    """`batch_inference_pipeline.ledger.ledger.Ledger`."""

    def __init__(self, meter: Meter, item_bytes: int) -> None:
        self._meter = meter
        self._item_bytes = item_bytes
        self._run: Run | None = None
        self._free = 0
        self._attempts: dict[tuple[int, str], Attempt] = {}
        self._live: dict[tuple[int, str], Attempt] = {}

    def open(self, run: Run, instead_of: str | None) -> Run | None:  # noqa: ARG002 (there is one run)
        """See `Ledger.open`."""
        self._meter.writes += 2 * _TRANSACTED
        self._run = run
        return None

    def close(self, run: Run) -> None:  # noqa: ARG002 (there is one run)
        """See `Ledger.close`."""
        self._meter.writes += _TRANSACTED

    def run(self, run: str) -> Run | None:  # noqa: ARG002 (there is one run)
        """See `Ledger.run`."""
        self._meter.reads += 1
        return self._run

    def provide(self, places: int) -> None:
        """See `Ledger.provide`."""
        self._meter.writes += 2
        self._free = places - len(self._live)

    def attempt(self, id: AttemptId) -> Attempt | None:
        """See `Ledger.attempt`."""
        self._meter.reads += 1
        return self._attempts.get((id.round, id.shard))

    def admit(self, attempt: Attempt, previous: Attempt | None) -> bool:
        """See `Ledger.admit`."""
        self._write(beside=2)
        known = self._attempts.get((attempt.id.round, attempt.id.shard))
        as_before = known is None if previous is None else known is not None and _same(known, previous)
        if not as_before or self._free < 1:
            return False
        self._free -= 1
        self._keep(attempt)
        return True

    def refuse(self, attempt: Attempt, message: str = "") -> None:
        """See `Ledger.refuse`."""
        self._leave(replace(attempt, state=State.REFUSED, message=message), beside=2)
        self._live.pop((attempt.id.round, attempt.id.shard), None)

    def wait(self, attempt: Attempt, task: str) -> None:
        """See `Ledger.wait`."""
        self._write()
        self._keep(replace(self._attempts[attempt.id.round, attempt.id.shard], task=task))

    def made(self, attempt: Attempt, arn: str) -> None:
        """See `Ledger.made`."""
        self._write()
        known = self._attempts[attempt.id.round, attempt.id.shard]
        if known.id == attempt.id and known.state is State.ASKED:
            self._keep(replace(known, arn=arn, state=State.RUNNING))

    def end(self, attempt: Attempt, status: str, message: str) -> None:
        """See `Ledger.end`."""
        self._leave(replace(attempt, state=State.ENDED, status=status, message=message), beside=1)

    def told(self, attempt: Attempt) -> None:
        """See `Ledger.told`."""
        self._meter.writes += _TRANSACTED
        self._live.pop((attempt.id.round, attempt.id.shard), None)

    def refusals(self, run: str) -> list[str]:  # noqa: ARG002 (there is one run)
        """See `Ledger.refusals`."""
        return [each.message for each in self._attempts.values() if each.state is State.REFUSED and each.message]

    def live(self, run: str) -> list[Attempt]:  # noqa: ARG002 (there is one run)
        """See `Ledger.live`; DynamoDB reads what stands beside the shards that are, and then each of them."""
        self._meter.reads += ceil(len(self._live) * _BESIDE_BYTES / _READ_UNIT)
        self._meter.reads += len(self._live) * ceil(self._item_bytes / _READ_UNIT)
        return list(self._live.values())

    def _leave(self, attempt: Attempt, *, beside: int) -> None:
        self._write(beside=beside)
        known = self._attempts[attempt.id.round, attempt.id.shard]
        if known.id == attempt.id and known.state in LIVE:
            self._free += 1
            self._keep(replace(attempt, task=known.task))

    def _keep(self, attempt: Attempt) -> None:
        key = (attempt.id.round, attempt.id.shard)
        self._attempts[key] = self._live[key] = attempt

    def _write(self, *, beside: int = 0) -> None:
        # Together with the item of places, and perhaps with the one beside the shard's.
        self._meter.writes += (ceil(self._item_bytes / _WRITE_UNIT) + beside) * _TRANSACTED


def _same(known: Attempt, previous: Attempt) -> bool:
    return (known.id.number, known.state) == (previous.id.number, previous.state)
