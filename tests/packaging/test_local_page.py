"""What docs/local-bedrock.md says of the service: how sure it is, of each row."""

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.quotas import Quotas

from .conftest import ROOT

PAGE = (ROOT / "docs" / "local-bedrock.md").read_text(encoding="utf-8")
_MARK = re.compile(r"\[?(documented|recorded|unknown)\b")
#: What these words stood for is in the words above.
_EARLIER = re.compile(r"\b(doc|unsure)\b")
#: How it is said that what nobody has published is done here as somebody had to choose.
_OURS = re.compile(r"\bour (guess|words)\b")
#: Tables of what only this program has; where the numbers of the first come from, the words below it say.
_OF_OUR_OWN = {"`--speed` or `speed=`", "method", "part"}


def every_table() -> Iterator[list[list[str]]]:
    """The tables of the page, row by row; the first has the titles."""
    for block in re.findall(r"(?:^\|.*\|\n)+", PAGE, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        yield [rows[0], *rows[2:]]


def tables() -> Iterator[list[list[str]]]:
    """The tables that say how something is known."""
    return (table for table in every_table() if "known" in table[0])


ROWS = [(table[0].index("known"), row) for table in tables() for row in table[1:]]


@pytest.mark.parametrize(("known", "row"), ROWS, ids=lambda each: each[0] if isinstance(each, list) else "")
def test_each_row_is_documented_recorded_or_unknown(known: int, row: list[str]) -> None:
    assert _MARK.match(row[known])
    assert not _EARLIER.search(row[known])


def test_operations_questions_life_surroundings_models_quotas_and_behaviours_are_marked() -> None:
    assert len(list(tables())) == 7
    assert {table[0][0] for table in every_table() if "known" not in table[0]} == _OF_OUR_OWN


def test_what_nobody_knows_has_a_switch_or_is_said_to_be_our_guess() -> None:
    switches = {"strict_models", *(each.name for kind in (Behaviours, Quotas) for each in fields(kind))}
    unsaid = [
        row[0] for known, row in ROWS if re.search(r"\bunknown\b", row[known]) and not _says_so("|".join(row), switches)
    ]
    assert unsaid == []


def _says_so(row: str, switches: set[str]) -> bool:
    options = {name.replace("-", "_") for name in re.findall(r"`(?:--)?([\w-]+)`", row)}
    return bool(options & switches or _OURS.search(row))


@pytest.mark.parametrize("kind", [Behaviours, Quotas])
def test_each_switch_and_each_quota_has_a_row(kind: type) -> None:
    named = {name for _, row in ROWS for name in re.findall(r"`(\w+)`", row[0])}
    # Under a model's name a quota is the same quota.
    assert {each.name for each in fields(kind)} - {"by_model"} <= named


def test_what_the_comparison_does_not_know_names_a_switch_that_there_is() -> None:
    switches = {each.name for each in fields(Behaviours)}
    named = {name for known, row in ROWS for name in re.findall(r"unknown: `(\w+)`", row[known])}
    assert named
    assert named <= switches
