"""A lock: the packages that a ``requirements*.txt`` names, and how much of them is still to be fetched."""

import re
import tomllib
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from installation.pip_settings import canonical

MEGABYTE = 10**6


def names(lock: Path) -> frozenset[str]:
    """Return the packages of a lock, of whatever system they are for."""
    return frozenset(canonical(name) for name in re.findall(r"^([\w.-]+)==", lock.read_text("utf-8"), re.MULTILINE))


def installed() -> frozenset[tuple[str, str]]:
    """Return the names and versions of what this environment has."""
    return frozenset((canonical(each.name), each.version) for each in distributions())


def announcement(listed: str, there: frozenset[tuple[str, str]]) -> str:
    """Say how many packages are to be installed, and how large they are to fetch, if the index tells.

    Parameters
    ----------
    listed
        A ``pylock.toml`` (https://packaging.python.org/en/latest/specifications/pylock-toml/) with the files for this
        machine. Of several for one package only one is fetched.
    there
        What is installed.
    """
    packages: list[dict[str, Any]] = tomllib.loads(listed).get("packages", [])
    missing = [each for each in packages if (canonical(each["name"]), each["version"]) not in there]
    if not missing:
        return "all of it is installed"
    sizes = [_largest(each) for each in missing]
    count = f"{len(missing)} package{'s' if len(missing) > 1 else ''}"
    if None in sizes:
        return count
    return f"{count}, {megabytes(sum(filter(None, sizes)))} to download at most"


def megabytes(size: float) -> str:
    """Return a size in bytes as it is read."""
    return f"{size / MEGABYTE:.0f} MB" if size >= MEGABYTE else f"{size / MEGABYTE:.1g} MB"


def _largest(package: Mapping[str, Any]) -> int | None:
    """Return the size of its largest file, None if an index does not tell. What lies on this machine is not fetched."""
    wheels = [wheel for wheel in package.get("wheels", []) if not wheel.get("url", "file:").startswith("file:")]
    sizes = [wheel.get("size") for wheel in wheels]
    return None if None in sizes else max(sizes, default=0)
