"""Filters, order and pages of ListModelInvocationJobs."""

import base64
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.store import position
from bedrock_local.bedrock.service_model.errors import ValidationException
from bedrock_local.names.job_arn import JOB_ID

# Not in the service model.
_DEFAULT_PAGE = 100
_POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z " + JOB_ID)


def page(jobs: Sequence[Job], params: Mapping[str, Any]) -> tuple[list[Job], str | None]:
    """Choose the jobs of one page.

    Parameters
    ----------
    jobs
        All jobs of the account in the Region, in the order of `position`. Only those of the page are looked at, and
        those before it that a filter leaves out.
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
    size = params.get("maxResults", _DEFAULT_PAGE)
    # One more than the page holds says whether there is another.
    found = list(islice((job for job in _rest(jobs, params) if _matches(job, params)), size + 1))
    chosen = found[:size]
    return chosen, _encode(position(chosen[-1])) if len(found) > size else None


def _rest(jobs: Sequence[Job], params: Mapping[str, Any]) -> Iterator[Job]:
    """Go through the jobs from where the last page ended."""
    token = params.get("nextToken")
    last = _decode(token) if token else ""
    if params.get("sortOrder") == "Ascending":
        indexes = range(bisect_right(jobs, last, key=position), len(jobs))
    else:
        end = bisect_left(jobs, last, key=position) if last else len(jobs)
        indexes = range(end - 1, -1, -1)
    return (jobs[index] for index in indexes)


def _matches(job: Job, params: Mapping[str, Any]) -> bool:
    return (
        params.get("statusEquals", job.status) == job.status
        and params.get("nameContains", "") in job.name
        and params.get("submitTimeAfter", job.submit_time) <= job.submit_time
        and params.get("submitTimeBefore", job.submit_time) >= job.submit_time
    )


def _encode(last: str) -> str:
    return base64.urlsafe_b64encode(last.encode()).decode()


def _decode(token: str) -> str:
    try:
        last = base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError:
        last = ""
    if not _POSITION.fullmatch(last):
        raise ValidationException("The provided next token is invalid")
    return last
