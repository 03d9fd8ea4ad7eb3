"""The limits of jobs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

#: As the quotas count it, in bytes: the larger reading.
GIGABYTE = 1024**3
_BY_MODEL = "by_model"
# "Minimum number of records per batch inference job for Llama 4 Scout": the only model below 100.
_EXCEPTIONS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {"meta.llama4-scout-17b-instruct-v1:0": MappingProxyType({"min_records_per_job": 50})}
)
_SETTING = re.compile(r"(?:(?P<model>[^/=]+)/)?(?P<name>\w+)=(?P<value>\d+)")


@dataclass(frozen=True)
class Quotas:
    """Limits per model and Region, as Service Quotas lists them for ``bedrock``.

    https://docs.aws.amazon.com/general/latest/gr/bedrock.html

    Parameters
    ----------
    min_records_per_job
        Records that a job needs at least. Default: 100.
    records_per_file, records_per_job
        Records that it may have at most. Default: 50,000 each.
    bytes_per_file, bytes_per_job
        Size of one input file and of all together. Default: 1 GiB and 5 GiB.
    jobs_per_model
        Jobs of one model that have not ended. Default: 20.
    kept_jobs
        Jobs that are known, per account and Region, before the oldest that are over are forgotten, with their names and
        tokens; a bound on memory, of which the service says nothing. Default: 5,000, at about 15 kB each.
    by_model
        Models that differ: by the foundation model's id, the limits that do. Default: 50 records at least for Llama 4
        Scout.
    """

    min_records_per_job: int = 100
    records_per_file: int = 50_000
    records_per_job: int = 50_000
    bytes_per_file: int = GIGABYTE
    bytes_per_job: int = 5 * GIGABYTE
    jobs_per_model: int = 20
    kept_jobs: int = 5_000
    by_model: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: _EXCEPTIONS)

    @classmethod
    def parse(cls, settings: Iterable[str]) -> "Quotas":
        """Read limits that differ from the service's.

        Parameters
        ----------
        settings
            ``NAME=NUMBER`` for all models, ``MODEL/NAME=NUMBER`` for one: ``records_per_job=100000``.

        Returns
        -------
        Quotas
            The limits; for what is not set, the service's.

        Raises
        ------
        ValueError
            If a setting is not one. The message says which there are.
        """
        of_all: dict[str, Any] = {}
        of_models = {model: dict(limits) for model, limits in _EXCEPTIONS.items()}
        for setting in settings:
            match = _SETTING.fullmatch(setting)
            if not match or match["name"] not in NAMES:
                raise ValueError(
                    f"a quota must be NAME=NUMBER or MODEL/NAME=NUMBER with a NAME out of {', '.join(NAMES)}; "
                    f"got {setting!r}"
                )
            limits = of_models.setdefault(match["model"], {}) if match["model"] else of_all
            limits[match["name"]] = int(match["value"])
        return replace(cls(by_model=of_models), **of_all)

    def of(self, model_id: str) -> "Quotas":
        """Return the limits of a model.

        Parameters
        ----------
        model_id
            The foundation model's id.

        Returns
        -------
        Quotas
            With its own in place of the common ones.
        """
        own: dict[str, Any] = dict(self.by_model.get(model_id, {}))
        return replace(self, **own)


NAMES = tuple(each.name for each in fields(Quotas) if each.name != _BY_MODEL)
