"""What every test stands on: no real account within reach, and a record file that Bedrock would take; and a browser."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

RecordFile = Callable[..., Path]

#: Each stack of these waits for jobs and for the CDK CLI.
LONG = ("tests/upgrade", "tests/end_to_end", "tests/aws/test_run", "tests/aws/test_clean", "tests/faults/test_random")

# CDK's own look at templates takes over half of a synthesis; tests/judges has it look at every example once.
os.environ["CDK_VALIDATION"] = "false"


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: those who deploy stacks mostly wait for others."""
    return (os.cpu_count() or 1) + 2


def pytest_collection(session: pytest.Session) -> None:
    """Each worker loads another share of all tests first, so that it finds the others' compiled, and their asserts."""
    gc.disable()
    worker = getattr(session.config, "workerinput", None)
    if worker and session.config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        first, step = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
        for path in sorted(Path(__file__).parent.rglob("test_*.py"))[first::step]:
            # What cannot be loaded is said where pytest loads it.
            with contextlib.suppress(Exception):
                import_module(".".join(path.relative_to(session.config.rootpath).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What was loaded stays to the end: none of it is looked through for garbage, then and ever again."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first: none of it shall be left to do when all else is done."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(autouse=True)
def no_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer's shell holds, no test can reach an account with it."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture(autouse=True)
def plain_recursion_limit() -> None:
    """As deep as Python lets users' programs go: jsonata, which the local AWS loads, makes that 10,000 for all."""
    sys.setrecursionlimit(1000)


@pytest.fixture
def record_file(tmp_path: Path) -> RecordFile:
    """Write records in Amazon Nova's shape; each call may say how many, and what they ask."""

    def write(count: int = 100, *, name: str = "prompts.jsonl", text: str = "Say hello") -> Path:
        path = tmp_path / name
        lines = (
            {"recordId": f"r{n}", "modelInput": {"messages": [{"role": "user", "content": [{"text": f"{text} {n}"}]}]}}
            for n in range(count)
        )
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, for one module only: while it is there, this thread cannot run another event loop."""
    from tests.browser.chromium import chromium  # noqa: PLC0415 - few tests need it, and it takes a while to load

    with chromium() as started:
        yield started
