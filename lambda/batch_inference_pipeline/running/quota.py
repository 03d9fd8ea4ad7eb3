"""How many jobs of the pipeline may run at once: as many as it was told, or what the account has left.

Sources: "Quotas for Amazon Bedrock" counts batch inference jobs that are in progress or submitted, by base model. It
does not say which states those are; every job that has not ended is counted here, which is rather too many.
"""

import logging
import re
from functools import cached_property
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from batch_inference_pipeline.errors import PipelineError
from model_invocation_job.jobs.jobs import Jobs

logger = logging.getLogger(__name__)

#: What most accounts have, and what is taken where the account's own cannot be told.
_USUAL = 20
_FIRST_VERSION = "v1"
_BEGINNING = "Sum of in-progress and submitted batch inference jobs using a base model"


class Quota(Protocol):
    """How many jobs may run at once."""

    @property
    def limit(self) -> int:
        """How many may at most, whatever others do: asked when a run begins, for it takes many calls to find out."""
        ...

    def places(self, limit: int) -> int:
        """Return how many may at this moment, those of this pipeline included, where so many may at most."""
        ...


class Fixed:
    """A number that the pipeline was told.

    Parameters
    ----------
    limit
        The number.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def places(self, limit: int) -> int:
        """See `Quota.places`."""
        return limit


class OfAccount:
    """The account's own quota, less the jobs that others have running.

    Parameters
    ----------
    quotas, bedrock
        boto3 clients of the services ``service-quotas`` and ``bedrock``.
    jobs
        Bedrock's jobs.
    model
        The id of the base model; what a quota counts by.
    prefix
        How the names of this pipeline's jobs begin.
    """

    def __init__(self, quotas: Any, bedrock: Any, jobs: Jobs, model: str, prefix: str) -> None:  # noqa: ANN401 (boto3 makes its clients at run time)
        self._quotas = quotas
        self._bedrock = bedrock
        self._jobs = jobs
        self._model = model
        self._prefix = prefix

    @cached_property
    def limit(self) -> int:
        """See `Quota.limit`."""
        try:
            name = str(self._bedrock.get_foundation_model(modelIdentifier=self._model)["modelDetails"]["modelName"])
            pages = self._quotas.get_paginator("list_service_quotas").paginate(ServiceCode="bedrock")
            found = [quota for page in pages for quota in page["Quotas"] if _is_of(quota["QuotaName"], name)]
        except (BotoCoreError, ClientError) as error:
            logger.warning("the account's quota cannot be read, so %d jobs at once are taken for it: %s", _USUAL, error)
            return _USUAL
        if not found:
            logger.warning("no quota named '%s for %s': %d jobs at once are taken for it", _BEGINNING, name, _USUAL)
        told = min(found, key=lambda quota: float(quota["Value"]), default={"Value": _USUAL})
        limit = int(told["Value"])
        if limit < 1:
            # And to a Map no number at all means as many as there are.
            raise PipelineError(
                f"the account may have {limit} jobs of {self._model} at once: ask Service Quotas for more of "
                f"'{told['QuotaName']}'"
            )
        return limit

    def places(self, limit: int) -> int:
        """See `Quota.places`."""
        others = [job for job in self._jobs.live() if not job.name.startswith(self._prefix)]
        return limit - sum(self._is_of_model(job.model_id) for job in others)

    def _is_of_model(self, model_id: str) -> bool:
        # A profile tells no base model; its id ends with that of the model as a rule.
        return model_id.endswith(self._model)


def _is_of(quota: str, model: str) -> bool:
    """Whether a quota is a model's: that of "Nova Lite" ends in "Nova Lite V1", of "gpt-oss-20b" in "GPT OSS 20b"."""
    words = _words(model)
    return quota.startswith(_BEGINNING) and bool(words) and _words(quota)[-len(words) :] == words


def _words(name: str) -> list[str]:
    words = re.findall(r"[a-z0-9.]+", name.lower())
    return words[:-1] if words[-1:] == [_FIRST_VERSION] else words
