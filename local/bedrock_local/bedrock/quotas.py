"""The limits of a job."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_GIGABYTE = 1024**3
# "Minimum number of records per batch inference job for Llama 4 Scout": the only model below 100.
_MINIMUM_BY_MODEL = MappingProxyType({"meta.llama4-scout-17b-instruct-v1:0": 50})


@dataclass(frozen=True)
class Quotas:
    """Limits per model and Region, as Service Quotas lists them for ``bedrock``.

    Parameters
    ----------
    minimum_records
        Records that a job needs at least. Default: 100.
    records_per_file, records_per_job
        Records that it may have at most. Default: 50,000 each.
    bytes_per_file, bytes_per_job
        Size of one input file and of all together. Default: 1 GiB and 5 GiB.
    jobs_per_model
        Jobs of one model that have not ended. Default: 20.
    minimum_by_model
        Models with another minimum. Default: 50 for Llama 4 Scout.
    """

    minimum_records: int = 100
    records_per_file: int = 50_000
    records_per_job: int = 50_000
    bytes_per_file: int = _GIGABYTE
    bytes_per_job: int = 5 * _GIGABYTE
    jobs_per_model: int = 20
    minimum_by_model: Mapping[str, int] = field(default_factory=lambda: _MINIMUM_BY_MODEL)

    def minimum(self, model_id: str) -> int:
        """Return the records that a job of a model needs at least.

        Parameters
        ----------
        model_id
            The foundation model's id.

        Returns
        -------
        int
            `minimum_records`, unless the model has its own.
        """
        return self.minimum_by_model.get(model_id, self.minimum_records)
