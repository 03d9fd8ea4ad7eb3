"""Where a pipeline writes, below its output: what belongs to runs, and what the jobs wrote.

The functions know the same folders: ``batch_inference_pipeline/places.py``.
"""

from dataclasses import dataclass

from cdk_bedrock_batch._access.statements import Statement, allow, owned_by
from cdk_bedrock_batch._data.location import Location


@dataclass(frozen=True)
class PipelinePlaces:
    """The folders of a pipeline.

    Attributes
    ----------
    output
        The pipeline's output: a prefix.
    """

    output: Location

    @property
    def runs(self) -> Location:
        """Each run's own folder is below it."""
        return self.output.below("runs/")

    @property
    def results(self) -> Location:
        """The jobs write below it."""
        return self.output.below("results/")

    @property
    def runs_key(self) -> str:
        """The prefix of `runs` in its bucket."""
        return self.runs.path

    def tidying(self) -> Statement:
        """Return what it takes to take away what has served."""
        return allow("s3:DeleteObject", self.runs.objects_arn, owned_by(self.output.owner))


def giving_up(*places: Location) -> list[Statement]:
    """Return what it takes to give up what was written in parts: S3 keeps them, and has them paid."""
    return [allow("s3:AbortMultipartUpload", place.objects_arn, owned_by(place.owner)) for place in places]
