"""Some lines of a file, read once and in bounded memory."""

import codecs
from collections.abc import Callable
from functools import cache, partial
from io import BytesIO
from typing import Any, Generic, TypeVar

from msgspec import UNSET, MsgspecError, Struct, UnsetType
from msgspec.json import Decoder

from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.checking.ids.file_ids import Id, LineIds
from bedrock_batch.records.checking.lines_found import BLANK, Beginning, LinesFound
from bedrock_batch.records.checking.locate import column_of
from bedrock_batch.records.checking.record_rules import RecordRules
from bedrock_batch.records.checking.shapes.unknown import AnyBody
from bedrock_batch.records.input.blocks import lines_of
from bedrock_batch.records.lines import LineError, parse_object

Body = TypeVar("Body")


class _Record(Struct, Generic[Body], gc=False):
    modelInput: Body  # noqa: N815 - the API's name
    recordId: str | UnsetType = UNSET  # noqa: N815 - the API's name


class LinesCheck:
    """The check of some lines, which are counted from 1.

    Parameters
    ----------
    file : str
        What problems call the file.
    rules : RecordRules
        What each record has to keep to.
    longest : int
        How long a line may be, in bytes.

    Attributes
    ----------
    bytes : int
        How many have been looked at.
    """

    def __init__(self, file: str, rules: RecordRules, longest: int) -> None:
        self.bytes = 0
        self._findings, self._rules, self._longest = Findings(file), rules, longest
        self._decoders = _decoders(rules.family.shapes if rules.family else (AnyBody,))
        self._ids: list[Id] = []
        self._line = self._records = 0
        self._first_blank: int | None = None
        self._beginning = Beginning()

    def add(self, block: bytes | None) -> None:
        """Check the next lines, as `blocks` reads them."""
        if block is None:
            self._refuse_long_line()
            return
        ids = self._decoded(block)
        if ids is None:
            self._check_each(lines_of(block))
        else:
            self._begin_records(len(ids))
            self._ids += ids
            self._line += len(ids)
        self.bytes += len(block)

    def found(self) -> LinesFound:
        """Close the check."""
        return LinesFound(
            self._findings, LineIds.of(self._ids), self._records, self._beginning, self._first_blank, self.bytes
        )

    def _decoded(self, block: bytes) -> list[Id] | None:
        """Decode a block in which all is well; None if it has to be looked at line by line."""
        if len(block) > self._longest or self._first_blank or not _is_utf_8(block):
            return None
        for decode in self._decoders:
            try:
                return [record.recordId for (record,) in decode(block)]
            except (MsgspecError, RecursionError):
                continue
        return None

    def _check_each(self, lines: list[bytes]) -> None:
        for line in lines:
            if len(line) > self._longest:
                self._refuse_long_line()
                continue
            self._line += 1
            self._ids.append(self._check_line(line))

    def _check_line(self, line: bytes) -> Id:
        if line.startswith(codecs.BOM_UTF8):
            self._add("starts with a byte order mark (BOM); save the file as UTF-8 without one", 1)
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line.strip():
            self._first_blank = self._first_blank or self._line
            return UNSET
        self._begin_records(1)
        try:
            record = parse_object(line)
        except LineError as error:
            self._add(f"{error.cause}; {error.change}", error.column)
            return UNSET
        column = partial(column_of, line.decode("utf-8"))
        for fault in self._rules.faults(record):
            keep, shown = self._findings.way(sure=fault.sure)
            keep(fault.told() if shown else "", self._line, column(fault.path) if shown else None)
        record_id = record.get("recordId")
        return record_id if isinstance(record_id, str) else UNSET

    def _refuse_long_line(self) -> None:
        self._line += 1
        self._begin_records(1)
        longest = f"{self._longest:,} bytes, the most that a request to a model may have"
        self._add(f"is longer than {longest}; shorten the record")
        self._ids.append(UNSET)

    def _begin_records(self, count: int) -> None:
        if not self._records:
            self._beginning = Beginning(self._first_blank, len(self._findings.of_lines) + self._findings.hidden)
        elif self._first_blank:
            self._findings.add(BLANK, self._first_blank)
        self._first_blank = None
        self._records += count

    def _add(self, message: str, column: int | None = None) -> None:
        self._findings.add(message, self._line, column)


@cache
def _decoders(shapes: tuple[type[Struct], ...]) -> list[Callable[[bytes], list[tuple[Any]]]]:
    record: Any = _Record
    # A line is a list of exactly one record: it stands in brackets.
    return [Decoder(tuple[record[shape]]).decode_lines for shape in shapes]


def _is_utf_8(block: bytes) -> bool:
    # The decoder does not look into what it leaves undecoded. It takes much less time to see that a line is ASCII.
    try:
        for line in () if block.isascii() else BytesIO(block):
            if not line.isascii():
                line.decode()
    except UnicodeDecodeError:
        return False
    return True
