"""The order in which mutants are tried: any beginning of it has of each file its share of the mutants."""

import random
from collections.abc import Mapping

#: Another one gives another sample.
SEED = 1


def in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return each mutant of each file, by its number in the file.

    A file's mutants are shuffled, then spread evenly over the whole order. What a file has and where is its own
    matter: a change to another file moves nothing of it but the share.
    """
    placed = list[tuple[float, str, int]]()
    for file, count in counts.items():
        chance = random.Random(f"{SEED} {file}")  # noqa: S311 (a sample, and the same one each time)
        numbers = chance.sample(range(count), count)
        placed += [((at + chance.random()) / count, file, number) for at, number in enumerate(numbers)]
    return [(file, number) for _, file, number in sorted(placed)]
