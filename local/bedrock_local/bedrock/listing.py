"""Filters, order and pages of ListModelInvocationJobs."""

import base64
from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.errors import ValidationException
from bedrock_local.bedrock.job import Job
from bedrock_local.bedrock.responses import timestamp

# Not in the service model.
_DEFAULT_PAGE = 100


def page(jobs: list[Job], params: Mapping[str, Any]) -> tuple[list[Job], str | None]:
    """Choose the jobs of one page.

    Parameters
    ----------
    jobs
        All jobs of the account in the Region.
    params
        The members of ListModelInvocationJobs, validated.

    Returns
    -------
    tuple[list[Job], str | None]
        The jobs, newest first unless ``sortOrder`` says otherwise, and the token of the next page if there is one.

    Raises
    ------
    ValidationException
        If ``nextToken`` is not one that an earlier page came with.
    """
    newest_first = params.get("sortOrder") != "Ascending"
    found = sorted((job for job in jobs if _matches(job, params)), key=_position, reverse=newest_first)
    if token := params.get("nextToken"):
        last = _decode(token)
        found = [job for job in found if (_position(job) < last if newest_first else _position(job) > last)]
    size = params.get("maxResults", _DEFAULT_PAGE)
    chosen = found[:size]
    return chosen, _encode(_position(chosen[-1])) if len(found) > size else None


def _matches(job: Job, params: Mapping[str, Any]) -> bool:
    return (
        params.get("statusEquals", job.status) == job.status
        and params.get("nameContains", "") in job.name
        and params.get("submitTimeAfter", job.submit_time) <= job.submit_time
        and params.get("submitTimeBefore", job.submit_time) >= job.submit_time
    )


def _position(job: Job) -> str:
    # The id makes the order total, so that a page neither repeats nor skips jobs made in the same millisecond.
    return f"{timestamp(job.submit_time)} {job.job_id}"


def _encode(position: str) -> str:
    return base64.urlsafe_b64encode(position.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise ValidationException("The provided next token is invalid") from None
