import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrock_batch import check
from tests.conftest import RecordFile

from .command import TOOLKIT, bedrock_batch


def test_good_input_is_summed_up(record_file: RecordFile) -> None:
    file = record_file()
    run = bedrock_batch("check", file, "--model", "amazon.nova-lite-v1:0")
    size = file.stat().st_size
    assert (run.returncode, run.stderr) == (0, "")
    tokens = check(file).estimated_tokens
    assert run.stdout == f"100 records, {size:,} bytes, about {tokens:,} tokens of text: no problems\n"


def test_problems_are_told_one_a_line(record_file: RecordFile) -> None:
    file = record_file()
    file.write_text(file.read_text().replace('"r41"', '"r7"').replace('"r50"', "50"))
    run = bedrock_batch("check", file)
    first, second, summary = run.stdout.splitlines()
    assert (run.returncode, run.stderr) == (1, "")
    assert first.startswith(f"{file}:42: 'recordId' \"r7\" is already that of line 8")
    assert second.startswith(f"{file}:51:14: 'recordId' must be a string, got the number 50; ")
    assert summary.endswith(": 2 problems")


def test_the_model_and_the_invocation_type_count(record_file: RecordFile) -> None:
    file = record_file()
    assert bedrock_batch("check", file, "--model", "anthropic.claude-3-haiku-20240307-v1:0").returncode == 1
    converse = ("--model", "anthropic.claude-3-haiku-20240307-v1:0", "--invocation-type", "Converse")
    assert bedrock_batch("check", file, *converse).returncode == 0


def test_a_model_that_is_not_known_is_said_to_be_so(record_file: RecordFile) -> None:
    file = record_file()
    run = bedrock_batch("check", file, "--model", "nova-lite")
    assert run.returncode == 0
    warning = 'no model with known bodies is called "nova-lite", so they are not checked; near names: amazon.nova-lite-'
    assert run.stdout.startswith(f"{file}: warning: {warning}")
    (told,) = json.loads(bedrock_batch("check", file, "--model", "nova-lite", "--json").stdout)["warnings"]
    assert told["message"].startswith(warning)


def test_limits_can_be_set(record_file: RecordFile) -> None:
    file = record_file(99)
    assert bedrock_batch("check", file).returncode == 1
    assert bedrock_batch("check", file, "--limit", "min_records_per_job=99").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--limit", "records=1"], "must begin with one of min_records_per_job, "),
        (["--limit", "records_per_job=0"], "must give records_per_job a whole number of at least 1, got"),
        (["--invocation-type", "converse"], "invalid choice: 'converse'"),
    ],
)
def test_wrong_arguments_are_named(record_file: RecordFile, arguments: list[str], message: str) -> None:
    run = bedrock_batch("check", record_file(), *arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_json_has_all_that_is_known(record_file: RecordFile) -> None:
    good, bad = record_file(), record_file(3, name="few.jsonl")
    report = json.loads(bedrock_batch("check", good, "--json").stdout)
    assert report == {
        "records": 100,
        "bytes": good.stat().st_size,
        "problems": [],
        "hidden": 0,
        "warnings": [],
        "hiddenWarnings": 0,
        "unread": 0,
        "ok": True,
        "estimatedTokens": check(good).estimated_tokens,
        "estimatedInputCost": None,
    }
    run = bedrock_batch("check", bad, "--json")
    (problem,) = json.loads(run.stdout)["problems"]
    assert run.returncode == 1
    assert (problem["file"], problem["line"], problem["column"]) == (str(bad), None, None)


def test_several_files_are_read_by_several_processes(record_file: RecordFile) -> None:
    files = [record_file(60, name=f"{name}.jsonl") for name in "abc"]
    run = bedrock_batch("check", *files)
    assert run.returncode == 0
    assert run.stdout.count("ids of") == 2
    assert run.stdout.splitlines()[-1].startswith("180 records, ")


def on_a_terminal(*arguments: str | Path, **environment: str) -> str:
    """What the command writes to a terminal."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bedrock_batch.cli", *map(str, arguments)],
        env={"PYTHONPATH": str(TOOLKIT), "TERM": "xterm", **environment},
        stdout=its,
        stderr=its,
    ):
        os.close(its)
        written = b""
        try:
            while part := os.read(ours, 4096):
                written += part
        except OSError:  # What Linux answers when the other end is closed.
            pass
    os.close(ours)
    return written.decode()


def test_colours_are_for_terminals_that_want_them(record_file: RecordFile) -> None:
    file = record_file(3000)
    shown = on_a_terminal("check", file)
    assert "\x1b[32m3,000 records" in shown
    assert "\x1b[32m" not in on_a_terminal("check", file, "--no-color")
    assert "\x1b[32m" not in on_a_terminal("check", file, NO_COLOR="1")
    assert "\x1b" not in bedrock_batch("check", file).stdout


def test_a_reader_that_goes_away_is_no_error(record_file: RecordFile) -> None:
    command = shlex.join([sys.executable, "-m", "bedrock_batch.cli", "check", str(record_file(1))])
    run = subprocess.run(
        ["bash", "-c", f"{command} | true; exit ${{PIPESTATUS[0]}}"],
        env=os.environ | {"PYTHONPATH": str(TOOLKIT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def ignores_interrupts(pid: str) -> bool:
    try:
        (ignored,) = re.findall(r"SigIgn:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return False
    return bool(int(ignored, 16) >> (signal.SIGINT - 1) & 1)


@pytest.fixture(params=["one file", "several"])
def much(request: pytest.FixtureRequest, record_file: RecordFile) -> Iterator[list[Path]]:
    """As much as several processes read, in one file or in several."""
    file = record_file(50_000)
    if request.param == "several":
        yield [file] * 60
        return
    content = file.read_bytes()
    with file.open("wb") as one:
        one.writelines([content] * 60)
    yield [file]
    file.unlink()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_all_processes_without_a_traceback(much: list[Path], signum: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bedrock_batch.cli", "check", *much],
        env=os.environ | {"PYTHONPATH": str(TOOLKIT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while not any(ignores_interrupts(child) for child in children_of(process.pid)):
            assert process.poll() is None
        os.killpg(process.pid, signum)  # As a terminal does: the workers get it too.
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "bedrock-batch: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_worker_that_the_system_kills_is_told(much: list[Path]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bedrock_batch.cli", "check", *much],
        env=os.environ | {"PYTHONPATH": str(TOOLKIT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not (children := children_of(process.pid)):
            assert process.poll() is None
        os.kill(int(children[0]), signal.SIGKILL)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.startswith("bedrock-batch: a process that was started to help was killed, as by a system out of memory")
