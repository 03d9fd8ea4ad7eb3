"""The page tells what the tests say, of every row."""

from .document import PAGE, page, row_tests
from .matrix import FAULTS, SECTIONS, UNTESTED


def test_there_are_166_rows_in_nine_sections() -> None:
    assert len(FAULTS) == 166
    assert {row[0] for row in FAULTS} == set(SECTIONS)


def test_every_row_is_a_test_or_has_a_reason() -> None:
    assert {test.row for test in row_tests()} | set(UNTESTED) == set(FAULTS)


def test_no_row_is_both() -> None:
    assert not {test.row for test in row_tests()} & set(UNTESTED)


def test_every_row_says_in_one_line_what_happens() -> None:
    silent = [test.title for test in row_tests() if not test.outcome or "\n" in test.outcome or "|" in test.outcome]
    assert not silent


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it again: make docs"
