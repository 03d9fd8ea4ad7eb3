"""Texts of policies that stand for several: wildcards and policy variables.

Source: "Resource", "Action" and "Variables and tags" among the "IAM JSON policy elements" of the IAM user guide.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import arn_parts

if TYPE_CHECKING:
    from bedrock_batch.diagnosis.policies.truth import Truth

_VARIABLE = re.compile(r"\$\{[^}]*\}")
#: One that a condition key stands in; what a template leaves open has no such name.
_KEY = re.compile(r"\$\{\s*([A-Za-z0-9-]+:[^:,}\s][^,}\s]*)[^}]*\}")


def is_like(pattern: str, text: str, *, fold: bool = False) -> Truth:
    """Say whether a text is like a pattern, in which ``*`` is any text and ``?`` any character.

    What a variable such as ``${aws:username}`` stands for is not known here: where it matters, nothing can be told.

    Parameters
    ----------
    pattern, text : str
        Of the policy, and of the request.
    fold : bool
        Whether letters are the same in lower and upper case, as in the names of actions. Default: they are not.
    """
    open_pattern = _VARIABLE.sub("*", pattern)
    alike = bool(_compiled(open_pattern, fold).fullmatch(text))
    return None if alike and open_pattern != pattern else alike


def is_same(expected: str, text: str) -> Truth:
    """Say whether a text is the expected one, in which only a variable stands for something else."""
    if _VARIABLE.search(expected):
        return is_like(expected, text)
    return expected == text


def is_like_arn(pattern: str, arn: str) -> Truth:
    """Say whether an ARN is like a pattern.

    A wildcard stands for a part of one of the six parts between colons. Where it would have to span several, as in
    ``arn:aws:s3*``, the guide does not say what counts, and nothing can be told.
    """
    if pattern == "*":
        return True
    whole = is_like(pattern, arn)
    expected, given = arn_parts(pattern), arn_parts(arn)
    by_parts = len(expected) == len(given) and all(
        is_like(one, other) is not False for one, other in zip(expected, given, strict=True)
    )
    return whole if by_parts or whole is False else None


def keys_in(text: str) -> list[str]:
    """List the condition keys whose values a text has as policy variables."""
    return _KEY.findall(text)


@lru_cache(maxsize=4096)
def _compiled(pattern: str, fold: bool) -> re.Pattern[str]:  # noqa: FBT001 - a key of the cache
    escaped = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.compile(escaped, re.DOTALL | (re.IGNORECASE if fold else 0))
