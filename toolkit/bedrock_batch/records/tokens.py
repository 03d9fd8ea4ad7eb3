"""About how many tokens records are: the one estimate, which check, prepare, plan and run tell.

A token for every four bytes of text in the bodies, in UTF-8, without the JSON around it. docs/plan.md has how far that
is off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BYTES_PER_TOKEN = 4
#: So much is looked at closely, of so many files; the rest of an input that is larger is supposed to be alike.
SAMPLE_BYTES, SAMPLE_FILES = 1024 * 1024, 20
#: What stands for the body of a line that is no JSON.
NO_RECORD = object()
# Of a body: what is no text, or is paid otherwise than by its length.
_NO_TEXT = frozenset(
    {
        *("anthropic_version", "bytes", "cache_control", "cachePoint", "data", "format", "id", "media_type", "model"),
        *("role", "schemaVersion", "source", "taskType", "type", "uri"),
    }
)


class Texts(NamedTuple):
    """How much text some lines have.

    Attributes
    ----------
    bytes : int
        Of the lines, with their ends.
    text : int
        Of the texts in their bodies.
    """

    bytes: int = 0
    text: int = 0

    def and_of(self, other: Texts) -> Texts:
        """Add those of other lines."""
        return Texts(self.bytes + other.bytes, self.text + other.text)

    def tokens(self, size: int) -> int:
        """Say about how many tokens an input of so many bytes has, of which these are all, or the beginning."""
        # The last line may be one without an end.
        return tokens_of(self.text if self.bytes >= size or not self.bytes else self.text * size / self.bytes)


NO_TEXTS = Texts()


class TextSample:
    """Looks at the first lines of an input.

    Attributes
    ----------
    found : Texts
        What they have.
    """

    def __init__(self) -> None:
        self.found = self._taken = NO_TEXTS

    def take(self) -> Texts:
        """Return what the lines have that were looked at since this was asked before."""
        news = Texts(self.found.bytes - self._taken.bytes, self.found.text - self._taken.text)
        self._taken = self.found
        return news

    def add(self, lines: Iterable[bytes]) -> None:
        """Look at the next lines, if not enough have been seen."""
        if self.found.bytes < SAMPLE_BYTES:
            for line in lines:
                ended = line if line.endswith(b"\n") else line + b"\n"
                self.found = self.found.and_of(Texts(len(ended), text_bytes(body_of(line))))


def tokens_of(text: float) -> int:
    """Say about how many tokens so many bytes of text are."""
    return round(text / _BYTES_PER_TOKEN)


def body_of(line: bytes) -> Any:  # noqa: ANN401 - decoded JSON
    """Return the body of a record; `NO_RECORD` where the line is none, of which `bedrock-batch check` tells."""
    import msgspec  # noqa: PLC0415 - what is planned seldom has records

    try:
        record: Any = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_RECORD
    return record.get("modelInput") if isinstance(record, dict) else None


def text_bytes(body: object) -> int:
    """Count the bytes of the texts in a body."""
    return sum(len(text.encode("utf-8", "replace")) for text in _texts(body))


def _texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += [inner for name, inner in each.items() if name not in _NO_TEXT]
