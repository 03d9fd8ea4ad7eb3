"""Names of jobs, as the API's `ModelInvocationJobName` has them."""

from __future__ import annotations

import re

#: Characters of the longest.
LONGEST = 63
# Python's matcher needs exponential time for the API's own spelling ("a", many hyphens, "_"). With the length limit
# beside it, this one takes the same texts.
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9+.-]*")


def can_be_a_name(text: str) -> bool:
    """Say whether a job may have a name, or a part of one in `nameContains`: the API refuses to look for others."""
    return len(text) <= LONGEST and _NAME.fullmatch(text) is not None
