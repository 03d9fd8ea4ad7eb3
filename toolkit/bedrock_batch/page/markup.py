"""HTML that is escaped unless it was made here."""

from markupsafe import Markup

_VOID = frozenset({"meta", "br", "rect", "line", "circle"})


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
    >>> str(tag("p", "a < b ", tag("b", "c"), class_="x"))
    '<p class="x">a &lt; b <b>c</b></p>'
    """
    pairs = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    written = Markup().join(Markup(' {}="{}"').format(key, _visible(str(value))) for key, value in pairs.items())
    if name in _VOID:
        return Markup("<{}{} />").format(name, written)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, joined(*children))


def joined(*children: str) -> Markup:
    """Put pieces one after the other; text is escaped."""
    return Markup().join(child if isinstance(child, Markup) else _visible(child) for child in children)


def _visible(text: str) -> str:
    # Control characters have no place in HTML, and bidirectional ones would turn the text around them.
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)
