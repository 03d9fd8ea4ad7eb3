"""uv, which installs several packages at a time; pip installs it, from a lock of its own."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from installation import pip
from installation.lock import announcement
from installation.pip_settings import NoCounterpartError, for_uv, read
from installation.words import End, run, say

PROGRAM = Path(sys.executable).with_name("uv")


class NoUvError(Exception):
    """uv is not to be had here, or would not do as pip does."""


class Uv:
    """uv, told what pip's configuration says.

    Parameters
    ----------
    locked
        The names of what is to be installed.

    Raises
    ------
    NoUvError
        It cannot be installed here, or a setting of pip means nothing to it.
    """

    def __init__(self, locked: Iterable[str]) -> None:
        with pip.start_listing() as listing:
            if not PROGRAM.exists():
                say("Installing uv, which installs the rest")
                pip.install([*pip.ONLY_LOCKED, "-r", "requirements-uv.txt"])
            listed = listing.communicate()[0]
        if not PROGRAM.exists():
            raise NoUvError("uv cannot be installed here")
        try:
            self._environment = {**os.environ, **for_uv(read(listed), locked, os.environ)}
        except NoCounterpartError as error:
            raise NoUvError(str(error)) from None

    def announcement(self, lock: Path, there: frozenset[tuple[str, str]]) -> str:
        """Say what is to be installed, and how large it is, as far as the index tells."""
        asked = ["--quiet", "--no-deps", "--only-binary", ":all:", "--format", "pylock.toml", str(lock)]
        return announcement(_output([str(PROGRAM), "pip", "compile", *asked], self._environment), there)

    def install(self, what: Sequence[str], python: Path | None = None) -> End:
        """Install something; see `pip.install`."""
        place = ["--python", str(python or sys.executable)]
        return run([str(PROGRAM), "pip", "install", *place, *what], self._environment)


def _output(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what a command prints: nothing if it fails, for who asks next is told why."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - uv itself
    return "" if done.returncode else done.stdout
