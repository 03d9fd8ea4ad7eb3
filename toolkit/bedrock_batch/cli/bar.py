"""A line on the terminal, drawn again in place: how far something is."""

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Column, Table
from rich.text import Text

from bedrock_batch.values import visible

_WIDEST, _NARROWEST = 30, 4
_GAP = 2


class Bar:
    """A label, a bar, and figures; where the terminal is narrow the figures stay, and the other two make room.

    No thread draws it: it is drawn when there is something new to show.

    Parameters
    ----------
    console : rich.console.Console
        Of standard error, where it does not mix with what may go into a pipe.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None

    def show(self, label: str, figures: str, *, done: int, total: int) -> None:
        """Draw it, in place of what was drawn before.

        Parameters
        ----------
        label : str
            What it is about.
        figures : str
            How far it is, and how long it takes.
        done, total : int
            The same, to draw; without a total there is no bar.
        """
        if self._live is None:
            self._live = Live(
                console=self._console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
            )
            self._live.start()
        self._live.update(self._line(Text(visible(label)), Text(visible(figures)), done, total), refresh=True)

    def wipe(self) -> None:
        """Take it away, for other lines to come in its place."""
        if self._live:
            self._live.stop()
            self._live = None

    def _line(self, label: Text, figures: Text, done: int, total: int) -> Table:
        room = self._console.width - figures.cell_len - _GAP
        width = min(room - label.cell_len - _GAP, _WIDEST) if total else 0
        pieces: list[Text | ProgressBar] = [figures]
        if width >= _NARROWEST:
            pieces.insert(0, ProgressBar(total, done, width=width))
            room -= width + _GAP
        if room > 0:
            # Where there is no ellipsis, six characters would stand for it.
            label.truncate(room, overflow="crop" if self._console.options.ascii_only else "ellipsis")
            pieces.insert(0, label)
        line = Table.grid(*(Column(no_wrap=True) for _ in pieces), padding=(0, _GAP, 0, 0), pad_edge=False)
        line.add_row(*pieces)
        return line


def bar_on_standard_error() -> Bar:
    """Make a bar for people who watch."""
    return Bar(Console(stderr=True, highlight=False))
