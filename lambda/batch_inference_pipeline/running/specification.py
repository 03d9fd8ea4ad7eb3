"""What all jobs of a pipeline have in common, and what makes each another one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from batch_inference_pipeline.places import Place, RunPlaces
from batch_inference_pipeline.running.order import Order


@dataclass(frozen=True)
class Specification:
    """A call of CreateModelInvocationJob, as far as it is the same for all jobs.

    Attributes
    ----------
    prefix
        How the names of the jobs begin.
    job
        The call's fields, by their names in the API; the output's URI is the pipeline's.
    tags
        Of every job, each with a ``key`` and a ``value``.
    """

    prefix: str
    job: Mapping[str, Any]
    tags: Sequence[Mapping[str, str]] = ()

    @classmethod
    def of(cls, text: str) -> "Specification":
        """Read it as the construct renders it."""
        told = json.loads(text)
        return cls(told["JobNamePrefix"], told["Job"], told.get("Tags", ()))

    @property
    def input(self) -> Place:
        """The pipeline's input: a prefix, or one object."""
        return Place.of(self.job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"])

    @property
    def output(self) -> Place:
        """The pipeline's output."""
        return Place.of(self.job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"])

    @property
    def key_id(self) -> str | None:
        """The KMS key of what is written; None where the bucket's own way counts."""
        told: str | None = self.job["outputDataConfig"]["s3OutputDataConfig"].get("s3EncryptionKeyId")
        return told

    def results_of(self, run: str) -> Place:
        """Return where the jobs of a run write."""
        return RunPlaces(self.output, run).results

    def name_of(self, order: Order) -> str:
        """Return the name of a job."""
        return f"{self.prefix}{order.id.rest}"

    def parameters(self, order: Order) -> dict[str, Any]:
        """Return the call's fields for a job, without its name and its client request token."""
        source = dict(self.job["inputDataConfig"]["s3InputDataConfig"]) | {"s3Uri": order.records.uri}
        if order.records.bucket == self.output.bucket:
            # What was cut stands in the pipeline's output.
            source.pop("s3BucketOwner", None)
            if owner := self.job["outputDataConfig"]["s3OutputDataConfig"].get("s3BucketOwner"):
                source["s3BucketOwner"] = owner
        target = dict(self.job["outputDataConfig"]["s3OutputDataConfig"])
        target["s3Uri"] = self.results_of(order.run).uri
        return {
            **self.job,
            "inputDataConfig": {"s3InputDataConfig": source},
            "outputDataConfig": {"s3OutputDataConfig": target},
            **({"tags": list(self.tags)} if self.tags else {}),
        }
