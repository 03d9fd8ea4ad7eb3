"""Ids that several records of a run have, wherever they stand.

Digests are compared, those of some groups at a time; what repeats is read in the input before it is told.
"""

import json
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import accumulate, islice
from typing import Any

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.collecting.outcomes import AT_A_TIME, read_all
from batch_inference_pipeline.cutting.ids.digests import ENTRY, GROUPS, WrittenIds, starts_of
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.lines import Lines
from batch_inference_pipeline.cutting.problems import Problems, where
from batch_inference_pipeline.cutting.record import described
from batch_inference_pipeline.cutting.records import Records
from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.places import RunPlaces

#: Examples that are told, and read before: digests of eight bytes may be alike where the ids are not.
_TOLD = 3
#: Characters of an id: the examples are in the summary, which is an execution's output and an event, of 256 KB each.
_LONGEST = 300


def repeated_ids(objects: Objects, places: RunPlaces) -> dict[str, Any]:
    """Return how many ``Records`` of a run have the id of one before, and ``Examples`` of such ids with two places."""
    records = 0
    examples: list[Any] = []
    for part in read_all(objects, places.repeats):
        records += part["Records"]
        examples += part["Examples"][: _TOLD - len(examples)]
    return {"Records": records, "Examples": examples}


class Repeats:
    """Compares the ids of a run.

    Parameters
    ----------
    store, objects
        S3.
    limits
        What a job takes.
    places
        The places of the run.
    allowed
        Whether an id may stand in several shards.
    """

    #: Ids that are compared at once: they take some 600 MB, a third of what the function has.
    MOST = 4_000_000

    def __init__(self, store: Store, objects: Objects, limits: Limits, places: RunPlaces, *, allowed: bool) -> None:
        self._store, self._objects, self._places, self._allowed = store, objects, places, allowed
        self._longest = limits.bytes_per_record
        self._lines = Lines(store, self._longest)

    def check(self) -> None:
        """Write down what repeats, for the summary; another try goes on behind what is done.

        Raises
        ------
        BadInputError
            An id stands twice, and may not.
        """
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            written = list(pool.map(partial(WrittenIds.of, lines=self._lines), self._written()))
            for groups in self._missing(written):
                contents = list(pool.map(partial(WrittenIds.read, lines=self._lines, groups=groups), written))
                found = self._compared([each.task for each in written], contents)
                self._store.write(self._places.repeats.below(_name(groups)), json.dumps(found).encode())
        found = repeated_ids(self._objects, self._places)
        if found["Examples"] and not self._allowed:
            raise BadInputError(_refusal(found))

    def _written(self) -> Iterator[Source]:
        for listed in self._store.below(self._places.ids):
            size = listed["Size"]
            yield Source(self._places.ids.bucket, listed["Key"], listed["ETag"], 0, size, size)

    def _missing(self, written: Iterable[WrittenIds]) -> Iterator[range]:
        """Yield the groups that are compared at once."""
        parts = parts_of(sum(each.ends[-1] for each in written), self.MOST)
        done = {listed["Key"] for listed in self._store.below(self._places.repeats)}
        for number in range(parts):
            groups = range(number * GROUPS // parts, (number + 1) * GROUPS // parts)
            if self._places.repeats.below(_name(groups)).key not in done:
                yield groups

    def _compared(self, tasks: Sequence[str], contents: Sequence[bytes]) -> dict[str, Any]:
        entries = array("Q", b"".join(contents))
        digests = entries[::2]
        repeats = len(digests) - len(set(digests))
        if not repeats:
            return {"Records": 0, "Examples": []}
        ends = list(accumulate(len(content) // ENTRY for content in contents))

        def found(number: int) -> tuple[str, str]:
            return self._record(tasks[bisect_right(ends, number)], entries[2 * number + 1])

        pairs = [(found(first), found(second)) for first, second in islice(_alike(digests), _TOLD)]
        told = [
            {"RecordId": _shown(record_id), "Places": [place, other_place]}
            for (record_id, place), (other_id, other_place) in pairs
            if record_id == other_id
        ]
        return {"Records": repeats - len(pairs) + len(told), "Examples": told}

    def _record(self, task: str, at: int) -> tuple[str, str]:
        """Return the id of a record, and where it stands."""
        sources = Source.parse_all(self._store.read(self._places.tasks(1).below(f"{task}.jsonl")))
        starts = starts_of(sources)
        number = bisect_right(starts, at) - 1
        offset = sources[number].start + at - starts[number]
        here = replace(sources[number], start=offset, end=offset + 1)
        (record,) = Records(self._longest, Problems()).of(here, self._lines.of(here))
        return record.id, f"{here.place.uri}: {where(offset, record.number)}"


def parts_of(ids: int, most: int) -> int:
    """Return in how many parts ids are compared: as few as memory allows, each of as many groups."""
    parts = 1
    while parts < GROUPS and ids > parts * most:
        parts *= 2
    return parts


def _alike(digests: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first two of each digest that there is more than once."""
    first: dict[int, int] = {}
    for number, digest in enumerate(digests):
        before = first.setdefault(digest, number)
        if 0 <= before < number:
            first[digest] = -1
            yield before, number


def _shown(record_id: str) -> str:
    # Half a character is an id in JSON, but no function can return it.
    return record_id[:_LONGEST].encode(errors="replace").decode()


def _name(groups: range) -> str:
    return f"{groups.start:03d}.json"


def _refusal(found: dict[str, Any]) -> str:
    count = f"{found['Records']:,} record{'s' * (found['Records'] > 1)} with the 'recordId' of another one"
    examples = (f"{described(each['RecordId'])} at {' and at '.join(each['Places'])}" for each in found["Examples"])
    change = "give each record an id of its own, or take away unique_ids=True"
    return f"the input has {count}: {'; '.join(examples)}; {change}. No job was made"
