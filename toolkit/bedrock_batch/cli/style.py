"""Colours, where they are wanted."""

import argparse
import os
import sys

from bedrock_batch.values import visible

_CODES = {"red": 31, "green": 32, "yellow": 33, "bold": 1, "dim": 2}


class Painted(str):
    """A text whose codes are ours; it is printed as it is, any other text is made visible first."""

    __slots__ = ()


class Style:
    """Colours for standard output: on a terminal, unless ``--no-color`` or ``NO_COLOR`` (https://no-color.org) says no.

    Parameters
    ----------
    arguments : argparse.Namespace
        Those of the command.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._on = sys.stdout.isatty() and not arguments.no_color and not os.environ.get("NO_COLOR")

    def paint(self, text: str, colour: str) -> Painted:
        """Put a text in ``red``, ``green``, ``yellow``, ``bold`` or ``dim``."""
        shown = visible(text)
        return Painted(f"\x1b[{_CODES[colour]}m{shown}\x1b[0m" if self._on else shown)
