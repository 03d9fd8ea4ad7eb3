"""The input, listed: which ranges of which objects each invocation cuts."""

from collections.abc import Iterator, Mapping
from typing import Any

from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.listing.seen import Seen
from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.places import Place

_SUFFIX = ".jsonl"


class Survey:
    """Writes the tasks of a round.

    A task is closed when it has half a range, or as many objects as a shard has records, so that its records are enough
    for a job; and one at the end that has less joins the one before. Objects that may be shards as they are share
    tasks with others: what is left beside them is cut together, and is too little for a job less often than it would be
    if each object had a task.

    Parameters
    ----------
    store
        S3.
    limits
        What a job takes.
    seen
        What need not be taken again. Default: nothing.
    """

    #: The most bytes of a range: some tens of seconds of a function.
    RANGE = 1024**3

    def __init__(self, store: Store, limits: Limits, seen: Seen | None = None) -> None:
        self._store, self._most_objects, self._seen = store, limits.target_records, seen

    def run(self, source: Place, tasks: Place) -> dict[str, int]:
        """List an input, and write an object for each task below a prefix; the same input gives the same tasks.

        Parameters
        ----------
        source
            A prefix, or one object.
        tasks
            A prefix that nothing else is below.

        Returns
        -------
        dict
            How many ``Tasks`` there are, for how many ``Files`` and ``Bytes``: none only where all has been seen.

        Raises
        ------
        BadInputError
            There is nothing to cut, or the input changes meanwhile.
        """
        found = {"Tasks": 0, "Files": 0, "Bytes": 0}
        last = ""
        for task in self._tasks(self._counted(source, found)):
            found["Tasks"] += 1
            last = f"{tasks.key}{found['Tasks']:06d}.jsonl"
            self._store.write(Place(tasks.bucket, last), b"".join(task))
        if not found["Tasks"] and not self._seen:
            what = f"there is no object with records whose key ends in {_SUFFIX} ({_SUFFIX} in lower case)"
            raise BadInputError(f"{source.uri}: {what}; name the prefix of some, or one")
        if any(self._store.below(tasks, after=last)):
            # An earlier try has listed more; what it has written would be cut, too.
            raise BadInputError(f"{source.uri} has changed while it was listed; start another run when it is complete")
        return found

    def _counted(self, source: Place, found: dict[str, int]) -> Iterator[Source]:
        listed = self._objects(source)
        for each in self._seen.new(listed) if self._seen else listed:
            found["Files"] += 1
            found["Bytes"] += each["Size"]
            yield from self._ranges(source.bucket, each)

    def _objects(self, source: Place) -> Iterator[Mapping[str, Any]]:
        folder = source.key if source.key.endswith("/") or not source.key else f"{source.key}/"
        for each in self._store.below(source):
            is_named = each["Key"] == source.key
            if each["Size"] and each["Key"].endswith(_SUFFIX) and (is_named or each["Key"].startswith(folder)):
                yield each
                if is_named:
                    return

    def _ranges(self, bucket: str, found: Mapping[str, Any]) -> Iterator[Source]:
        size, count = found["Size"], -(-found["Size"] // self.RANGE)
        for number in range(count):
            start, end = number * size // count, (number + 1) * size // count
            yield Source(bucket, found["Key"], found["ETag"], start, end, size)

    def _tasks(self, sources: Iterator[Source]) -> Iterator[list[bytes]]:
        # As lines, because there may be tens of thousands.
        before: list[bytes] = []
        task: list[bytes] = []
        size = 0
        for source in sources:
            is_full = size + source.end - source.start > self.RANGE or len(task) >= self._most_objects
            if is_full and self._is_enough(task, size):
                yield from filter(None, [before])
                before, task, size = task, [], 0
            task.append(source.line() + b"\n")
            size += source.end - source.start
        if not self._is_enough(task, size):
            before, task = before + task, []
        yield from filter(None, [before, task])

    def _is_enough(self, task: list[bytes], size: int) -> bool:
        return size >= self.RANGE // 2 or len(task) >= self._most_objects
