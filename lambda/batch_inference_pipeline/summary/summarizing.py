"""The end of a run: what it came to is written, told, and judged."""

from datetime import UTC, datetime
from typing import Any

from batch_inference_pipeline.collecting.counts import Counts
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.cutting.ids.repeats import repeated_ids
from batch_inference_pipeline.errors import RefusedError, TooManyFailuresError
from batch_inference_pipeline.places import RunPlaces
from batch_inference_pipeline.summary.event import Events
from batch_inference_pipeline.summary.totals import Totals
from model_invocation_job.clock import Clock
from model_invocation_job.results.manifest import NAME

#: The states of an execution, as Step Functions names them.
SUCCEEDED, FAILED = "SUCCEEDED", "FAILED"


class Summarizing:
    """Summarizes a run.

    Parameters
    ----------
    objects
        Objects in S3.
    events
        Where its end is told.
    places
        The places of the run.
    clock
        The machine's.
    """

    def __init__(self, objects: Objects, events: Events, places: RunPlaces, clock: Clock) -> None:
        self._objects = objects
        self._events = events
        self._places = places
        self._clock = clock

    def summarize(self, pipeline: str, *, started: str, rounds: int, tolerated_failures: float) -> dict[str, Any]:
        """Write the summary of a run, tell of its end, and return the summary: a few kilobytes, however large the run.

        Parameters
        ----------
        pipeline
            The name of the pipeline.
        started
            When the run began, in ISO 8601.
        rounds
            How many rounds it had.
        tolerated_failures
            The share of the records, from 0 to 1, that may stay without an answer.

        Raises
        ------
        TooManyFailuresError
            More have none; the summary is written, and the event put.
        RefusedError
            The model cannot be asked on demand; likewise.
        """
        totals = Totals.of(self._objects, self._places, rounds)
        self._complete_results(totals.demand.counts)
        told = totals.as_json()
        unsuccessful = told["Records"] - told["Succeeded"]
        refusal = totals.demand.refusal
        too_many = unsuccessful > tolerated_failures * told["Records"]
        summary = {
            "Run": self._places.run,
            "Pipeline": pipeline,
            "Status": FAILED if too_many or refusal else SUCCEEDED,
            "Started": started,
            "Ended": datetime.fromtimestamp(self._clock.epoch(), UTC).isoformat(timespec="seconds"),
            "Results": self._places.results.uri,
            **told,
            "RepeatedIds": repeated_ids(self._objects, self._places),
        }
        self._objects.put(self._places.summary, summary)
        self._events.put(summary)
        if refusal:
            raise RefusedError(f"{refusal}; what the jobs came to stands in {self._places.summary.uri}")
        if too_many:
            raise TooManyFailuresError(
                f"{unsuccessful:,} of {told['Records']:,} records failed or stayed unanswered, more than the share of "
                f"{tolerated_failures} that 'tolerated_failures' allows; see {self._places.summary.uri}"
            )
        return summary

    def _complete_results(self, asked: Counts) -> None:
        """Write the manifest beside what was asked on demand, as a job writes it last."""
        if not asked.records:
            return
        manifest = {
            "totalRecordCount": asked.records,
            "processedRecordCount": asked.records,
            "successRecordCount": asked.succeeded,
            "errorRecordCount": asked.records - asked.succeeded,
            **asked.tokens,
        }
        self._objects.put(self._places.on_demand.below(NAME), manifest)
