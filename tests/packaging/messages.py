"""What the product can say: the texts of its errors, and of what it prints and logs, found in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROOMS = ("constructs", "lambda", "toolkit", "local")
#: What stands for a value in a text.
VALUE = "…"
#: The functions that show a text to somebody; errors are raised.
_TELLING = {"add_error_v2", "add_warning_v2", "error", "note", "print", "say", "warn", "warning", "write"}
#: A text of fewer words is a value, a title or a separator.
LEAST_WORDS = 3


class Message(NamedTuple):
    """A text, with `VALUE` where a value stands, and where in the code it is."""

    text: str
    place: str


def messages(root: Path = ROOT, rooms: tuple[str, ...] = ROOMS) -> Iterator[Message]:
    """Find all, in the order of the files."""
    for room in rooms:
        for file in sorted((root / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                for text in map(_text, _told(node)):
                    if words(text) >= LEAST_WORDS:
                        yield Message(" ".join(text.split()), f"{file.relative_to(root)}:{node.lineno}")  # type: ignore[attr-defined] # what tells has a line


def words(text: str) -> int:
    """Count the words that a text has whatever its values are."""
    return len(re.findall(r"\S*[A-Za-z]\S*", text.replace(VALUE, " ")))


def _told(node: ast.AST) -> list[ast.expr]:
    """Return what an error, or a call that tells somebody, is given."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return [*node.exc.args, *(keyword.value for keyword in node.exc.keywords)]
    if isinstance(node, ast.Call) and _name(node.func) in _TELLING:
        return node.args
    return []


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr) -> str:
    """Return a text as far as the code has it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("%s", VALUE).replace("%r", VALUE).replace("%d", VALUE)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return VALUE
