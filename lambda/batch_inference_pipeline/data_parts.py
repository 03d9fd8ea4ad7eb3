"""How the parts of the functions for data are put together."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from batch_inference_pipeline.collecting.collecting import Collecting, EndedJob
from batch_inference_pipeline.collecting.completeness import require_all
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.cutting.cut import Cut
from batch_inference_pipeline.cutting.ids.repeats import Repeats
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.listing.seen import Seen
from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.cutting.manifest import Manifest
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.demand.answering import Answering
from batch_inference_pipeline.demand.asking import Asking
from batch_inference_pipeline.demand.leftovers import CUT, DONE, Leftovers
from batch_inference_pipeline.demand.model import ConversedModel, InvokedModel
from batch_inference_pipeline.places import Place, RunPlaces
from batch_inference_pipeline.running.specification import Specification
from batch_inference_pipeline.summary.event import EventBridge
from batch_inference_pipeline.summary.summarizing import Summarizing
from model_invocation_job import status
from model_invocation_job.clock import Clock, Deadline
from model_invocation_job.results.manifest import S3Manifests

#: How many jobs a shard has at most, one after the other, where somebody stops them.
_MOST_ATTEMPTS = 10
#: How often one invocation after the other asks what is still unanswered.
_MOST_TURNS = 3
#: Records that an invocation asks at once: botocore keeps ten connections.
_AT_ONCE = 10
#: Seconds that are left of an invocation when it asks no further record: an answer may take its time.
_LAST_QUESTION = 120
_CONVERSE = "Converse"
#: What is next of a round that has been cut: its jobs.
_RUN = "run"

Event = Mapping[str, Any]


class DataParts:
    """What the functions for data are made of.

    Parameters
    ----------
    client
        Makes a boto3 client by the name of a service.
    clock
        The machine's.
    environment
        The function's variables.
    """

    def __init__(self, client: Callable[[str], Any], clock: Clock, environment: Mapping[str, str]) -> None:
        self._client = client
        self._clock = clock
        self._environment = environment

    def survey(self, event: Event) -> dict[str, Any]:
        """List what a round cuts, and say what is next: it may have been cut, in a run that is taken up again."""
        places, round_ = self._places(event), event["Round"]
        manifest = next(self._store.below(places.manifest(round_)), None)
        if manifest:
            return {"Next": _RUN if manifest["Size"] else DONE, "Prefix": ""}
        seen = Seen(self._store, self._objects, places) if self._only_new and round_ == 1 else None
        source = self.specification.input if round_ == 1 else places.left(round_ - 1)
        found = Survey(self._store, self._limits, seen).run(source, places.tasks(round_))
        if not found["Tasks"]:
            self._store.write(places.manifest(round_), b"")
        return {**found, "Next": CUT if found["Tasks"] else DONE, "Prefix": places.tasks(round_).key}

    def cut(self, event: Event) -> dict[str, int]:
        """Cut a task."""
        name = event["Task"].rpartition("/")[2].removesuffix(".jsonl")
        return Cut(self._store, self._limits).run(self._places(event), event["Round"], name)

    def shards(self, event: Event) -> dict[str, int]:
        """List the shards of a round, if a run may have so many records."""
        places, round_ = self._places(event), event["Round"]
        repeats = self._repeats(places) if round_ == 1 else None
        most = int(self._environment["MAX_RECORDS"])
        return Manifest(self._store, self._limits, most, repeats).write(places, round_)

    def collect(self, event: Event) -> dict[str, Any]:
        """Read what a job came to, and say whether another one goes on with its shard."""
        told, shard, attempt = event["Job"], event["Shard"], event["Job"]["Attempt"]
        places = self._places(event)
        collecting = Collecting(self._objects, S3Manifests(self._client("s3")), places)
        outcome = collecting.collect(shard, EndedJob(told["Arn"], told["Status"], told["Message"]), attempt)
        left, fewest = outcome["Left"], self._limits.min_records_per_job
        goes_on = attempt < _MOST_ATTEMPTS and not self._is_past_deadline(event)
        # Ended by somebody: what it did not come to is given to another job at once.
        again = told["Status"] == status.STOPPED and left >= fewest and goes_on
        if again and left < shard["Records"]:
            shard = self._rest_of(shard, places, attempt, left)
        of_the_run = {name: event[name] for name in ("Run", "Round", "Until")}
        return {**of_the_run, "Shard": shard, "Attempt": attempt + 1, "Again": again}

    def leftovers(self, event: Event) -> dict[str, Any]:
        """Say what comes after a round."""
        places, round_ = self._places(event), event["Round"]
        require_all(self._objects, places, round_)
        following = Leftovers(self._objects, places).next(
            round_,
            rounds=int(self._environment["ROUNDS"]),
            min_records=self._limits.min_records_per_job,
            past_deadline=self._is_past_deadline(event),
            on_demand=self._environment["ON_DEMAND"] == "true",
        )
        return {**following, "Prefix": places.demand_tasks.key}

    def ask(self, event: Event, seconds: float) -> dict[str, Any]:
        """Ask the records of a task on demand, in an invocation that has so many seconds left."""
        job = self.specification.job
        kind = ConversedModel if job.get("modelInvocationType") == _CONVERSE else InvokedModel
        model = kind(self._client("bedrock-runtime"), job["modelId"])
        asking = Asking(self._objects, Answering(model), self._places(event), _AT_ONCE)
        task = Place(self.specification.output.bucket, event["Task"])
        outcome = asking.ask(task, Deadline.after(self._clock, seconds - _LAST_QUESTION))
        again = outcome["Left"] > 0 and "Refused" not in outcome and event["Turn"] < _MOST_TURNS
        return {**event, "Turn": event["Turn"] + 1, "Again": again}

    def summarize(self, event: Event) -> dict[str, Any]:
        """Sum up a run."""
        places = self._places(event)
        summary = Summarizing(self._objects, EventBridge(self._client("events")), places, self._clock).summarize(
            self.specification.prefix,
            started=event["Execution"]["StartTime"],
            rounds=event["Round"],
            tolerated_failures=float(self._environment["TOLERATED_FAILURES"]),
        )
        if self._only_new:
            Seen(self._store, self._objects, places).keep()
        return {"Summary": summary}

    @cached_property
    def specification(self) -> Specification:
        """What all jobs of the pipeline have in common."""
        return Specification.of(self._environment["SPECIFICATION"])

    def _is_past_deadline(self, event: Event) -> bool:
        return 0 < int(event["Until"]) <= self._clock.epoch()

    @property
    def _only_new(self) -> bool:
        return self._environment["ONLY_NEW"] == "true"

    def _places(self, event: Event) -> RunPlaces:
        return RunPlaces(self.specification.output, event["Run"])

    def _repeats(self, places: RunPlaces) -> Repeats:
        allowed = self._environment["UNIQUE_IDS"] != "true"
        return Repeats(self._store, self._objects, self._limits, places, allowed=allowed)

    def _rest_of(self, shard: Mapping[str, Any], places: RunPlaces, attempt: int, left: int) -> dict[str, Any]:
        """Make a shard of what a job has left, out of the way of the next round."""
        name = f"{shard['Shard']}-{attempt}.jsonl"
        target = places.shards(shard["Round"]).below(name)
        self._objects.move(places.left(shard["Round"]).below(name), target)
        of_the_rest = {"Bucket": target.bucket, "Key": target.key, "Records": left}
        return {"Shard": shard["Shard"], "Round": shard["Round"], **of_the_rest}

    @cached_property
    def _limits(self) -> Limits:
        return Limits.parse(self._environment["LIMITS"])

    @cached_property
    def _store(self) -> Store:
        return Store(self._client("s3"), self.specification.key_id)

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self._client("s3"), self.specification.key_id)
