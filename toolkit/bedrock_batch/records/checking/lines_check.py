"""The lines of one file, read once and in bounded memory."""

import codecs
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any, Generic, TypeVar

from msgspec import UNSET, MsgspecError, Struct, UnsetType
from msgspec.json import Decoder

from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.checking.locate import column_of
from bedrock_batch.records.checking.record_ids import RecordIds
from bedrock_batch.records.checking.record_rules import RecordRules
from bedrock_batch.records.checking.shapes.unknown import AnyBody
from bedrock_batch.records.input.blocks import Source, blocks, lines_of
from bedrock_batch.records.input.source import refuse_signature
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.lines import LineError, parse_object
from bedrock_batch.values import shortened

Body = TypeVar("Body")


class _Record(Struct, Generic[Body], gc=False):
    modelInput: Body  # noqa: N815 - the API's name
    recordId: str | UnsetType = UNSET  # noqa: N815 - the API's name


class LinesCheck:
    """The check of a file's lines.

    Parameters
    ----------
    findings : Findings
        Where problems go.
    rules : RecordRules
        What each record has to keep to.
    limits : RecordLimits
        How long a line may be, and how many ids there can be.

    Attributes
    ----------
    records : int
        How many lines hold something, good or not.
    ids : RecordIds
        The ids so far.
    """

    def __init__(self, findings: Findings, rules: RecordRules, limits: RecordLimits) -> None:
        self.records = 0
        self.ids = RecordIds(limits.records_per_file)
        self._findings, self._rules, self._longest = findings, rules, limits.bytes_per_record
        shapes = rules.family.shapes if rules.family else (AnyBody,)
        record: Any = _Record
        # A line is a list of exactly one record: it stands in brackets.
        self._decoders = [Decoder(tuple[record[shape]]).decode_lines for shape in shapes]
        self._line = 0
        self._first_blank: int | None = None

    def read(self, source: Source, progress: Callable[[int], object]) -> None:
        """Check all lines.

        Parameters
        ----------
        source : Source
            The file, at its beginning.
        progress : callable
            Called with a number of bytes each time that they are done.

        Raises
        ------
        SourceError
            If the file is no text at all.
        """
        for block in blocks(source, self._longest):
            if block is None:
                self._refuse_long_line()
                continue
            if not self._line:
                refuse_signature(block[1:5])
            ids = self._ids(block)
            if ids is None:
                self._check_each(lines_of(block))
            else:
                self._accept(ids)
            progress(len(block))

    def _ids(self, block: bytes) -> list[str | UnsetType] | None:
        """Decode a block in which all is well; None if it has to be looked at line by line."""
        if len(block) > self._longest or self._first_blank or not _is_utf_8(block):
            return None
        for decode in self._decoders:
            try:
                return [record.recordId for (record,) in decode(block)]
            except (MsgspecError, RecursionError):
                continue
        return None

    def _accept(self, ids: list[str | UnsetType]) -> None:
        repeated = self.ids.add(ids)
        if repeated and self._findings.is_full:
            self._findings.hidden += repeated
        elif repeated:
            for line, record_id in enumerate(ids, self._line + 1):
                self._refuse_repeated(line, record_id)
        self._line += len(ids)
        self.records += len(ids)

    def _check_each(self, lines: list[bytes]) -> None:
        for line in lines:
            if len(line) > self._longest:
                self._refuse_long_line()
                continue
            self._line += 1
            record_id = self._check_line(line)
            if self.ids.add([record_id]):
                self._refuse_repeated(self._line, record_id)

    def _check_line(self, line: bytes) -> str | UnsetType:
        if line.startswith(codecs.BOM_UTF8):
            self._add("starts with a byte order mark (BOM); save the file as UTF-8 without one", 1)
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line.strip():
            self._first_blank = self._first_blank or self._line
            return UNSET
        self._begin_record()
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
        self._begin_record()
        longest = f"{self._longest:,} bytes, the most that a request to a model may have"
        self._add(f"is longer than {longest}; shorten the record")
        self.ids.add([UNSET])

    def _begin_record(self) -> None:
        if self._first_blank:  # Blank lines matter only in the middle: a record has followed.
            self._findings.add("is blank, and each line must be a record; remove it", self._first_blank)
            self._first_blank = None
        self.records += 1

    def _refuse_repeated(self, line: int, record_id: str | UnsetType) -> None:
        first = self.ids.first_line(line)
        if first != line and isinstance(record_id, str):
            there = f"'recordId' {shortened(record_id)} is already that of line {first}"
            self._findings.add(f"{there}, and results are told apart by it; give each record an id of its own", line)

    def _add(self, message: str, column: int | None = None) -> None:
        self._findings.add(message, self._line, column)


def _is_utf_8(block: bytes) -> bool:
    # The decoder does not look into what it leaves undecoded. It takes much less time to see that a line is ASCII.
    try:
        for line in () if block.isascii() else BytesIO(block):
            if not line.isascii():
                line.decode()
    except UnicodeDecodeError:
        return False
    return True
