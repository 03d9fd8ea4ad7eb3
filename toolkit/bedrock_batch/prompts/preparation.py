"""One table, on its way to records."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from bedrock_batch.bodies.writing import body_writer
from bedrock_batch.prompts.notes import against_quotas, notes_of
from bedrock_batch.prompts.prompt import Prompt, require_column
from bedrock_batch.prompts.rendering import Rendering
from bedrock_batch.prompts.report import PreparedRecords
from bedrock_batch.prompts.verification import Verification
from bedrock_batch.records.tokens import TextSample
from bedrock_batch.tables.row_ids import empty_id, row_ids

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bedrock_batch.prompts.rows import RowChoice, Rows
    from bedrock_batch.tables.table import Table


class Preparation:
    """Writes records and counts them.

    Parameters
    ----------
    table : Table
        The table.
    prompt : Prompt
        What is asked about each row.
    model, invocation_type : str or None
        Who is asked, as in `prepare`.

    Raises
    ------
    BedrockBatchError
        If the model cannot be asked this.
    """

    def __init__(self, table: Table, prompt: Prompt, model: str, invocation_type: str | None) -> None:
        self._table, self._model, self._invocation_type = table, model, invocation_type
        self._rendering = Rendering(table, prompt, body_writer(model, invocation_type))
        self._verification = Verification(table, model, invocation_type)
        self._records = self._bytes = 0
        self._sample = TextSample()

    def write(
        self, file: BinaryIO, choice: RowChoice, id_column: str | None, progress: Callable[[int], object]
    ) -> None:
        """Write the records of the rows that are chosen; raise as `prepare` does."""
        with row_ids(self._table, id_column) as ids:
            for rows in choice.blocks():
                if id_column is not None:
                    self._require_id(id_column, rows)
                numbers = rows.numbers
                for lines in self._rendering.lines(rows, ids.of(rows)):
                    self._verification.look(lines, numbers[: len(lines)])
                    numbers = numbers[len(lines) :]
                    self._bytes += file.write(b"".join(lines))
                    self._records += len(lines)
                    self._sample.add(lines)
                    progress(len(lines))

    def _require_id(self, column: str, rows: Rows) -> None:
        if column in rows.texts:
            return
        require_column("id column", column, list({**rows.texts, **self._table.columns()}))
        # Of JSON, where an empty cell may be no member at all.
        raise empty_id(self._table, rows.numbers[0], column)

    def report(self, file: Path, skipped: int) -> PreparedRecords:
        """Tell what has been written."""
        notes = [
            *notes_of(self._model, self._invocation_type, self._rendering, self._verification),
            *against_quotas(self._records, self._bytes, self._model),
        ]
        return PreparedRecords(
            file=file,
            records=self._records,
            skipped=skipped,
            bytes=self._bytes,
            images=self._rendering.images,
            images_in_s3=self._rendering.images_in_s3,
            image_bytes=self._rendering.image_bytes,
            notes=tuple(notes),
            sampled=self._sample.found,
        )
