"""How many jobs may begin at once, or in a second, before the ledger's one item of places is too much to ask for.

In simulated time, with the product's own ledger; that a transaction takes 10 ms is assumed (`scale/contention.py`). A
start that gives up is tried again by the state machine. Run it with ``make bench``.
"""

from rich.console import Console
from rich.table import Table

from scale.contention import Contention, contend

AT_ONCE = (20, 50, 100, 200, 500, 1_000)
A_SECOND = (20, 40, 60, 80, 100, 120)
SECONDS = 30


def main() -> None:
    """Try all, and print a table."""
    table = Table("starts", "gave up", "seconds", title="starts that change one item")
    for number in AT_ONCE:
        add(table, f"{number:,} at once", contend([0.0] * number))
    for number in A_SECOND:
        add(table, f"{number} a second, for {SECONDS} s", contend(each / number for each in range(number * SECONDS)))
    Console().print(table)


def add(table: Table, name: str, outcome: Contention) -> None:
    """Add a row."""
    table.add_row(name, f"{outcome.gave_up:,}", f"{outcome.seconds:.1f}")


if __name__ == "__main__":
    main()
