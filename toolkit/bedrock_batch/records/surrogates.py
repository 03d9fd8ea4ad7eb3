"""Halves of surrogate pairs: JSON can escape them, but no text in UTF-8 can hold them."""

import json
from typing import TypeVar

Value = TypeVar("Value")


def without_surrogates(value: Value) -> Value:
    r"""Put U+FFFD, the replacement character, in the place of each half of a surrogate pair.

    Parameters
    ----------
    value
        What JSON can hold.

    Examples
    --------
    >>> without_surrogates(["a\ud800"])
    ['a�']
    """
    text = json.dumps(value, ensure_ascii=False)
    whole: Value = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return whole
