"""``python -m installation LOCK``: install what a lock names, by uv as pip is configured, or else by pip.

Only what the lock names, as wheels, with its hashes: nothing of a package runs while it is installed. It runs with
Python's own library alone, in the environment that it installs into.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from installation import lock, pip
from installation.uv import NoUvError, Uv
from installation.words import End, say

# The packages of this checkout, whose versions the lock has nothing of; hatchling puts them in place.
_CHECKOUT = ("--no-deps", "--no-build-isolation", "--editable", "toolkit", "--editable", ".")


def main(arguments: Sequence[str]) -> None:
    """Install; end with 1 and a message if that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m installation", description=__doc__)
    parser.add_argument("lock", type=Path, help="a requirements*.txt with hashes")
    parser.add_argument("--no-deps", action="store_true", help="without what the packages depend on")
    parser.add_argument("--checkout", action="store_true", help="the packages of this checkout, too, as they are")
    parser.add_argument("--python", type=Path, help="an environment to install into (default: this one)")
    parser.add_argument("--target", type=Path, help="a folder to install into")
    options = parser.parse_args(arguments)
    what = [*pip.ONLY_LOCKED, *(["--no-deps"] if options.no_deps else []), "-r", str(options.lock)]
    what += ["--target", str(options.target)] if options.target else []
    elsewhere = options.python or options.target
    steps = [what, *([list(_CHECKOUT)] if options.checkout else [])]
    install(options.lock, steps, options.python, frozenset() if elsewhere else lock.installed())


def install(
    locked: Path, steps: Sequence[Sequence[str]], python: Path | None, there: frozenset[tuple[str, str]]
) -> None:
    """Install a lock by uv, or else by pip, and what comes after it.

    Parameters
    ----------
    locked
        The lock.
    steps
        Arguments of ``install``: for the lock, and for what comes after it.
    python
        The environment to install into; None for this one.
    there
        What is installed already.
    """
    try:
        uv = Uv(lock.names(locked))
        say(f"Installing {locked}: {uv.announcement(locked, there)}")
        failure = _first_failure(steps, partial(uv.install, python=python))
        reason = failure and f"uv has failed ({failure.splitlines()[0]})"
    except NoUvError as error:
        reason = str(error)
    if reason:
        say(f"{reason}, so pip installs {locked}, which takes longer")
        failure = _first_failure([pip.ITS_OWN], pip.install)
        failure = failure or _first_failure(steps, partial(pip.install, python=python))
        if failure:
            sys.exit(f"{locked} cannot be installed. pip says:\n{failure}")


def _first_failure(steps: Iterable[Sequence[str]], take: Callable[[Sequence[str]], End]) -> str:
    """Take steps until one fails, and return what it said last; nothing if none does."""
    ends = (take(step) for step in steps)
    return next((end.last_words or "nothing" for end in ends if not end.good), "")


if __name__ == "__main__":
    main(sys.argv[1:])
