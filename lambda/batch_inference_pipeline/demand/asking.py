"""A task asked on demand: each of its records, several at once, and the answers as a job would have written them."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from typing import Any

from batch_inference_pipeline.collecting.answer import read_answer
from batch_inference_pipeline.collecting.counts import Counts
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.demand.answering import Answering
from batch_inference_pipeline.demand.progress import Answered, Progress
from batch_inference_pipeline.errors import RefusedError
from batch_inference_pipeline.places import Place, RunPlaces
from model_invocation_job.clock import Deadline


class Asking:
    """Asks the records of tasks.

    Parameters
    ----------
    objects
        Objects in S3.
    answering
        Asks one record.
    places
        The places of the run.
    at_once
        How many records are asked at once.
    """

    def __init__(self, objects: Objects, answering: Answering, places: RunPlaces, at_once: int) -> None:
        self._objects = objects
        self._answering = answering
        self._places = places
        self._at_once = at_once

    def ask(self, task: Place, deadline: Deadline) -> dict[str, Any]:
        """Ask the records that an earlier call for the task has not had answered, and write all answers.

        Those that may still succeed are counted as left: call again, and only they are asked.

        Parameters
        ----------
        task
            Its records.
        deadline
            When no record is asked any more. One that is being asked then is waited for.

        Returns
        -------
        dict
            The outcome, as it is written. ``Refused`` says why the model cannot be asked at all, if that is so.
        """
        name = task.key.rpartition("/")[2].removesuffix(".jsonl")
        progress = Progress(self._objects, self._places.demand_parts(name))
        refused = {}
        try:
            for answered in self._answers(task, progress.settled(), deadline):
                progress.add(answered)
        except RefusedError as error:
            refused = {"Refused": str(error)}
        finally:
            # What is paid is kept, whatever happened to the others.
            progress.flush()
        outcome = {"Task": name, **self._written(name, progress).as_json(), **refused}
        self._objects.put(self._places.demand_outcomes.below(f"{name}.json"), outcome)
        return outcome

    def _answers(self, task: Place, settled: set[int], deadline: Deadline) -> Iterator[Answered]:
        """Yield answers as they come; raise only when nobody is asked any more."""
        asked: set[Future[Answered]] = set()
        error: BaseException | None = None
        with ThreadPoolExecutor(self._at_once) as pool:
            for number, line in enumerate(self._objects.lines(task)):
                if number in settled:
                    continue
                if len(asked) >= self._at_once:
                    done, asked = wait(asked, return_when=FIRST_COMPLETED)
                    yield from _answered(done)
                    error = error or _error(done)
                if error:
                    break
                asked.add(pool.submit(self._answering.answer, number, line, deadline))
            yield from _answered(asked)
        if error := error or _error(asked):
            raise error

    def _written(self, name: str, progress: Progress) -> Counts:
        counts, tokens = Counts(), Counter[str]()

        def lines() -> Iterator[bytes]:
            for each in progress.all():
                counts.add(read_answer(each.line))
                tokens.update(each.tokens)
                yield each.line

        self._objects.write(self._places.on_demand.below(f"{name}.jsonl.out"), lines())
        counts.tokens = tokens
        return counts


def _answered(asked: set[Future[Answered]]) -> Iterator[Answered]:
    return (each.result() for each in as_completed(asked) if not each.exception())


def _error(asked: set[Future[Answered]]) -> BaseException | None:
    return next((error for each in asked if (error := each.exception())), None)
