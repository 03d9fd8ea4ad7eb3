"""Ctrl-C while files of this machine are read and written: no half file, no process, no traceback."""

import json
import os
import signal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from .interruption import interruptible

#: More than one process reads results from so many bytes on.
SEVERAL_PROCESSES = 33_000_000


def copied_results(folder: Path, least_bytes: int = 100_000) -> Path:
    """Write results of text that cannot be packed, as a copy of a job's output."""
    copy, random, size, number = folder / "copy", Random(1), 0, 0  # noqa: S311 (no secret)
    copy.mkdir()
    with (copy / "prompts.jsonl.out").open("w") as file:
        while size < least_bytes:
            output = {"generation": random.randbytes(500).hex()}
            size += file.write(json.dumps({"recordId": f"r{number}", "modelInput": {}, "modelOutput": output}) + "\n")
            number += 1
    return copy


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["table.jsonl", "table.csv", "page.html"])
def test_half_a_table_or_page_is_not_left(tmp_path: Path, name: str) -> None:
    copied_results(tmp_path)
    (tmp_path / name).write_text("of an earlier run")
    command = "report" if name == "page.html" else "results"
    with (
        interruptible(command, "--output-dir", "copy", "--output", name, folder=tmp_path) as running,
        running.slow_file(tmp_path / name) as file,
    ):
        running.go()
        file.wait()
        running.interrupt()
        file.drain()
        running.assert_interrupted()
    assert left(tmp_path) == {"copy", name, "temporary"}
    assert (tmp_path / name).read_text() == "of an earlier run"


def test_half_a_parquet_file_is_not_left(tmp_path: Path) -> None:
    """Parquet goes to a real file only, so it is the second file of the results that never ends."""
    os.mkfifo(copied_results(tmp_path) / "second.jsonl.out")
    with interruptible("results", "--output-dir", "copy", "--output", "table.parquet", folder=tmp_path) as running:
        running.go()
        while left(tmp_path) == {"copy", "temporary"}:
            assert running.process.poll() is None
        running.interrupt()
        running.assert_interrupted()
    assert left(tmp_path) == {"copy", "temporary"}


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGHUP])
def test_results_that_several_processes_read_leave_no_process(tmp_path: Path, signum: signal.Signals) -> None:
    copied_results(tmp_path, SEVERAL_PROCESSES)
    with (
        interruptible("results", "--output-dir", "copy", "--output", "table.jsonl", folder=tmp_path) as running,
        running.slow_file(tmp_path / "table.jsonl") as file,
    ):
        running.go()
        file.wait()
        assert running.children()
        running.interrupt(signum)
        file.drain()
        running.assert_interrupted()
    assert left(tmp_path) == {"copy", "temporary"}


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("tell", [os.kill, os.killpg], ids=["the-command", "each-process"])
def test_a_check_by_several_processes_leaves_none(tmp_path: Path, tell: Any, signum: signal.Signals) -> None:
    """A line that does not end keeps a process busy for as long as its file has bytes."""
    for name in ("a.jsonl", "b.jsonl"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(2**40)
    with interruptible("check", "a.jsonl", "b.jsonl", folder=tmp_path) as running:
        running.go()
        while len(running.children()) < 2:
            assert running.process.poll() is None
        tell(running.process.pid, signum)
        running.assert_interrupted()


def test_half_an_input_is_not_left(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text\n" + "".join(f"{number}\n" for number in range(10_000)))
    (tmp_path / "prompt.txt").write_text("{text}")
    words = ("prepare", "t.csv", "--template", "prompt.txt", "--model", "amazon.nova-lite-v1:0")
    with (
        interruptible(*words, "--output", "in.jsonl", folder=tmp_path) as running,
        running.slow_file(tmp_path / "in.jsonl") as file,
    ):
        running.go()
        file.wait()
        running.interrupt()
        file.drain()
        running.assert_interrupted()
    assert left(tmp_path) == {"t.csv", "prompt.txt", "temporary"}


def test_half_an_app_is_not_left(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    with (
        interruptible("init", "app", folder=tmp_path) as running,
        running.slow_file(tmp_path / "app" / "prompts.jsonl") as file,
    ):
        running.go()
        file.wait()
        running.interrupt()
        file.drain()
        running.assert_interrupted()
    assert left(tmp_path / "app") == set()
