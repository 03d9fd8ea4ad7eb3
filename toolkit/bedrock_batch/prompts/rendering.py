"""The lines of a block of rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.prompts.images import ImageColumn, Picture
from bedrock_batch.prompts.skeleton import Kind, Skeleton, escaped, line_of, skeleton_of, takes_each_text
from bedrock_batch.tables.table import fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bedrock_batch.bodies.writing import BodyWriter
    from bedrock_batch.prompts.prompt import Prompt
    from bedrock_batch.prompts.rows import Rows
    from bedrock_batch.tables.table import Table

_TOKENS = "special tokens in a text"
# The beginning of one.
_BEGUN = re.compile(r"[<\[][^>\]\s]*$")
# Of lines with images that are in memory at a time.
_GROUP_BYTES = 8_000_000


class Rendering:
    """Writes the records of rows.

    Parameters
    ----------
    table : Table
        The table.
    prompt : Prompt
        What is asked.
    write : BodyWriter
        Of the model.

    Attributes
    ----------
    images, image_bytes : int
        How many images there were, and their bytes as they stand in the records.
    changed : int
        How many records have special tokens of the family that were broken up.
    images_in_s3 : int
        How many of them are there.
    family : str
        The name of the model's family.
    default_max_tokens : int or None
        The longest answer, in tokens, where the prompt does not say and the bodies do.

    Raises
    ------
    BedrockBatchError
        If the model cannot be asked this.
    """

    def __init__(self, table: Table, prompt: Prompt, write: BodyWriter) -> None:
        self._table, self._prompt, self._write = table, prompt, write
        self._columns = [ImageColumn(table, column) for column in prompt.images]
        self._skeletons: dict[tuple[Kind | None, ...], Skeleton] = {}
        self.images = self.images_in_s3 = self.image_bytes = self.changed = 0
        self.family = write.family
        self.default_max_tokens = write.default_max_tokens if prompt.settings.max_tokens is None else None
        try:
            self._takes_all = takes_each_text(prompt, write)
            # A cell might end what the template begins.
            before = (text for template in prompt.texts for text in template.literals[:-1])
            self._opens = not self._takes_all and any(map(_BEGUN.search, before))
        except BodyError as error:
            raise BedrockBatchError(f"what is asked {error}") from None

    def lines(self, rows: Rows, ids: Sequence[str]) -> Iterator[list[bytes]]:
        """Write rows, a line each, as many at a time as memory should hold.

        Raises
        ------
        TableError
            If a row cannot be asked about.
        """
        names = escaped(ids)
        fields = [rows.texts[field] for template in self._prompt.texts for field in template.fields]
        cells = [self._escaped(column, rows) for column in fields]
        odd = self._odd(rows, fields)
        if self._columns:
            yield from _grouped(self._with_images(rows, ids, cells, odd))
            return
        form, slots = self._skeleton((), rows.numbers[0])
        lines = list(map(form.__mod__, zip(names, *(cells[slot] for slot in slots), strict=True)))
        for position in odd:
            lines[position] = self._own_line(rows, position, ids[position], [])
        yield lines

    def _escaped(self, column: Sequence[str], rows: Rows) -> list[bytes]:
        try:
            return escaped(column)
        except UnicodeEncodeError:
            for row, text in zip(rows.numbers, column, strict=True):
                if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
                    said = "has half of a surrogate pair, which no text in UTF-8 can hold; correct the text"
                    raise fault(self._table, row, None, said) from None
            raise

    def _with_images(
        self, rows: Rows, ids: Sequence[str], cells: Sequence[Sequence[bytes]], odd: Collection[int]
    ) -> Iterator[bytes]:
        names = escaped(ids)
        for position, pictures in enumerate(self._pictures(rows)):
            if position in odd:
                yield self._own_line(rows, position, ids[position], pictures)
                continue
            kinds = tuple(picture and picture.kind for picture in pictures)
            form, slots = self._skeleton(kinds, rows.numbers[position])
            parts = [*(column[position] for column in cells), *map(_bytes, pictures)]
            yield form % (names[position], *(parts[slot] for slot in slots))

    def _pictures(self, rows: Rows) -> Iterator[list[Picture | None]]:
        columns = [rows.chosen(column.of(rows.block)) for column in self._columns]
        for row, cells in zip(rows.numbers, zip(*columns, strict=True), strict=True):
            found = [
                column.picture(row, cell) if cell else None for column, cell in zip(self._columns, cells, strict=True)
            ]
            self._count(picture for picture in found if picture)
            yield found

    def _count(self, pictures: Iterator[Picture]) -> None:
        for picture in pictures:
            self.images += 1
            self.images_in_s3 += picture.kind.is_uri
            self.image_bytes += 0 if picture.kind.is_uri else len(picture.text)

    def _skeleton(self, kinds: tuple[Kind | None, ...], row: int) -> Skeleton:
        if kinds not in self._skeletons:
            try:
                self._skeletons[kinds] = skeleton_of(self._prompt, self._write, kinds)
            except BodyError as error:
                raise fault(self._table, row, None, str(error)) from None
        return self._skeletons[kinds]

    def _odd(self, rows: Rows, fields: Sequence[Sequence[str]]) -> Collection[int]:
        """Tell the positions of rows that need a body of their own."""
        if self._opens:
            return range(len(rows.numbers))
        positions = set(rows.with_empty) if any(template.is_blank for template in self._prompt.texts) else set()
        if not self._takes_all:
            positions.update(position for column in fields for position, text in enumerate(column) if _is_odd(text))
        return positions

    def _own_line(self, rows: Rows, position: int, record_id: str, pictures: Sequence[Picture | None]) -> bytes:
        cells: Mapping[str, Any] = {name: column[position] for name, column in rows.texts.items()}
        lost: set[str] = set()
        try:
            images = [picture.image for picture in pictures if picture]
            body = self._write(self._prompt.request(cells, images), lost)
        except BodyError as error:
            raise fault(self._table, rows.numbers[position], None, str(error)) from None
        self.changed += _TOKENS in lost
        return line_of(record_id, body)


def _is_odd(text: str) -> bool:
    return "<" in text or "[" in text or text[:1].isspace() or text[-1:].isspace()


def _grouped(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    group: list[bytes] = []
    size = 0
    for line in lines:
        group.append(line)
        size += len(line)
        if size > _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _bytes(picture: Picture | None) -> bytes:
    # Where there is no image, its place is in no body.
    return (
        b"" if picture is None else b"".join(escaped([picture.text])) if picture.kind.is_uri else picture.text.encode()
    )
