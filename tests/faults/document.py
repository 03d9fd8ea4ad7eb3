"""The page ``docs/reliability.md``, made of the rows' tests: ``python -m tests.faults.document`` writes it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .fact import Fact
from .facts import FACTS, marks
from .matrix import FAULTS, SECTIONS, UNTESTED

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
_ROW = re.compile(r"test_([A-Z]\d\d)_(\w+)")
_HEADER = """\
# What happens when something goes wrong

A stack that hangs, a job that is paid for twice, a job that runs on after its stack is gone: this page lists every
fault that the custom resource was put through, and what happens then. Each line is a test in
[tests/faults](../tests/faults/README.md), where the real function runs in a process of its own, against the local
Bedrock and a simulator of CloudFormation. Each holds whether or not Bedrock shows a job's client request token, and
with a slash more or less in the places that it shows. It is written by `make docs` from those tests.

Nothing here was tried in an account. So each line says how sure the facts about AWS are that it leans on, by the least
sure of them: **documented** by AWS, **recorded** from the service or met by others who use it, or **unknown**. What is
unknown is tried in both ways. [The facts](#what-the-promises-lean-on) are at the end, with their sources.

After every one of them these hold as well:

1. One request makes one job at most, however often it is delivered; a second one only where the first failed because
   the stack's own role was seconds old.
2. No job runs without a resource that owns it, unless a failure has named it.
3. One invocation gives one answer, however often it has to be sent.
4. Each answer has every id that CloudFormation needs, within its limits.
5. No log and no answer holds the signed address or a property that the template hides.
6. Nothing is made that nobody cleans up: no rules, no permissions, no log groups.
7. A signed address is kept in the function's table, for as long as its answer is due, and nowhere else: in no event, no
   execution, no tag.
8. A minute after the end nobody waits or looks any more.
"""
_TABLE = "| | fault | what happens | known | test |\n| --- | --- | --- | --- | --- |"
_FACTS = "## What the promises lean on\n\n| | the fact | known | from | tried |\n| --- | --- | --- | --- | --- |"
_ROWS = re.compile(r"[A-Z]\d\d(/[A-Z]\d\d)+")


@dataclass(frozen=True)
class RowTest:
    """A test that carries a row's id.

    Attributes
    ----------
    outcome
        Its docstring.
    varied
        Its parameters, and what it is marked to try in each way.
    """

    row: str
    title: str
    outcome: str
    file: Path
    varied: frozenset[str] = frozenset()

    def line(self) -> str:
        link = f"[{self.title.replace('_', ' ')}](../{self.file.relative_to(ROOT).as_posix()})"
        return f"| {self.row} | {FAULTS[self.row]} | {self.outcome} | {marks(self.row)} | {link} |"


def row_tests() -> Iterator[RowTest]:
    """Read every test below ``tests`` that carries a row's id."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            match = _ROW.fullmatch(node.name) if isinstance(node, ast.FunctionDef) else None
            if match and isinstance(node, ast.FunctionDef):
                outcome = (ast.get_docstring(node) or "").strip()
                yield RowTest(match[1], match[2], outcome, file, frozenset(_varied(node)))


def _varied(test: ast.FunctionDef) -> Iterator[str]:
    yield from (each.arg for each in (*test.args.args, *test.args.kwonlyargs))
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.either":
            yield from (str(each.value) for each in decorator.args if isinstance(each, ast.Constant))


def is_tried(fact: Fact, row: str, tests: list[RowTest]) -> bool:
    """Whether a row that leans on something unknown is tried in both ways, or has its counterpart in another row."""
    if _ROWS.fullmatch(fact.tried):
        return set(fact.tried.split("/")) <= set(fact.rows.split()) & {test.row for test in tests}
    return fact.tried == "shown" or any(set(fact.tried.split()) & test.varied for test in tests if test.row == row)


def page() -> str:
    tests = list(row_tests())
    lines = [_HEADER]
    for letter, title in SECTIONS.items():
        lines += [f"## {title}\n", _TABLE]
        lines += [line for row in FAULTS if row.startswith(letter) for line in _lines(row, tests)]
        lines.append("")
    lines += [_FACTS, *(_fact_line(name, fact) for name, fact in FACTS.items()), ""]
    return "\n".join(lines)


def _lines(row: str, tests: list[RowTest]) -> list[str]:
    if row in UNTESTED:
        return [f"| {row} | {FAULTS[row]} | {UNTESTED[row]} | {marks(row)} | not tested offline |"]
    return [test.line() for test in tests if test.row == row]


def _fact_line(name: str, fact: Fact) -> str:
    tried = f"in {fact.tried.replace('/', ', ')}" if _ROWS.fullmatch(fact.tried) else "both ways in each row"
    return f"| {name} | {fact.says} | {fact.sure} | {fact.source} | {tried if fact.tried else ''} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
