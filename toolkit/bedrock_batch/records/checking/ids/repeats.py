"""Ids that two files of a job have in common."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bedrock_batch.records.checking.ids.file_ids import NO_ID, FileIds
from bedrock_batch.records.input.files import InputFile


def repeat_warnings(files: Sequence[InputFile], ids: Sequence[FileIds]) -> Iterator[str]:
    """Find ids that more than one file has.

    The service writes results to one file for each file of the input, so they can be told apart, by who knows to.

    Parameters
    ----------
    files : sequence of InputFile
        The files.
    ids : sequence of FileIds
        The ids of each.

    Yields
    ------
    str
        For each file that has ids of those before it: how many, and where the first is.
    """
    if _apart(ids):
        return
    numbers = [of_file.numbers for of_file in ids]
    seen: set[int] = set()
    for position, of_file in enumerate(numbers):
        repeated = seen.intersection(of_file) - {NO_ID}
        if repeated:
            line, number = next((line, number) for line, number in enumerate(of_file, 1) if number in repeated)
            first = next(place for place in range(position) if number in numbers[place])
            there = f"{files[first].name}:{numbers[first].index(number) + 1}"
            yield (
                f"{len(repeated):,} ids of {files[position].name} are in other files too (line {line} has that of "
                f"{there}); give each record an id of its own, or tell results apart by their file"
            )
        seen.update(of_file)


def _apart(ids: Sequence[FileIds]) -> bool:
    # So are the files that a long one is split into, and to see it takes no look at each id.
    spans = [each.span for each in ids]
    known = sorted(span for span in spans if span)
    return len(known) == len(spans) and all(last < first for (_, last), (first, _) in pairwise(known))
