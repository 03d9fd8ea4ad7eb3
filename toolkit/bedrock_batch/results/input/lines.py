"""The lines of a job's input, read back after the job."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.records.lines import LineError, member, parse_object
from bedrock_batch.records.surrogates import without_surrogates
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.odd_lines import OddLine
from bedrock_batch.results.output.slices import in_utf8


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
    odd : sequence of OddLine
        The lines that are no record.
    """

    numbers: Sequence[int]
    lines: Sequence[bytes]
    record_ids: Sequence[str | None]
    odd: Sequence[OddLine] = ()

    def keys(self) -> list[str]:
        """Give what each record is found by: its id, or what it asks."""
        return [
            content_key(line) if record_id is None else record_id
            for line, record_id in zip(self.lines, self.record_ids, strict=True)
        ]


def read_blocks(file: Path, name: str) -> Iterator[Block]:
    """Read a file, a few lines at a time; blank lines are left out.

    Parameters
    ----------
    file : pathlib.Path
        The file.
    name : str
        What the user knows it by.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    number, start = 1, 0
    try:
        with file.open("rb", buffering=4 * _BLOCK_BYTES) as source:
            while lines := source.readlines(_BLOCK_BYTES):
                yield _block(number, lines, OddLine(file, name, start, ""))
                number, start = number + len(lines), start + sum(map(len, lines))
    except OSError as error:
        raise ResultsError(f"{file}: {unreadable(error)}") from None


def content_key(line: bytes) -> str:
    """Give the key of a record without an id: what it asks, whatever the order of its members."""
    body = without_surrogates(parse_object(in_utf8(line)).get("modelInput"))
    return "modelInput " + blake2b(encode(body, order="sorted"), digest_size=16).hexdigest()


def _block(first: int, lines: Sequence[bytes], place: OddLine) -> Block:
    try:
        return Block(
            range(first, first + len(lines)), lines, [record.record_id for record in map(_RECORD.decode, lines)]
        )
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    records: list[tuple[int, bytes, str | None]] = []
    odd: list[OddLine] = []
    start = place.start
    for number, line in enumerate(lines, first):
        if not line.isspace():
            try:
                records.append((number, line, _record_id(line)))
            except LineError as error:
                odd.append(place._replace(start=start, fact=error.fact))
        start += len(line)
    numbers, contents, record_ids = zip(*records, strict=True) if records else ((), (), ())
    return Block(numbers, contents, record_ids, odd)


def _record_id(line: bytes) -> str | None:
    """Read the id of a record; raise LineError of a line that is none."""
    try:
        return _RECORD.decode(line).record_id
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        record = without_surrogates(parse_object(line))
    except RecursionError:
        raise LineError("nests its values too deeply to be read", "flatten the record") from None
    if record.get("recordId") is not None:
        return member(record, "recordId", str)
    member(record, "modelInput", dict)
    return None
