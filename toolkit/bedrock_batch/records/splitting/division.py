"""How many records each file of a split has: as many as the others, and never fewer than a job takes."""

from typing import TYPE_CHECKING

from bedrock_batch.records.limits import RecordLimits, written
from bedrock_batch.records.split_report import SplitError

if TYPE_CHECKING:
    from array import array


def divide(ends: "array[int]", limits: RecordLimits) -> list[int]:
    """Divide records into the fewest files of which each makes a job, all of one size but for one record.

    Parameters
    ----------
    ends : array of int
        The bytes of each record together with those before it.
    limits : RecordLimits
        How much a file and a job may have; each file is a job of its own.

    Returns
    -------
    list of int
        How many records each file has.

    Raises
    ------
    SplitError
        If no number of files fits; the message names the limit that would do.
    """
    total, fewest = len(ends), limits.min_records_per_job
    if counts := _fitting(ends, limits, fewest):
        return counts
    raise SplitError(_too_few(ends, limits) if total < fewest else _needed(ends, limits))


def _fitting(ends: "array[int]", limits: RecordLimits, fewest: int) -> list[int] | None:
    """Divide them, if that can be; a file has at least as many as the last argument says."""
    total, most_bytes = len(ends), min(limits.bytes_per_file, limits.bytes_per_job)
    most = min(limits.records_per_file, limits.records_per_job)
    least = max(_quotient(total, most), _quotient(ends[-1], most_bytes))
    for files in range(least, total // fewest + 1):
        if _largest(ends, counts := _equal(total, files)) <= most_bytes:
            return counts
    return None


def _too_few(ends: "array[int]", limits: RecordLimits) -> str:
    """Say that they make no job, and how low the quota would have to be, within the other limits."""
    total, counts = len(ends), _fitting(ends, limits, 1)
    lacking = {"min_records_per_job": counts[-1] if counts else 1, **({} if counts else _lacking(ends, limits, 1))}
    return (
        f"has {total:,} records, and a job takes {limits.min_records_per_job:,} or more (min_records_per_job): add "
        f"records, ask for these on demand, or say {written(**lacking)} if your quota is that low"
    )


def _needed(ends: "array[int]", limits: RecordLimits) -> str:
    """Say which limits would have to be other than they are for the most files that there can be."""
    total, fewest = len(ends), limits.min_records_per_job
    return (
        f"has {total:,} records, of which no number of files has {fewest:,} or more (min_records_per_job) and keeps to "
        f"the other limits: add or remove records, or have a quota raised and say "
        f"{written(**_lacking(ends, limits, fewest))}"
    )


def _lacking(ends: "array[int]", limits: RecordLimits, fewest: int) -> dict[str, int]:
    counts = _equal(len(ends), len(ends) // fewest)
    largest = _largest(ends, counts)
    wanted = {
        "records_per_file": counts[0],
        "records_per_job": counts[0],
        "bytes_per_file": largest,
        "bytes_per_job": largest,
    }
    return {name: value for name, value in wanted.items() if getattr(limits, name) < value}


def _equal(total: int, files: int) -> list[int]:
    each, more = divmod(total, files)
    return [each + 1] * more + [each] * (files - more)


def _largest(ends: "array[int]", counts: list[int]) -> int:
    largest = before = last = 0
    for count in counts:
        last += count
        largest = max(largest, ends[last - 1] - before)
        before = ends[last - 1]
    return largest


def _quotient(amount: int, most: int) -> int:
    return -(-amount // most)
