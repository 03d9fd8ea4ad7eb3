"""pip, which comes with Python: it installs uv, and all else where uv cannot."""

import ensurepip
import importlib.util
import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from installation.words import End, run

ONLY_LOCKED = ("--require-hashes", "--only-binary", ":all:")
#: The pip of the lock, which is newer and faster than what comes with Python.
ITS_OWN = (*ONLY_LOCKED, "-r", "requirements-pip.txt")
_INSTALL = ("install", "--disable-pip-version-check", "--no-compile", "--progress-bar", "off")


def command() -> list[str]:
    """Return how pip is run: as it is installed here, or else out of the wheel that Python makes environments with."""
    if importlib.util.find_spec("pip") is None:
        # Debian has it elsewhere.
        for folder in (sysconfig.get_config_var("WHEEL_PKG_DIR"), Path(ensurepip.__file__).parent / "_bundled"):
            for wheel in sorted(Path(folder).glob("pip-*.whl")) if folder else ():
                return [sys.executable, str(wheel / "pip")]
        subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=sys.stderr)
    return [sys.executable, "-m", "pip"]


def install(what: Sequence[str], python: Path | None = None) -> End:
    """Install something, as wheels that a lock names.

    Parameters
    ----------
    what
        Arguments of ``pip install``.
    python
        The environment to install into. Default: this one.
    """
    place = ["--python", str(python)] if python else []
    return run([*command(), *place, *_INSTALL, *what], os.environ)


def start_listing() -> subprocess.Popen[str]:
    """Start to list pip's configuration; its standard output has it in the end."""
    return subprocess.Popen(  # noqa: S603 - pip itself
        [*command(), "config", "list"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
