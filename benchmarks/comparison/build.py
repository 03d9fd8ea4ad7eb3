"""Builds of the product: this tree as it is, and a commit in a worktree of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ENTRIES = ("constructs", "lambda", "toolkit", "local", "benchmarks")


@dataclass(frozen=True)
class Build:
    """A tree of the product's files.

    Attributes
    ----------
    folder
        Where it is.
    compiled
        Where Python keeps what it compiles: then that is there for each build alike, whatever the environment says.
    """

    folder: Path
    compiled: Path

    def environment(self) -> dict[str, str]:
        """Return the environment of a process that runs this build, on the benchmarks of this tree."""
        entries = [*(str(self.folder / entry) for entry in _ENTRIES[:-1]), str(ROOT / "benchmarks")]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        of_python = {"PYTHONPATH": os.pathsep.join(entries), "PYTHONPYCACHEPREFIX": str(self.compiled)}
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return given | {"PATH": path, "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1", **of_python}


def default_base() -> str:
    """Return the commit that this tree is compared to: the last release's, or where its branch left main."""
    for command in (("describe", "--tags", "--abbrev=0"), ("merge-base", "HEAD", "main")):
        found = _git(*command)
        if not found.returncode:
            return found.stdout.strip()
    return "HEAD"


def short_name(commit: str) -> str:
    """Return the short id of a commit.

    Raises
    ------
    SystemExit
        There is none of that name.
    """
    found = _git("rev-parse", "--short", f"{commit}^{{commit}}")
    if found.returncode:
        sys.exit(f"BASE must be a commit of this repository, got {commit!r}: name one that `git log` shows")
    return found.stdout.strip()


@contextmanager
def build_before(commit: str, folder: Path) -> Iterator[Build]:
    """Check a commit out beside this tree for a while."""
    tree = folder / "before"
    done = _git("worktree", "add", "--quiet", "--detach", str(tree), commit)
    if done.returncode:
        sys.exit(f"a worktree of {commit} cannot be made: {done.stderr.strip()}")
    try:
        yield Build(tree, folder / "compiled")
    finally:
        shutil.rmtree(tree, ignore_errors=True)
        _git("worktree", "prune")


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - as it is written here
