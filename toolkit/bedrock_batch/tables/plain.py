"""Rows of texts, and of values of Python."""

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.json import Encoder

# Whatever has no form in JSON is written as Python shows it.
_ENCODER = Encoder(enc_hook=str)
# Of pandas, which has three ways to say that there is nothing.
_MISSING = frozenset({"NAType", "NaTType"})


class TextBlock:
    """Rows whose cells are texts, as of CSV.

    Parameters
    ----------
    first : int
        The number of the first row.
    texts : mapping of str to sequence of str
        The cells of each column.
    """

    def __init__(self, first: int, texts: Mapping[str, Sequence[str]]) -> None:
        self.first, self.texts = first, texts

    def __len__(self) -> int:
        return len(next(iter(self.texts.values()), ()))

    def values(self, column: str) -> list[Any]:
        """See `Block`."""
        return list(self.texts[column])

    def typed(self, column: str) -> list[str | None]:
        """See `Block`."""
        return list(self.texts[column])


class ValueBlock(TextBlock):
    """Rows whose cells are values, as of JSON.

    Parameters
    ----------
    first : int
        The number of the first row.
    texts : mapping of str to sequence of str
        The cells of each column as texts.
    values : mapping of str to list
        The cells themselves.
    """

    def __init__(self, first: int, texts: Mapping[str, Sequence[str]], values: Mapping[str, list[Any]]) -> None:
        super().__init__(first, texts)
        self._values = values

    def values(self, column: str) -> list[Any]:
        """See `Block`."""
        return self._values[column]

    def typed(self, column: str) -> list[str | None]:
        """See `Block`."""
        # JSON has an empty text, too.
        cells = zip(self._values[column], self.texts[column], strict=True)
        return [text if text or isinstance(value, str) else None for value, text in cells]


def text_of(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """Write a value as the text of a cell: numbers as JSON has them, bytes as base64 unless they are UTF-8.

    Examples
    --------
    >>> text_of(True), text_of(1.5), text_of(None), text_of([1, "a"])
    ('true', '1.5', '', '[1,"a"]')
    """
    if isinstance(value, str):
        return value
    if _is_missing(value):
        return ""
    if isinstance(value, bytes | bytearray):
        return _text_of_bytes(bytes(value))
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    if isinstance(value, bool | int | float | list | tuple | dict):
        return _ENCODER.encode(value).decode()
    # A number of NumPy's, or of a library that follows it.
    return text_of(value.item()) if hasattr(value, "item") else str(value)


def _is_missing(value: Any) -> bool:  # noqa: ANN401 - as above
    return value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in _MISSING


def _text_of_bytes(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()
