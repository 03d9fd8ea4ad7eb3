"""What a round has left becomes the input of the next one, or is asked on demand, or stays unanswered."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.collecting.outcomes import read_all
from batch_inference_pipeline.places import Place, RunPlaces

#: What is next.
CUT, ASK, DONE = "cut", "ask", "done"
#: Records of a task: ten at a time, each may take forty seconds within a function's 15 minutes.
RECORDS = 200


class Leftovers:
    """Decides what is next for the records that a round has left.

    Parameters
    ----------
    objects
        Objects in S3.
    places
        The places of the run.
    records
        How many records a task of the questions on demand has at most.
    """

    def __init__(self, objects: Objects, places: RunPlaces, records: int = RECORDS) -> None:
        self._objects = objects
        self._places = places
        self._records = records

    def next(
        self, round: int, *, rounds: int, min_records: int, past_deadline: bool, on_demand: bool
    ) -> dict[str, object]:
        """Return what is next: ``cut``, of the next round; ``ask``, with tasks that have been written; or ``done``.

        Parameters
        ----------
        round
            The round whose jobs have all been collected, from 1.
        rounds
            How many there may be.
        min_records
            The fewest that a job takes.
        past_deadline
            Whether the time is over in which jobs are made.
        on_demand
            Whether the model may be asked on demand, at its full price: what is too little for a job, and after the
            deadline all that is left. What jobs have failed to answer time and again is not asked in this way.
        """
        left = sum(each["Left"] for each in _latest(read_all(self._objects, self._places.outcomes(round))))
        if left >= min_records and left and round < rounds and not past_deadline:
            return {"Next": CUT, "Round": round + 1, "Left": left}
        if left and on_demand and (left < min_records or past_deadline):
            return {"Next": ASK, "Round": round, "Left": left, "Tasks": self._write_tasks(self._places.left(round))}
        return {"Next": DONE, "Round": round, "Left": left}

    def _write_tasks(self, left: Place) -> int:
        lines = chain.from_iterable(map(self._objects.lines, self._objects.below(left)))
        number = 0
        for number, task in enumerate(_tasks(lines, self._records), 1):
            self._objects.write(self._places.demand_tasks.below(f"{number:06}.jsonl"), task)
        return number


def _latest(outcomes: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Return, of the jobs that had one shard, the last: what an earlier one left has been asked again."""
    last: dict[str, Mapping[str, Any]] = {}
    for each in outcomes:
        if each["Shard"] not in last or each["Attempt"] > last[each["Shard"]]["Attempt"]:
            last[each["Shard"]] = each
    return last.values()


def _tasks(lines: Iterator[bytes], records: int) -> Iterator[Iterator[bytes]]:
    """Yield the lines of each task, to be read before the next one's."""
    for first in lines:
        yield chain([first], islice(lines, records - 1))
