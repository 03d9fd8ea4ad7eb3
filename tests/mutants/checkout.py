"""A copy of the checkout, in which one file at a time is a mutant: the working tree is never touched."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .mutant import Mutant

#: What is installed, and made by make: the copies have the same.
INSTALLED = (".venv", "node_modules", "tests/judges/node_modules")
#: pytest, until the first failure, which hypothesis does not make any smaller.
PYTEST = (
    "-m",
    "pytest",
    "-x",
    "-q",
    "--no-header",
    "--tb=no",
    "-p",
    "no:cacheprovider",
    "-p",
    "tests.mutants.unshrunk",
)


@dataclass(frozen=True)
class Ended:
    """How a run of tests ended: with pytest's exit code, or None where it was stopped, for it did not end.

    `cpu` are seconds.
    """

    code: int | None
    cpu: float
    output: str

    @property
    def failed(self) -> str:
        """The test that failed first; what pytest said last, where it was none of them."""
        lines = self.output.strip().splitlines()
        named = [line.partition(" ")[2].partition(" - ")[0] for line in lines if line.startswith(("FAILED ", "ERROR "))]
        return (named or lines[-1:] or [""])[0]


@dataclass(frozen=True)
class Checkout:
    """A copy of all that git knows, and of what is not ignored."""

    folder: Path

    @classmethod
    def copied(cls, root: Path, folder: Path) -> "Checkout":
        """Copy the files of a checkout; what is installed is linked."""
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
        for name in names:
            if name not in {"", *INSTALLED} and (root / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / name, folder / name)
        for name in INSTALLED:
            if (root / name).exists():
                (folder / name).symlink_to((root / name).resolve())
        return cls(folder)

    @contextmanager
    def mutated(self, mutant: Mutant) -> Iterator[None]:
        """Have the mutant in the place of its file."""
        file = self.folder / mutant.change.file
        before = file.read_text(encoding="utf-8")
        try:
            _write(file, mutant.text)
            yield
        finally:
            _write(file, before)

    def run(self, tests: str, seconds: float = threading.TIMEOUT_MAX, aside: Iterable[str] = ()) -> Ended:
        """Run tests, of the paths or of the one id that are given, at most for so long; some are put aside."""
        paths = [tests] if "::" in tests else [path for each in tests.split() for path in self._paths(each)]
        options = [f"--basetemp={self.folder}.tests", *(f"--deselect={test}" for test in aside)]
        command = [sys.executable, *PYTEST, *options, *paths]
        with Path(f"{self.folder}.log").open("w+", encoding="utf-8") as log:
            began = subprocess.Popen(
                command,
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(self._path())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            code, cpu = _waited_for(began, seconds)
            log.seek(0)
            return Ended(code, cpu, log.read())

    def _paths(self, pattern: str) -> Iterator[str]:
        yield from (path.relative_to(self.folder).as_posix() for path in sorted(self.folder.glob(pattern)))

    def _path(self) -> Iterator[str]:
        for entry in ("constructs", "lambda", "toolkit", "local", ".", "benchmarks"):
            yield str(self.folder / entry)


def _waited_for(process: subprocess.Popen[bytes], seconds: float) -> tuple[int | None, float]:
    """Return the exit code, None if the time was up, and the CPU time of the process and all that it waited for."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        _end(process)

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        _, status, used = os.wait4(process.pid, 0)
    finally:
        timer.cancel()
        # What a test that was stopped has left running, too.
        _end(process)
    process.returncode = os.waitstatus_to_exitcode(status)
    return None if is_late.is_set() else process.returncode, used.ru_utime + used.ru_stime


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _write(file: Path, text: str) -> None:
    """Write a source, and remove what Python has compiled of it: the two may be of one second and one size."""
    file.write_text(text, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)
