"""Names of jobs, as the API's `ModelInvocationJobName` has them."""

from __future__ import annotations

import re

#: Characters of the longest.
LONGEST = 63
# Python's matcher needs exponential time for the API's own spelling ("a", many hyphens, "_"). With the length limit
# beside it, this one takes the same texts.
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9+.-]*")

# Characters of a digest that tell retries of one job apart.
_DIGITS = 12


def retry_name(name: str, job_id: str, digest: str) -> str:
    """Name the job that tries records of another again: words of its name, and the id by which it is found.

    Parameters
    ----------
    name, job_id : str
        Of the job whose records these are.
    digest : str
        Of the records.

    Examples
    --------
    >>> retry_name("summaries", "abcdefghwxyz", "0123456789abcdef")
    'summaries-retry-abcdefghwxyz-0123456789ab'
    """
    rest = f"{retry_mark(job_id)}{digest[:_DIGITS]}"
    return f"{name[: LONGEST - len(rest) - 1].rstrip('-')}-{rest}"


def retry_mark(job_id: str) -> str:
    """Return what the names of a job's retries have in common; `nameContains` takes it."""
    return f"retry-{job_id}-"


def can_be_a_name(text: str) -> bool:
    """Say whether a job may have a name, or a part of one in `nameContains`: the API refuses to look for others."""
    return len(text) <= LONGEST and _NAME.fullmatch(text) is not None
