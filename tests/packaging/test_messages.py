"""Each message that the product can print is explained in docs/messages/, and no message is that nobody prints."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .messages import LEAST_WORDS, ROOT, VALUE, Message, messages, words

PAGES = sorted((ROOT / "docs" / "messages").glob("*.md"))
_ROW = re.compile(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", re.MULTILINE)


def explained() -> Iterator[tuple[str, str]]:
    """The messages of the pages, each with the page's name."""
    for page in PAGES:
        for text, _, _ in _ROW.findall(page.read_text(encoding="utf-8").replace(r"\|", "¦")):
            yield text.replace("¦", "|"), page.name


ENTRIES = dict(explained())
_PATTERNS = {text: re.compile(f".*?{VALUE}?".join(map(re.escape, text.split(VALUE)))) for text in ENTRIES}


def entries_of(message: str) -> list[str]:
    """Find the rows about a message; one of few words is about the message of just these."""
    fitting = (text for text, pattern in _PATTERNS.items() if pattern.fullmatch(message))
    return [text for text in fitting if text == message or words(text) > LEAST_WORDS]


@pytest.mark.parametrize(
    "message", sorted({each.text: each for each in messages()}.values()), ids=lambda each: each.place
)
def test_a_message_is_explained(message: Message) -> None:
    assert entries_of(message.text), f"docs/messages/ has no row that matches {message.text!r} of {message.place}"


def test_each_row_is_about_something_that_is_said() -> None:
    said = {found for each in messages() for found in entries_of(each.text)}
    assert sorted(set(ENTRIES) - said) == []


def test_a_planted_message_is_found_and_has_no_row(tmp_path: Path) -> None:
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "one.py").write_text(
        'value = 1\nraise ValueError(f"the zebra {value} may not " + "be green")\n'
    )
    assert list(messages(tmp_path, ("planted",))) == [Message("the zebra … may not be green", "planted/one.py:2")]
    assert entries_of("the zebra … may not be green") == []
