"""Texts with fields, ``{column}``, for which the cells of a row are put."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.tables.csv_table import OTHER_DELIMITERS
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PIECE = re.compile(r"\{\{|\}\}|\{(?P<field>[^{}]*)\}|[{}]")
_SHOWN = 20
_BRACES = "write {{ and }} for braces that are text"
# What stands in braces of JSON, and in no name of a column but an odd one.
_OF_JSON = re.compile(r'["\n:]|^\s*$')


class TemplateError(BedrockBatchError):
    """A template that cannot be used; the message says where, and what to change."""


class Template(NamedTuple):
    """A text with fields.

    Attributes
    ----------
    name : str
        What the user knows it by.
    literals : tuple of str
        The text before each field, and that after the last one.
    fields : tuple of str
        The name of the column of each field.
    """

    name: str
    literals: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but fields, so that the text may come to be empty."""
        return not "".join(self.literals).strip()

    def rendered(self, cells: Mapping[str, str]) -> str:
        """Put cells into the fields."""
        return self.joined([cells[field] for field in self.fields])

    def joined(self, parts: Sequence[str]) -> str:
        """Put texts into the fields, in their order."""
        pieces = [text for pair in zip(self.literals, parts, strict=False) for text in pair]
        return "".join([*pieces, self.literals[-1]])

    def require(self, columns: Iterable[str]) -> None:
        """Refuse a field that is no column.

        Raises
        ------
        TemplateError
            If there is one.
        """
        known = list(columns)
        for field in self.fields:
            if field not in known:
                raise TemplateError(f"{self.name}: the field {{{shortened(field)[1:-1]}}} {_no_column(field, known)}")


def read_template(given: str | os.PathLike[str], name: str) -> Template:
    """Read a template.

    Parameters
    ----------
    given : str or path
        The text itself; as a path, the file that has it, whose last line break is no part of it.
    name : str
        What a text is called in messages; a file by its own name.

    Raises
    ------
    TemplateError
        If the file cannot be read, the text is empty, or a brace is neither a field's nor doubled.
    """
    if not isinstance(given, str | os.PathLike):
        raise TemplateError(f"{name} must be a text, or a path of one, got {type(given).__name__}; write a str")
    text, called = (given, name) if isinstance(given, str) else (_content(Path(given)), os.fspath(given))
    if not text.strip():
        raise TemplateError(f"{called}: is empty; write what the model is asked, with fields such as {{text}}")
    literals, fields, end = [""], [], 0
    for piece in _PIECE.finditer(text):
        literals[-1] += text[end : piece.start()]
        end = piece.end()
        if piece["field"] is not None:
            fields.append(piece["field"])
            literals.append("")
        elif len(piece[0]) > 1:
            literals[-1] += piece[0][0]
        else:
            raise TemplateError(f"{called}: {_place(text, piece.start())} is a brace without its other; {_BRACES}")
    literals[-1] += text[end:]
    return Template(called, tuple(literals), tuple(fields))


def _content(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        said = f"is not UTF-8 at byte {error.start + 1}; save it as UTF-8"
        raise TemplateError(f"{path}: {said}") from None
    except OSError as error:
        said = "is no file; write the template into one, and name that" if "{" in str(path) else unreadable(error)
        raise TemplateError(f"{path}: {said}") from None
    return text.removesuffix("\n")


def _place(text: str, position: int) -> str:
    before = text[:position]
    line_start = before.rfind("\n") + 1
    return f"at line {before.count(chr(10)) + 1}, column {position - line_start + 1}, there"


def _no_column(field: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only who errs needs it

    if _OF_JSON.search(field):
        return f"is no column; {_BRACES}"
    if len(known) == 1 and any(char in known[0] for char in OTHER_DELIMITERS):
        return f"is no column; the table has one, {shortened(known[0])}: name its delimiter"
    if not known:
        return "is no column; the table has none"
    if near := get_close_matches(field.strip(), known, n=1):
        return f"is no column, {shortened(near[0])} is; correct it"
    return f"is no column; the table has {listed(known)}; {_BRACES}"


def listed(names: Sequence[str]) -> str:
    """List the names of columns, as many as a message should have."""
    return ", ".join(map(shortened, names[:_SHOWN])) + (", …" if len(names) > _SHOWN else "")
