"""Values as messages show them."""

import json


def described(value: object) -> str:
    """Name a JSON value for a message: its kind, and a short look at it."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return f"the string {shortened(value)}"
        case bool() | None:
            return json.dumps(value)
        case _:
            return f"the number {value}"


def shortened(text: str, longest: int = 40) -> str:
    """Quote a text for a message: its beginning, with nothing in it that a terminal would obey."""
    visible = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:longest])
    return f'"{visible}…"' if len(text) > longest else f'"{visible}"'
