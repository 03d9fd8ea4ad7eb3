"""The lines of a job's input, read back after the job."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from bedrock_batch.lines import LineError, member, parse_object
from bedrock_batch.manifest import ResultsError
from bedrock_batch.source import unreadable
from bedrock_batch.surrogates import without_surrogates


class _Skipped(Struct):
    """An object, of which nothing is read."""


class Record(Struct, rename="camel"):
    """A line of the input.

    Attributes
    ----------
    model_input : object
        The request body, which is there but not read.
    record_id : str or None
        The `recordId`; None if it has none.
    """

    model_input: _Skipped
    record_id: str | None = None


_RECORD = Decoder(Record)
# Python reads 8 kB at a time, a few lines.
_BUFFER_BYTES = 256_000


def read_records(file: Path) -> Iterator[tuple[int, bytes, Record]]:
    """Read a file: the number of each line, the line, and its record; blank lines are left out.

    Raises
    ------
    ResultsError
        If the file cannot be read, or a line of it is no record.
    """
    try:
        with file.open("rb", buffering=_BUFFER_BYTES) as lines:
            for number, line in enumerate(lines, 1):
                if not line.isspace():
                    yield number, line, _record(file, number, line)
    except OSError as error:
        raise ResultsError(f"{file}: {unreadable(error)}") from None


def _record(file: Path, number: int, line: bytes) -> Record:
    try:
        return _RECORD.decode(line)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        record = without_surrogates(parse_object(line))
        member(record, "modelInput", dict)
        return Record(_Skipped(), _record_id(record))
    except LineError as error:
        raise ResultsError(f"{file}:{number}: {error.fact}; name the input that the job had") from None


def _record_id(record: dict[str, object]) -> str | None:
    return None if record.get("recordId") is None else member(record, "recordId", str)


def content_key(line: bytes) -> str:
    """Give the key of a record without an id: what it asks, whatever the order of its members."""
    body = without_surrogates(parse_object(line)["modelInput"])
    return "modelInput " + blake2b(encode(body, order="sorted"), digest_size=16).hexdigest()
