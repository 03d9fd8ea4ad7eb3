"""What is asked about each row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.bodies.request import NO_SETTINGS, Message, Request, Text
from bedrock_batch.prompts.template import Template, TemplateError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bedrock_batch.bodies.request import Image, Part, Settings


@dataclass(frozen=True)
class Prompt:
    """A request with fields.

    Attributes
    ----------
    text : Template
        What the user says.
    system : Template or None
        What the system says before; None for nothing.
    images : tuple of str
        Columns of images, which stand before the text.
    settings : Settings
        How the answer is made.
    """

    text: Template
    system: Template | None = None
    images: tuple[str, ...] = ()
    settings: Settings = NO_SETTINGS

    @property
    def texts(self) -> tuple[Template, ...]:
        """The templates, in the order of a body that begins with the system."""
        return (self.system, self.text) if self.system else (self.text,)

    @property
    def columns(self) -> list[str]:
        """The columns that it needs."""
        named = (field for template in self.texts for field in template.fields)
        return list(dict.fromkeys([*named, *self.images]))

    def require(self, columns: Iterable[str]) -> None:
        """Refuse a field or an image column that is no column.

        Raises
        ------
        TemplateError
            If there is one.
        """
        known = list(columns)
        for template in self.texts:
            template.require(known)
        for column in self.images:
            require_column("image column", column, known)

    def request(self, cells: Mapping[str, str], images: Sequence[Image]) -> Request:
        """Ask about a row."""
        system = (self.system.rendered(cells),) if self.system else ()
        parts: tuple[Part, ...] = (*images, Text(self.text.rendered(cells)))
        return Request((Message("user", parts),), system, self.settings)


def require_column(what: str, column: str, known: Sequence[str]) -> None:
    """Refuse the name of a column that is none.

    Raises
    ------
    TemplateError
        If it is none.
    """
    if column not in known:
        raise TemplateError(f"the {what} {column!a} is none of the table's: {listed(known)}; name one of these")
