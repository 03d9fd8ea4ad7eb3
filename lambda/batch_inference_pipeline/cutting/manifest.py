"""The shards of a round, listed; or what is wrong with the input, before a job is paid."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from batch_inference_pipeline.cutting.ids.repeats import Repeats
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.problems import Problems
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.places import Place, RunPlaces

#: How many problems an error names.
_MOST_NAMED = 3


@dataclass
class _Found:
    """What all tasks have come to."""

    shards: int = 0
    records: int = 0
    size: int = 0
    problems: int = 0
    first: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    others: int = 0
    small: Mapping[str, Any] | None = None

    def add_problems(self, outcome: Mapping[str, Any]) -> None:
        """Add what is wrong with what a task has cut."""
        first = outcome["FirstProblems"]
        self.problems += outcome["Problems"]
        self.first += [problem["Problem"] for problem in first][: _MOST_NAMED - len(self.first)]
        # Tasks may have ranges of the same object.
        named = {problem["Object"] for problem in first}
        self.named |= named
        self.others += outcome["Objects"] - len(named)


class Manifest:
    """Lists shards.

    Parameters
    ----------
    store
        S3.
    limits
        What a job takes.
    most
        The most records that a run may have. Default: 0, any number.
    repeats
        Looks for ids that repeat. Default: none does, for what is asked again has the ids that it had.
    """

    def __init__(self, store: Store, limits: Limits, most: int = 0, repeats: Repeats | None = None) -> None:
        self._store, self._fewest, self._most, self._repeats = store, limits.min_records_per_job, most, repeats

    def write(self, places: RunPlaces, round: int) -> dict[str, int]:
        """Write the manifest of a round.

        Returns
        -------
        dict
            How many ``Shards``, ``Records`` and ``Bytes`` there are.

        Raises
        ------
        BadInputError
            The input is not what jobs take.
        """
        found = _Found()
        upload = self._store.upload(places.manifest(round))
        try:
            for shard in self._shards(places.cut(round), found):
                upload.add(json.dumps({**shard, "Round": round}).encode())
            self._require(found, places.cut(round))
            if self._repeats:
                self._repeats.check()
            upload.complete()
        except BaseException:
            upload.abort()
            raise
        return {"Shards": found.shards, "Records": found.records, "Bytes": found.size}

    def _shards(self, outcomes: Place, found: _Found) -> Iterator[Mapping[str, Any]]:
        for listed in self._store.below(outcomes):
            outcome = json.loads(self._store.read(Place(outcomes.bucket, listed["Key"])))
            found.add_problems(outcome)
            for shard in outcome["Shards"]:
                self._add(shard, found)
                yield shard

    def _add(self, shard: Mapping[str, Any], found: _Found) -> None:
        found.shards += 1
        found.records += shard["Records"]
        found.size += shard["Bytes"]
        if shard["Records"] < self._fewest and not found.small:
            found.small = shard

    def _require(self, found: _Found, outcomes: Place) -> None:
        if found.problems:
            raise BadInputError(_not_records(found, outcomes))
        if not found.records:
            raise BadInputError("the input has no records; write one on each line of an object")
        if 0 < self._most < found.records:
            rule = f"the input has {found.records:,} records, and a run may have {self._most:,}"
            raise BadInputError(f"{rule}: raise 'max_records' of the pipeline, or take records away. No job was made")
        if found.records < self._fewest:
            cause = f"the input has {found.records:,} records, and a job takes {self._fewest:,} or more"
            change = f"add {self._fewest - found.records:,}, or set {_limits(found.records)}"
            raise BadInputError(f"{cause}; {change} if the quota of the model is that low")
        if found.small:
            raise BadInputError(_too_small(found.small, self._fewest))


def _not_records(found: _Found, outcomes: Place) -> str:
    # Of a task that has many, only the first are known.
    others = (
        "" if found.problems <= len(found.first) else f"; {outcomes.uri} has the first {Problems.MOST} of each task"
    )
    problems = f"{found.problems:,} problem{'s' * (found.problems > 1)}"
    count = len(found.named) + found.others
    objects = f"{count:,} object{'s' * (count > 1)}"
    return f"the input has {problems} in {objects}: {'; '.join(found.first)}{others}. No job was made"


def _limits(records: int) -> str:
    return f"limits=RecordLimits(min_records_per_job={records})"


def _too_small(shard: Mapping[str, Any], fewest: int) -> str:
    records, place = shard["Records"], Place(shard["Bucket"], shard["Key"])
    cause = f"a job would have {records:,} records of together {shard['Bytes']:,} bytes ({place.uri})"
    rule = f"one takes {fewest:,} or more, and their bytes are limited, too"
    return f"{cause}, but {rule}; shorten the records, or set {_limits(records)} if the quota is that low"
