"""Records held to the rules of `check` as they are made."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from bedrock_batch.records.checking.families import family_of
from bedrock_batch.records.checking.lines_check import LinesCheck
from bedrock_batch.records.checking.record_rules import RecordRules
from bedrock_batch.records.input.blocks import blocks
from bedrock_batch.records.input.media import NoMedia
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.tables.table import fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrock_batch.tables.table import Table

_LONGEST = RecordLimits().bytes_per_record
# Bodies that are made of one table differ in their texts. Rules for these are about length, and none is less.
_SHORT = 8_000


class Verification:
    """Checks lines, each of the first and then those with much text, and tells of a row what is told of its line.

    Parameters
    ----------
    table : Table
        The table.
    model : str
        Whose rules count.
    invocation_type : str or None
        What the bodies are for.
    """

    def __init__(self, table: Table, model: str, invocation_type: str | None) -> None:
        self._table, self._first = table, True
        self._rules = RecordRules(family_of(model, invocation_type), NoMedia())
        self._warning, self._warned = "", 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is likely to go wrong, of a record that is one of several, perhaps."""
        more = f" (and {self._warned - 1:,} more like this)" if self._warned > 1 else ""
        return (self._warning + more,) if self._warned else ()

    def look(self, lines: Sequence[bytes], rows: Sequence[int]) -> None:
        """Check the lines of some rows.

        Raises
        ------
        TableError
            If the model would refuse one.
        """
        if not self._first and max(map(len, lines)) <= _SHORT:
            return
        chosen = [(line, row) for line, row in zip(lines, rows, strict=True) if self._first or len(line) > _SHORT]
        self._first = False
        check = LinesCheck(self._table.name, self._rules, _LONGEST)
        for block in blocks(BytesIO(b"".join(line for line, _ in chosen)), _LONGEST):
            check.add(block)
        findings = check.found().findings
        if findings.of_lines:
            first = findings.of_lines[0]
            _, row = chosen[(first.line or 1) - 1]
            raise fault(self._table, row, None, f"makes a record that the model refuses: {first.message}")
        if findings.warnings:
            self._warning = self._warning or findings.warnings[0].message
            self._warned += len(findings.warnings) + findings.hidden_warnings
