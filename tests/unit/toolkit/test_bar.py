"""How far something is, on terminals that are wide and narrow."""

import io
import re
import sys

import pytest
from rich.cells import cell_len
from rich.console import Console

from bedrock_batch.cli.bar import Bar
from bedrock_batch.cli.progress import Progress

FIGURES = "4,000 of 10,000  12.3/s, 3 min left"


def drawn(width: int, label: str, *, done: int = 40, total: int = 100) -> str:
    """What a terminal of a width gets."""
    screen = io.StringIO()
    bar = Bar(Console(file=screen, force_terminal=True, width=width, height=20, no_color=True, _environ={}))
    for step in (done - 1, done):
        bar.show(label, FIGURES, done=step, total=total)
    bar.wipe()
    return screen.getvalue()


@pytest.mark.parametrize("width", [30, 44, 60, 100])
@pytest.mark.parametrize("label", ["InProgress", "東京" * 30, "a\x1b[2J\r\nb", ""])
@pytest.mark.parametrize("total", [100, 0])
def test_it_takes_one_line_in_which_the_figures_are_whole(width: int, label: str, total: int) -> None:
    plain = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", drawn(width, label, total=total))
    shown = [line for line in re.split(r"[\r\n]+", plain) if line.strip()]
    # The last is drawn once more before it goes.
    assert len(shown) == 3
    assert all(cell_len(line) <= width for line in shown)
    assert all(FIGURES in line for line in shown) == (width > len(FIGURES))


@pytest.mark.parametrize(("width", "there"), [(44, False), (60, True), (100, True)])
def test_there_is_a_bar_where_there_is_room(width: int, *, there: bool) -> None:
    assert ("━" in drawn(width, "InProgress")) == there


def test_an_ascii_terminal_gets_ascii() -> None:
    screen = io.TextIOWrapper(io.BytesIO(), "ascii")
    bar = Bar(Console(file=screen, force_terminal=True, width=44, height=20, no_color=True, _environ={}))
    bar.show("InProgress", FIGURES, done=40, total=100)
    bar.show("x", FIGURES, done=40, total=100)
    bar.wipe()


def test_it_is_drawn_in_its_own_place_and_gone_afterwards() -> None:
    codes = re.findall(r"\x1b\[(?:2K|1A|\?25[hl])", drawn(80, "InProgress"))
    assert codes.count("\x1b[2K") >= 2
    assert codes[-1] == "\x1b[2K"
    assert (codes.count("\x1b[?25l"), codes.count("\x1b[?25h")) == (1, 1)


def test_it_is_not_for_work_that_is_printed_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("bedrock_batch.cli.progress._SECONDS_WITHOUT", 0)
    with Progress("writing", total=2, unit="records", shown=False) as progress:
        progress.advance(1)
    assert screen.getvalue() == ""
    with Progress("writing", total=2, unit="records") as progress:
        progress.advance(1)
    assert "writing" in screen.getvalue()
    assert " 50% of 2 records" in screen.getvalue()
