"""One mutant: a file of the sources with one thing in it changed."""

import ast
import difflib
from dataclasses import dataclass
from typing import NamedTuple


class Change(NamedTuple):
    """What a mutant changes, by which it is known again: no line number, for lines move.

    Attributes
    ----------
    file
        From the root of the checkout.
    where
        The function or the class that it is in, with the names around it; empty for the module itself.
    before, after
        The lines as they are, and as the mutant has them.
    """

    file: str
    where: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}, {self.where or 'module'}: {self.before}  →  {self.after}"


@dataclass(frozen=True)
class Mutant:
    """A change, and the whole text of its file with it."""

    change: Change
    text: str

    @classmethod
    def of(cls, file: str, before: str, after: str) -> "Mutant":
        """Tell what is changed, by the two texts of a file."""
        old, new = before.splitlines(), after.splitlines()
        changed = [
            each for each in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if each[0] != "equal"
        ]
        begin, end = changed[0][1], changed[-1][2]
        added = new[changed[0][3] : changed[-1][4]]
        return cls(Change(file, scope(before, begin + 1), _joined(old[begin:end]), _joined(added)), after)


def scope(text: str, line: int) -> str:
    """Name what a line is in."""
    names, nodes = list[str](), ast.parse(text).body
    while around := [node for node in nodes if _is_scope(node) and _spans(node, line)]:
        names.append(around[0].name)  # type: ignore[attr-defined]
        nodes = around[0].body  # type: ignore[attr-defined]
    return ".".join(names)


def _is_scope(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef | ast.FunctionDef)


def _spans(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)
