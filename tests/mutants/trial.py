"""What became of mutants: each is tried until a test fails, or none has."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Literal

import pytest

from .checkout import Checkout, Ended
from .mutant import Change, Mutant

#: How many are tried at once.
WORKERS = os.cpu_count() or 1
#: How long tests may take with a mutant: so many times what they take without one, and so many seconds.
TIMES, SECONDS = 10, 120
#: The same for one test.
LONGEST = 600
#: Where tests wait for nobody: what fails there fails because of the mutant.
STEADY = ("tests/unit/", "tests/contract/")

Fate = Literal["killed", "timed out", "survived"]


class RedError(Exception):
    """Tests fail without any mutant, so that they tell nothing about one."""


@dataclass(frozen=True)
class Tried:
    """A mutant's fate, the test that failed, and the seconds of CPU time that it took."""

    change: Change
    fate: Fate
    by: str
    cpu: float


@dataclass
class Trial:
    """Tries mutants in copies of a checkout."""

    root: Path
    runs_for: Callable[[str], Iterable[str]]
    _copies: SimpleQueue[Checkout] = field(default_factory=SimpleQueue)
    _bounds: dict[str, float] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    def run(self, mutants: Iterable[Mutant]) -> Iterator[Tried]:
        """Try mutants, several at once; their fates come in the order of the mutants."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="mutants-")))
            for number in range(WORKERS):
                self._copies.put(Checkout.copied(self.root, folder / f"{number}"))
            pool = stack.enter_context(ThreadPoolExecutor(WORKERS))
            stack.callback(pool.shutdown, cancel_futures=True)
            yield from pool.map(self._tried, mutants)

    def _tried(self, mutant: Mutant) -> Tried:
        cpu = 0.0
        with self._copy() as checkout:
            for tests in self.runs_for(mutant.change.file):
                for ended, fate in self._ends(checkout, mutant, tests):
                    cpu += ended.cpu
                    if fate:
                        return Tried(mutant.change, fate, ended.failed or tests, cpu)
        return Tried(mutant.change, "survived", "", cpu)

    def _ends(self, checkout: Checkout, mutant: Mutant, tests: str) -> Iterator[tuple[Ended, Fate | None]]:
        """Run tests with a mutant, and again without each that failed and does not fail because of it."""
        bound, aside = self._bound(checkout, tests), list[str]()
        while True:
            with checkout.mutated(mutant):
                ended = checkout.run(tests, bound, aside)
            if ended.code is None:
                yield ended, "timed out"
            if ended.code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
                yield ended, None
                return
            if _is_steady(ended.failed) or self._tells(checkout, mutant, ended.failed):
                yield ended, "killed"
            aside.append(ended.failed)
            yield ended, None

    def _tells(self, checkout: Checkout, mutant: Mutant, test: str) -> bool:
        """Whether a test passes without the mutant and fails with it, alone: some are late where much else runs."""
        if checkout.run(test, LONGEST).code != 0:
            return False
        with checkout.mutated(mutant):
            return checkout.run(test, LONGEST).code != 0

    @contextmanager
    def _copy(self) -> Iterator[Checkout]:
        checkout = self._copies.get()
        try:
            yield checkout
        finally:
            self._copies.put(checkout)

    def _bound(self, checkout: Checkout, tests: str) -> float:
        """Run tests without a mutant, once; return how many seconds they may take with one."""
        with self._locks.setdefault(tests, threading.Lock()):
            if tests not in self._bounds:
                began, ended = time.monotonic(), checkout.run(tests)
                if ended.code != 0:
                    raise RedError(f"without any mutant, {ended.failed} fails; mend that first")
                self._bounds[tests] = SECONDS + TIMES * (time.monotonic() - began)
            return self._bounds[tests]


def _is_steady(failed: str) -> bool:
    """Whether what has failed fails each time: a test that waits for nobody, or what is no test, such as an import."""
    return failed.startswith(STEADY) or "::" not in failed
