"""What came of a job is read from what it wrote, and put where the next round, and the summary, find it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from batch_inference_pipeline.collecting.counts import Counts
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.collecting.sorting import Sorting
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.places import Place, RunPlaces
from model_invocation_job.arn import id_of
from model_invocation_job.results.manifest import Manifests

#: How the service's manifest ends the names of numbers of tokens.
_TOKENS = "TokenCount"


@dataclass(frozen=True)
class EndedJob:
    """A job that has ended, whatever its end was.

    Parameters
    ----------
    arn, status, message
        As GetModelInvocationJob tells them.
    """

    arn: str
    status: str
    message: str = ""

    @property
    def id(self) -> str:
        """The last part of its ARN."""
        return id_of(self.arn)


class Collecting:
    """Collects what jobs of a run came to.

    Parameters
    ----------
    objects
        Objects in S3.
    manifests
        The manifests of jobs.
    places
        The places of the run.
    """

    def __init__(self, objects: Objects, manifests: Manifests, places: RunPlaces) -> None:
        self._objects = objects
        self._manifests = manifests
        self._places = places

    def collect(self, shard: Mapping[str, Any], job: EndedJob, attempt: int) -> dict[str, Any]:
        """Sort the records of a shard by what became of them, and write what is left and what failed for good.

        A second time writes the same. Of a job that wrote nothing, all records are left.

        Parameters
        ----------
        shard
            As it stands in the manifest of its round.
        job
            The job that had it.
        attempt
            The number of the job among those that had it, from 1.

        Returns
        -------
        dict
            The outcome, as it is written.

        Raises
        ------
        BadInputError
            The shard has changed since it was cut.
        """
        results = self._places.results.below(f"{job.id}/")
        counts, told = self._sorted(shard, _output(shard, results), attempt)
        manifest = self._manifests.read(results.uri)
        counts.tokens = Counter({name: n for name, n in manifest.items() if name.endswith(_TOKENS) and type(n) is int})
        outcome = {
            "Shard": shard["Shard"],
            "Round": shard["Round"],
            "Attempt": attempt,
            "JobArn": job.arn,
            "Status": job.status,
            "Message": job.message,
            "Results": results.uri,
            **told,
            **counts.as_json(),
        }
        self._objects.put(self._places.outcomes(shard["Round"]).below(f"{shard['Shard']}-{attempt}.json"), outcome)
        return outcome

    def _sorted(self, shard: Mapping[str, Any], output: Place, attempt: int) -> tuple[Counts, dict[str, object]]:
        source, objects = Place(shard["Bucket"], shard["Key"]), self._objects
        left, failed = self._places.left(shard["Round"]), self._places.failed(shard["Round"])
        sorting = Sorting(partial(self._lines, source, shard.get("Digest")), objects.lines_if_there(output))
        counts, name = sorting.counts, f"{shard['Shard']}-{attempt}.jsonl"
        if sorting.failed:
            objects.write(failed.below(name), sorting.failed_lines(objects.lines(output), counts))
        if counts.left:
            objects.write(left.below(name), sorting.left_lines(objects.lines(source)))
        for earlier in range(1, attempt):
            # The next round takes all that stands there.
            objects.remove(left.below(f"{shard['Shard']}-{earlier}.jsonl"))
        return counts, {"Odd": sorting.odd, "OddLine": sorting.odd_line}

    def _lines(self, source: Place, digest: str | None) -> Iterator[bytes]:
        found = sha256()
        for line in self._objects.lines(source):
            found.update(line)
            yield line
        if digest not in (None, found.hexdigest()):
            raise BadInputError(
                f"{source.uri} has changed since it was cut, so that nobody knows which records its job read; put back "
                "what was there, and do not change objects while a run reads them"
            )


def _output(shard: Mapping[str, Any], results: Place) -> Place:
    return results.below(f"{shard['Key'].rpartition('/')[2]}.out")
