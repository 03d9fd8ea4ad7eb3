"""``python -m installation.npm [FOLDER]``: install what a package-lock.json names; no script of it runs."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from installation.lock import megabytes
from installation.words import run, say

#: Of each package its size to download, which its registry tells nobody before: `make lock` writes it.
SIZES = Path(__file__).with_name("npm_sizes.json")


def packages(folder: Path) -> Iterator[str]:
    """Go through the packages of a lock, such as ``aws-cdk@2.1148.1``."""
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for place, package in locked.items():
        if place:
            yield f"{place.rpartition('node_modules/')[2]}@{package['version']}"


def announcement(folder: Path) -> str:
    """Say what is to be installed, and how large it is, if that is known of all."""
    sizes: dict[str, int] = json.loads(SIZES.read_text(encoding="utf-8"))
    wanted = sorted(packages(folder))
    said = ", ".join(wanted) if len(wanted) == 1 else f"{len(wanted)} packages"
    known = [sizes[each] for each in wanted if each in sizes]
    return said if len(known) < len(wanted) else f"{said}, {megabytes(sum(known))} to download at most"


def main() -> None:
    """Install; end with 1 and what npm says if that fails."""
    folder = Path(*sys.argv[1:])
    say(f"Installing {folder / 'package-lock.json'}: {announcement(folder)}")
    npm = str(Path(sys.executable).with_name("npm"))
    # npm prints nothing of a step where nobody sits at a terminal.
    end = run([npm, "ci", "--ignore-scripts", "--loglevel", "error", "--prefix", str(folder)], os.environ)
    if not end.good:
        sys.exit(f"{folder / 'package-lock.json'} cannot be installed. npm says:\n{end.last_words}")
    say("  Installed")


if __name__ == "__main__":
    main()
