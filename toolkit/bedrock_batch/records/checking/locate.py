"""Where in a line a value stands."""

import re
from collections.abc import Sequence
from json import JSONDecoder

_decode = JSONDecoder(parse_int=float).raw_decode  # Python refuses an `int` of thousands of digits.
_BLANKS = re.compile(r"[ \t\r\n]*")


def column_of(line: str, path: Sequence[str | int]) -> int:
    """Find a value in a line of JSON.

    Parameters
    ----------
    line : str
        One JSON value, well formed.
    path : sequence of str and int
        The names and positions that lead to the value. Where they end early, the last value on the way counts.

    Returns
    -------
    int
        Its column, in characters from 1.

    Examples
    --------
    >>> column_of('{"a": [1, {"b": 2}]}', ["a", 1, "b"])
    17
    """
    at = _after_blanks(line, 0)
    for step in path:
        found = _member(line, at, step) if isinstance(step, str) else _element(line, at, step)
        if found is None:
            break
        at = found
    return at + 1


def _member(line: str, at: int, name: str) -> int | None:
    found = None
    while line[at] in "{,":
        key_at = _after_blanks(line, at + 1)
        if line[key_at] != '"':
            break
        key, end = _decode(line, key_at)
        value_at = _after_blanks(line, _after_blanks(line, end) + 1)
        found = value_at if key == name else found  # Of members with the same name, the last counts.
        at = _after_blanks(line, _decode(line, value_at)[1])
    return found


def _element(line: str, at: int, position: int) -> int | None:
    for passed in range(position + 1):
        at = _after_blanks(line, at + 1)
        if line[at] == "]":
            return None
        if passed == position:
            return at
        at = _after_blanks(line, _decode(line, at)[1])
    return None


def _after_blanks(line: str, at: int) -> int:
    found = _BLANKS.match(line, at)
    return found.end() if found else at
