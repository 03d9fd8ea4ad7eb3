"""The item of places in a simulated table: a transaction is refused while another one is on its way to the same item.

The ledger is the product's, with its tries and its pauses. Each caller has a thread, and one of them runs at a time, so
that the pauses are of simulated time.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Event, Semaphore, Thread
from typing import Any

from botocore.exceptions import ClientError

from batch_inference_pipeline.ledger.attempt import Attempt, AttemptId
from batch_inference_pipeline.ledger.table import DynamoDbLedger
from scale.agenda import Agenda

#: Seconds of a transaction, and of one that is refused. Assumed: AWS tells neither.
WRITING, REFUSING = 0.01, 0.005


@dataclass
class Contention:
    """What came of starts: how many gave up, and seconds until the last one was done."""

    gave_up: int = 0
    seconds: float = 0


class Turns:
    """Threads that take turns, in simulated time."""

    def __init__(self) -> None:
        self.agenda = Agenda()
        self._back = Semaphore(0)

    def begin(self, after: float, act: Callable[[], None]) -> None:
        """Have a thread begin so many seconds from now."""

        def run() -> None:
            act()
            self._back.release()

        self.agenda.after(after, lambda: self._go_on(Thread(target=run).start))

    def pause(self, seconds: float) -> None:
        """Let others go on for so many seconds."""
        mine = Event()
        self.agenda.after(seconds, lambda: self._go_on(mine.set))
        self._back.release()
        mine.wait()

    def _go_on(self, wake: Callable[[], None]) -> None:
        wake()
        self._back.acquire()


class BusyTable:
    """As much of a DynamoDB client as writes transactions; their conditions hold."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._written_until: dict[str, float] = {}

    def transact_write_items(self, TransactItems: Iterable[Mapping[str, Any]]) -> None:  # noqa: N803 (DynamoDB's name)
        """See DynamoDB's TransactWriteItems."""
        items = [_key(*item.values()) for item in TransactItems]
        now = self._turns.agenda.now()
        if any(self._written_until.get(item, 0) > now for item in items):
            self._turns.pause(REFUSING)
            reasons = [{"Code": "TransactionConflict"}]
            error: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(error, "TransactWriteItems")
        self._written_until |= dict.fromkeys(items, now + WRITING)
        self._turns.pause(WRITING)


def contend(starts: Iterable[float]) -> Contention:
    """Begin jobs, each after so many seconds, and tell what came of it."""
    random.seed(1)
    turns, outcome = Turns(), Contention()
    ledger = DynamoDbLedger(BusyTable(turns), "Ledger", turns.pause)

    def start(number: int) -> None:
        attempt = Attempt(AttemptId("0123456789ab", 1, f"000001-{number:03}", 1), "name", "token", 0)
        try:
            ledger.admit(attempt, None)
        except ClientError:
            outcome.gave_up += 1
        outcome.seconds = turns.agenda.now()

    for number, after in enumerate(starts):
        turns.begin(after, lambda number=number: start(number))  # type: ignore[misc]  # mypy infers no default of a lambda
    turns.agenda.run()
    return outcome


def _key(write: Mapping[str, Any]) -> str:
    key = write.get("Key") or write["Item"]
    return f"{key['Run']['S']} {key['Item']['S']}"
