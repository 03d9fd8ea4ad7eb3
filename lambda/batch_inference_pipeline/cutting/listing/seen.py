"""What the run before has seen of the input, so that this one takes only what is new.

A run lists all of the input, and the next one takes what is not in that list: key by key, with its ETag. A date would
not do. S3's is that of the beginning of an upload, so that a large object may appear with one that has passed long ago.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.places import Place, RunPlaces


class Seen:
    """What the last run that succeeded has seen, and what this one does.

    Parameters
    ----------
    store, objects
        S3.
    places
        The places of this run.
    """

    def __init__(self, store: Store, objects: Objects, places: RunPlaces) -> None:
        self._store = store
        self._objects = objects
        self._places = places

    def new(self, listed: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Yield what the last run has not seen, and write down all that there is.

        Parameters
        ----------
        listed
            The input, in the order of the keys, as S3 lists it.

        Raises
        ------
        BadInputError
            Nothing says any more what the last run has seen.
        """
        before = self._before()
        known = next(before, [])
        upload = self._store.upload(self._places.seen)
        try:
            for each in listed:
                found = [each["Key"], each["ETag"]]
                upload.add(json.dumps(found).encode())
                while known and known[0] < found[0]:
                    known = next(before, [])
                if known != found:
                    yield each
            upload.complete()
        except BaseException:
            upload.abort()
            raise

    def keep(self) -> None:
        """Let the next run take only what this one has not seen, for it has succeeded.

        Not if one has succeeded that began later: it has seen more.
        """
        last, own = self._last(), self._listed(self._places.run)
        before = self._listed(last) if last else None
        # None of its own: the pipeline has been told to take only what is new while the run went on.
        if own and not (before and before["LastModified"] > own["LastModified"]):
            self._objects.put(self._places.last, {"Run": self._places.run})

    def _before(self) -> Iterator[list[str]]:
        last = self._last()
        if not last:
            return
        seen = self._seen_by(last)
        if not self._listed(last):
            raise BadInputError(
                f"{seen.uri} is gone, which says what the run {last} has taken: put it back, or remove "
                f"{self._places.last.uri} to have all of the input taken again"
            )
        yield from map(json.loads, self._objects.lines(seen))

    def _last(self) -> str | None:
        content = b"".join(self._objects.lines_if_there(self._places.last))
        return str(json.loads(content)["Run"]) if content else None

    def _listed(self, run: str) -> Mapping[str, Any] | None:
        return next(self._store.below(self._seen_by(run)), None)

    def _seen_by(self, run: str) -> Place:
        return replace(self._places, run=run).seen
