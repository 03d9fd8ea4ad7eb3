"""docs/versions.md says what the distributions ask for, and what was really tried."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement

from .conftest import PROJECTS
from .matrix import MARKS, PAGE, RELEASES, SHOWN, Outcome, page
from .test_locks import PYTHONS

TEXT = PAGE.read_text(encoding="utf-8")
TOLD = [
    tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"] for folder in PROJECTS.values()
]


def asked() -> Iterator[Requirement]:
    for told in TOLD:
        extras = (each for name, extra in told["optional-dependencies"].items() if name != "model" for each in extra)
        yield from map(Requirement, [*told["dependencies"], *extras])


def tried() -> list[list[str]]:
    """The rows of what was tried."""
    table = TEXT.partition(MARKS[0])[2].partition(MARKS[1])[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.mark.parametrize("name", sorted({each.name for each in asked()} - {"bedrock-batch", "httpx", "hypercorn"}))
def test_the_page_has_the_bounds_that_are_asked_for(name: str) -> None:
    (row,) = re.findall(rf"^\|[^|]*`{name}`.*$", TEXT.partition(MARKS[0])[0], re.MULTILINE)
    bounds = {bound.version for each in asked() if each.name == name for bound in each.specifier}
    assert [bound for bound in bounds if not re.search(rf"(?<![\d.]){re.escape(bound)}(?![\d.]*\d)", row)] == []


def test_the_page_shows_each_python_with_both_choices_of_releases() -> None:
    shown = [(".".join(row[0].split(".")[:2]), row[1]) for row in tried()]
    assert shown == [(python, releases) for python in PYTHONS for releases in RELEASES]
    assert re.search(r"^On \d{4}-\d\d-\d\d, on \w+:$", TEXT, re.MULTILINE)


def test_just_what_was_tried_and_held_is_said_to_be_supported() -> None:
    held = sorted({".".join(row[0].split(".")[:2]) for row in tried() if re.match(r"\d+ passed; ", row[-1])})
    assert [row[-1] for row in tried() if "failed" in row[-1]] == []
    for told in TOLD:
        named = [each.rpartition(" ")[2] for each in told["classifiers"] if re.search(r":: 3\.\d+$", each)]
        assert named == held


def test_another_run_replaces_the_table_and_nothing_else() -> None:
    before = f"before\n{MARKS[0]}what was\n{MARKS[1]}after\n"
    found = dict.fromkeys(SHOWN, "1.0")
    text = page(before, [Outcome("3.12.1", "oldest", found, "7 passed"), Outcome("3.14", "oldest", {}, "not tried")])
    assert text.startswith(f"before\n{MARKS[0]}On ")
    assert text.endswith(f"| not tried |\n{MARKS[1]}after\n")
    assert f"| 3.12.1 | oldest | {' | '.join(['1.0'] * len(SHOWN))} | 7 passed |\n" in text
    assert "what was" not in text
    assert text.count(MARKS[0]) == text.count(MARKS[1]) == 1
