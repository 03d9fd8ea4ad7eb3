"""The lines of a job's input, read back after the job."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from bedrock_batch.records.input.source import unreadable
from bedrock_batch.records.lines import LineError, member, parse_object
from bedrock_batch.records.surrogates import without_surrogates
from bedrock_batch.results.manifest import ResultsError


class _Skipped(Struct, gc=False):
    """An object, of which nothing is read."""


class _Record(Struct, rename="camel", gc=False):
    model_input: _Skipped
    record_id: str | None = None


_RECORD = Decoder(_Record)
# Python reads 8 kB at a time, a few lines; many more leave the processor's cache.
_BLOCK_BYTES = 64_000


class Block(NamedTuple):
    """Some lines of a file, a record each.

    Attributes
    ----------
    numbers : sequence of int
        The number of each line, from 1.
    lines : sequence of bytes
        The lines.
    record_ids : sequence of str or None
        The `recordId` of each; None if it has none.
    """

    numbers: Sequence[int]
    lines: Sequence[bytes]
    record_ids: Sequence[str | None]

    def keys(self) -> list[str]:
        """Give what each record is found by: its id, or what it asks."""
        return [
            content_key(line) if record_id is None else record_id
            for line, record_id in zip(self.lines, self.record_ids, strict=True)
        ]


def read_blocks(file: Path) -> Iterator[Block]:
    """Read a file, a few lines at a time; blank lines are left out.

    Raises
    ------
    ResultsError
        If the file cannot be read, or a line of it is no record.
    """
    number = 1
    try:
        with file.open("rb") as source:
            while lines := source.readlines(_BLOCK_BYTES):
                yield _block(file, number, lines)
                number += len(lines)
    except OSError as error:
        raise ResultsError(f"{file}: {unreadable(error)}") from None


def _block(file: Path, first: int, lines: Sequence[bytes]) -> Block:
    records = [(number, line) for number, line in enumerate(lines, first) if not line.isspace()]
    return Block(
        [number for number, _ in records],
        [line for _, line in records],
        [_record_id(file, number, line) for number, line in records],
    )


def _record_id(file: Path, number: int, line: bytes) -> str | None:
    try:
        return _RECORD.decode(line).record_id
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        record = without_surrogates(parse_object(line))
        member(record, "modelInput", dict)
        return None if record.get("recordId") is None else member(record, "recordId", str)
    except LineError as error:
        raise ResultsError(f"{file}:{number}: {error.fact}; name the input that the job had") from None


def content_key(line: bytes) -> str:
    """Give the key of a record without an id: what it asks, whatever the order of its members."""
    body = without_surrogates(parse_object(line)["modelInput"])
    return "modelInput " + blake2b(encode(body, order="sorted"), digest_size=16).hexdigest()
