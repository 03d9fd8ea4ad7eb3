"""The page tells what the tests say, of every row."""

import re

import pytest

from .document import PAGE, is_tried, page, row_tests
from .fact import Sure
from .facts import FACTS, leans_on, mark
from .matrix import FAULTS, SECTIONS, UNTESTED

#: A page that somebody can open, by its title.
_LINK = re.compile(r"\[[^\]]+\]\(https://[\w-]+(\.[\w-]+)+/[^\s)]+\)")


def test_there_are_173_rows_in_nine_sections() -> None:
    assert len(FAULTS) == 173
    assert {row[0] for row in FAULTS} == set(SECTIONS)


def test_every_row_is_a_test_or_has_a_reason() -> None:
    assert {test.row for test in row_tests()} | set(UNTESTED) == set(FAULTS)


def test_no_row_is_both() -> None:
    assert not {test.row for test in row_tests()} & set(UNTESTED)


def test_every_row_says_in_one_line_what_happens() -> None:
    silent = [test.title for test in row_tests() if not test.outcome or "\n" in test.outcome or "|" in test.outcome]
    assert not silent


@pytest.mark.parametrize("row", FAULTS)
def test_every_row_leans_on_facts_that_are_documented_recorded_or_unknown(row: str) -> None:
    assert leans_on(row), "name the facts about AWS in facts.py that its promise leans on"
    assert mark(row) in Sure


def test_every_fact_is_leant_on_by_rows_that_there_are() -> None:
    assert {row for fact in FACTS.values() for row in fact.rows.split()} <= set(FAULTS)
    assert all(fact.rows and "|" not in fact.says + fact.source for fact in FACTS.values())


def test_what_is_documented_or_recorded_has_a_source() -> None:
    assert [
        name for name, fact in FACTS.items() if fact.sure is not Sure.UNKNOWN and not _LINK.search(fact.source)
    ] == []


@pytest.mark.parametrize("source", ["https://", "[AWS](https://)", "[](https://docs.aws.amazon.com/a.html)", "a page"])
def test_what_leads_nowhere_is_no_source(source: str) -> None:
    assert not _LINK.search(source)


@pytest.mark.parametrize("row", [row for row, fault in FAULTS.items() if "the function is killed" in fault])
def test_what_follows_a_killed_function_leans_on_what_lambda_does_then(row: str) -> None:
    assert "deliveries" in leans_on(row)


def test_what_is_unknown_is_tried_in_both_ways() -> None:
    tests = list(row_tests())
    untried = [
        (name, row)
        for name, fact in FACTS.items()
        if fact.sure is Sure.UNKNOWN
        for row in fact.rows.split()
        if not is_tried(fact, row, tests)
    ]
    assert untried == []


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it again: make docs"
