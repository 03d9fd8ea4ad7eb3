"""Whether every shard of a round has come to something."""

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.collecting.records import read_object
from batch_inference_pipeline.errors import IncompleteError
from batch_inference_pipeline.places import RunPlaces


def require_all(objects: Objects, places: RunPlaces, round: int) -> None:
    """Refuse to go on where a child of the Map has failed, so that nothing is known of its shard.

    Its job may have been paid, and may still run: asked anew its records could be paid twice.

    Raises
    ------
    IncompleteError
        Shards have no outcome.
    """
    outcomes = places.outcomes(round)
    # Named by the shard and the attempt.
    known = {place.key.removeprefix(outcomes.key).rpartition("-")[0] for place in objects.below(outcomes)}
    shards = [str(read_object(line)["Shard"]) for line in objects.lines(places.manifest(round))]
    missing = [shard for shard in shards if shard not in known]
    if missing:
        raise IncompleteError(
            f"{len(missing):,} of {len(shards):,} shards of round {round} have no result, {missing[0]} among them: the "
            "failed children of this execution's Map Run say why. When that is cured, start an execution with the "
            f'input {{"Run": "{places.run}"}}, which goes on with what is missing'
        )
