"""ARNs and ids of jobs, as the API's `ModelInvocationJobIdentifier` has them."""

from __future__ import annotations

import re

_ID = re.compile(r"[a-z0-9]{12}")
_ARN = re.compile(
    rf"arn:aws(?:-[^:]+)?:bedrock:(?P<region>[a-z0-9-]{{1,20}}):[0-9]{{12}}:model-invocation-job/{_ID.pattern}"
)


def is_job_arn(text: str) -> bool:
    """Say whether a text is the ARN of a job."""
    return _ARN.fullmatch(text) is not None


def is_job_identifier(text: str) -> bool:
    """Say whether a text is the ARN or the id of a job; a name may look like an id."""
    return is_job_arn(text) or _ID.fullmatch(text) is not None


def region_of(text: str | None) -> str | None:
    """Tell the Region in a job's ARN; None for any other text."""
    arn = _ARN.fullmatch(text or "")
    return arn["region"] if arn else None


def id_of(id_or_arn: str) -> str:
    """Return the last part of an ARN; an id stays as it is."""
    return id_or_arn.rpartition("/")[2]
