"""One task: its ranges of the input, cut into shards."""

import json

from batch_inference_pipeline.cutting.ids.digests import TaskIds
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.lines import Lines
from batch_inference_pipeline.cutting.series import Series
from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.cutting.task import Task
from batch_inference_pipeline.places import RunPlaces


class Cut:
    """Cuts tasks.

    Parameters
    ----------
    store
        S3.
    limits
        What a job takes.
    """

    def __init__(self, store: Store, limits: Limits) -> None:
        self._store, self._limits = store, limits

    def run(self, places: RunPlaces, round: int, name: str) -> dict[str, int]:
        """Cut a task; another try writes the same objects again.

        Parameters
        ----------
        places
            Those of the run.
        round
            The round of jobs.
        name
            The task: the name of its object without the ending.

        Returns
        -------
        dict
            How many ``Records``, ``IdsGiven`` and ``Problems`` there are. The outcome, which is an object, also has the
            ``Shards`` and the first of the problems.

        Raises
        ------
        RefusedError
            The pipeline may not read or write.
        """
        sources = Source.parse_all(self._store.read(places.tasks(round).below(f"{name}.jsonl")))
        series = Series(self._store, self._limits, places.shards(round), name)
        # What is asked again has the ids that it had.
        ids = TaskIds(self._store, places.ids, name, sources) if round == 1 else None
        task = Task(sources, Lines(self._store, self._limits.bytes_per_record), series, self._limits, ids)
        task.run()
        counts = {
            "Records": sum(shard.records for shard in series.done),
            "IdsGiven": sum(shard.given for shard in series.done),
            "Problems": task.problems.count,
        }
        shards = [shard.as_json() for shard in series.done]
        problems = {"Objects": task.problems.objects, "FirstProblems": task.problems.first}
        outcome = {**counts, "Shards": shards, **problems}
        self._store.write(places.cut(round).below(f"{name}.json"), json.dumps(outcome).encode())
        return counts
