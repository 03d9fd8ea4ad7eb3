"""How many jobs may begin at once, or in a second, before the ledger's one item of places is too much to ask for.

In simulated time, with the product's own ledger; that a transaction takes 10 ms is assumed (`scale/contention.py`). A
start that gives up is tried again by the state machine.
"""

from collections.abc import Iterator

from comparison.row import Row, row_of
from comparison.trial import Trial
from scale.contention import contend

AT_ONCE = (20, 50, 100, 200, 500, 1_000)
A_SECOND = (20, 40, 60, 80, 100, 120)
SECONDS = 30
#: Seconds of a transaction, as assumed.
TAKES = 0.01
FLOOR = "transactions one after another"


def rows(trial: Trial) -> Iterator[Row]:
    """Try all, beside transactions that take turns."""
    for number in AT_ONCE[: trial.rounds(len(AT_ONCE))]:
        outcome = contend([0.0] * number)
        yield row_of(
            "contention", (f"{number:,} at once", FLOOR), [(outcome.seconds, number * TAKES)], "simulated", None
        )
    for number in A_SECOND[: trial.rounds(len(A_SECOND))]:
        outcome = contend(each / number for each in range(number * SECONDS))
        pair = (outcome.seconds, max(SECONDS, number * SECONDS * TAKES))
        name = f"{number} a second, for {SECONDS} s, of which {outcome.gave_up:,} give up"
        yield row_of("contention", (name, FLOOR), [pair], "simulated", None)
