"""Records one after the other, each with an id."""

import re
from collections.abc import Callable, Iterator

from msgspec import UNSET, MsgspecError, Struct, UnsetType
from msgspec.json import Decoder

from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.records.input.blocks import blocks, lines_of
from bedrock_batch.records.input.files import InputFile
from bedrock_batch.records.input.source import SourceError, refuse_signature
from bedrock_batch.records.lines import LineError, parse_object
from bedrock_batch.records.split_report import SplitError
from bedrock_batch.values import described, shortened

_GIVEN = re.compile(r"record-\d{9,}")


class _Record(Struct, gc=False):
    recordId: str | UnsetType = UNSET  # noqa: N815 - the API's name


class _Line(Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    record: _Record


_decode = Decoder(_Line).decode_lines


class NumberedRecords:
    """The records of some files.

    Parameters
    ----------
    longest : int
        The longest record, in bytes.
    progress : callable
        Called with a number of bytes each time that they are done.

    Attributes
    ----------
    count : int
        How many records there have been.
    ids_added : int
        How many of them had no id.
    """

    def __init__(self, longest: int, progress: Callable[[int], object]) -> None:
        self.count = self.ids_added = 0
        self._longest, self._progress = longest, progress
        self._own: str | None = None

    def read(self, file: InputFile) -> Iterator[bytes]:
        """Read the records of a file.

        Yields
        ------
        bytes
            Each, without the end of its line.

        Raises
        ------
        SplitError
            If the file cannot be read, or one of its lines is no record.
        """
        try:
            yield from self._read(file)
        except SourceError as error:
            raise SplitError(f"{file.name}: {error}") from None
        except OSError as error:
            raise SplitError(f"{file.name}: {unreadable(error)}") from None

    def _read(self, file: InputFile) -> Iterator[bytes]:
        line = 0
        with file.open() as source:
            for block in blocks(source, self._longest):
                if block is None:
                    raise self._too_long(f"{file.name}:{line + 1}")
                if not line:
                    refuse_signature(block[1:5])
                for text, record_id in _identified(block, file.name, line):
                    line += 1
                    if text:
                        yield self._with_id(text, record_id, f"{file.name}:{line}")
                self._progress(len(block))

    def _with_id(self, text: bytes, record_id: str | UnsetType, place: str) -> bytes:
        if len(text) > self._longest:
            raise self._too_long(place)
        self.count += 1
        if record_id is UNSET:
            self.ids_added += 1
            rest = text[1:].lstrip()
            text = b'{"recordId":"record-%09d"%s%s' % (self.count, b"" if rest == b"}" else b",", rest)
        elif _GIVEN.fullmatch(record_id):
            self._own = self._own or f"{place}: 'recordId' {shortened(record_id)}"
        if self.ids_added and self._own:
            raise SplitError(f"{self._own} is like those that records without an id are given; rename it")
        return text

    def _too_long(self, place: str) -> SplitError:
        return SplitError(f"{place}: is longer than {self._longest:,} bytes; shorten the record")


def _identified(block: bytes, name: str, before: int) -> Iterator[tuple[bytes, str | UnsetType]]:
    lines = [line.strip() for line in lines_of(block)]
    try:
        str(block, "utf-8")
        ids = [line.record.recordId for line in _decode(block)]
    except (UnicodeDecodeError, MsgspecError, RecursionError):
        for number, line in enumerate(lines, before + 1):
            yield line, _id_of(line, f"{name}:{number}")
    else:
        yield from zip(lines, ids, strict=True)


def _id_of(line: bytes, place: str) -> str | UnsetType:
    if not line:
        return UNSET
    try:
        record = parse_object(line)
    except LineError as error:
        raise SplitError(f"{place}: {error}") from None
    record_id = record.get("recordId", UNSET)
    if not isinstance(record_id, str | UnsetType):
        raise SplitError(f"{place}: 'recordId' must be a string, got {described(record_id)}; write it in quotes")
    return record_id
