"""Ids that two files of a job have in common."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bedrock_batch.checking.inputs import InputFile
from bedrock_batch.checking.record_ids import NO_ID

if TYPE_CHECKING:
    from array import array


def repeat_warnings(files: Sequence[InputFile], ids: Sequence["array[int]"]) -> Iterator[str]:
    """Find ids that more than one file has.

    The service writes results to one file for each file of the input, so they can be told apart, by who knows to.

    Parameters
    ----------
    files : sequence of InputFile
        The files.
    ids : sequence of array of int
        A number for the id of each of their lines.

    Yields
    ------
    str
        For each file that has ids of those before it: how many, and where the first is.
    """
    seen: set[int] = set()
    for position, numbers in enumerate(ids):
        repeated = seen.intersection(numbers) - {NO_ID}
        if repeated:
            line, number = next((line, number) for line, number in enumerate(numbers, 1) if number in repeated)
            first = next(place for place in range(position) if number in ids[place])
            there = f"{files[first].name}:{ids[first].index(number) + 1}"
            yield (
                f"{len(repeated):,} ids of {files[position].name} are in other files too (line {line} has that of "
                f"{there}); give each record an id of its own, or tell results apart by their file"
            )
        seen.update(numbers)
