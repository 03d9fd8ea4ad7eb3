"""The quotas of batch inference as Service Quotas names them: a text for each kind and model, and no id."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.records.limits import GIGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMES = Path(__file__).with_name("quota_names.toml")
#: What each limits, as `RecordLimits` calls it, in bytes where that counts bytes; and jobs side by side. The kinds are
#: those of https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html.
_KINDS = {
    "min_records_per_job": r"Minimum number of records per batch inference job for (?P<model>.+)",
    "records_per_file": r"Records per input file per batch inference job for (?P<model>.+)",
    "records_per_job": r"Records per batch inference job for (?P<model>.+)",
    "bytes_per_file": r"Batch inference input file size(?: \(in GB\))? for (?P<model>.+?)(?: \(in GB\))?",
    "bytes_per_job": r"Batch inference job size(?: \(in GB\))? for (?P<model>.+?)(?: \(in GB\))?",
    "jobs_per_model": (r"Sum of in-progress and submitted batch inference jobs using a base model for (?P<model>.+)"),
}
#: The limits of a model, in the order in which they are shown.
LIMITS = tuple(_KINDS)

Limits = dict[str, int]


@cache
def quota_names() -> Mapping[str, str]:
    """Return what the quotas call each model whose name there was seen, by the models' ids."""
    with _NAMES.open("rb") as file:
        names: Mapping[str, str] = tomllib.load(file)["models"]
    return names


def limits_by_name(quotas: Iterable[Mapping[str, object]]) -> dict[str, Limits]:
    """Sort an account's quotas by the names of models in them.

    Parameters
    ----------
    quotas
        As ListServiceQuotas has them: `QuotaName` and `Value`. Of two with the same name the later counts; those that
        are not about batch inference are left out.
    """
    found: dict[str, Limits] = {}
    for quota in quotas:
        for limit, words in _KINDS.items():
            if match := re.fullmatch(words, str(quota["QuotaName"])):
                value = float(str(quota["Value"])) * (GIGABYTE if limit.startswith("bytes") else 1)
                found.setdefault(match["model"], {})[limit] = round(value)
    return found


def are_complete(quotas: Iterable[Mapping[str, object]]) -> bool:
    """Say whether there is a quota of each kind for all models whose names are known."""
    found = limits_by_name(quotas)
    return all(len(found.get(name, ())) == len(LIMITS) for name in quota_names().values())
