"""Values as messages show them."""

import json


def described(value: object) -> str:
    """Name a JSON value, or what else a caller has given, for a message: its kind, and a short look at it."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return f"the string {shortened(value)}"
        case bool() | None:
            return json.dumps(value)
        case int() | float():
            return f"the number {value}"
        case _:
            return f"a value of type {type(value).__name__}"


def shortened(text: str, longest: int = 40) -> str:
    """Quote a text for a message: its beginning, with nothing in it that a terminal would obey."""
    return f'"{visible(text[:longest])}…"' if len(text) > longest else f'"{visible(text)}"'


def visible(text: str) -> str:
    r"""Write a text, which may be anybody's, as one line that a terminal shows and does not obey.

    Examples
    --------
    >>> visible("a\x1b[2J.jsonl")
    'a\\x1b[2J.jsonl'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def counted(amount: int, noun: str) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> counted(1, "record"), counted(2000, "record")
    ('1 record', '2,000 records')
    """
    return f"{amount:,} {plural(amount, noun)}"


def plural(amount: int, noun: str) -> str:
    """Write the noun that goes with a number."""
    return noun if amount == 1 else f"{noun}s"


def duration(seconds: float) -> str:
    """Write a number of seconds as people say it.

    Examples
    --------
    >>> duration(7384), duration(61), duration(2)
    ('2 h 03 min', '1 min 01 s', '2 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
