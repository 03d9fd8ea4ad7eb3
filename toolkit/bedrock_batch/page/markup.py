"""HTML that is escaped unless it was made here."""

from html import escape

_VOID = frozenset({"meta", "br", "rect", "line", "circle"})


class Markup(str):
    """A piece of HTML, to be taken as it is."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: object) -> Markup:
    """Make an element.

    Parameters
    ----------
    name : str
        Its name.
    children : str or Markup
        What it holds; text is escaped.
    attributes
        Its attributes; ``class_`` stands for ``class``, and ``_`` for ``-`` elsewhere. None leaves one out.

    Examples
    --------
    >>> tag("p", "a < b ", tag("b", "c"), class_="x")
    '<p class="x">a &lt; b <b>c</b></p>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_visible(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written} />")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """Put pieces one after the other; text is escaped."""
    pieces = (child if isinstance(child, Markup) else escape(_visible(child)) for child in children)
    return Markup("".join(pieces))


def _visible(text: str) -> str:
    # Control characters have no place in HTML, and bidirectional ones would turn the text around them.
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)
