"""Nothing that comes from a file, a service or a command line is obeyed by the terminal that shows it."""

import argparse
import json
import re
from pathlib import Path

import pytest
from botocore.session import Session

import bedrock_batch.cli
from bedrock_batch.cli.printing import note, write, write_table
from bedrock_batch.cli.style import Style
from bedrock_batch.values import visible
from tests.toolkit_cli.test_exit_codes import Bedrock
from tests.unit.toolkit.job_files import record
from tests.unit.toolkit.job_files import write as write_lines

from .in_process import answer_of

#: Colours, a window's title, a carriage return, another line, and letters that run the other way.
EVIL = "a\x1b[31m\x1b]0;t\x07\r\nQ\x9b2J\u202e\x7f"
OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        ["check", f"{EVIL}.jsonl"],
        ["check", f"{EVIL}.jsonl", "--json"],
        ["check", "in.jsonl", f"--{EVIL}"],
        ["check", "in.jsonl", "--limit", EVIL],
        ["split", f"{EVIL}.jsonl", "--to", "parts"],
        ["split", "in.jsonl", "--to", EVIL],
        ["split", "in.jsonl", "--to", EVIL, "--json"],
        ["convert", f"{EVIL}.jsonl", "--model", "amazon.nova-lite-v1:0", "--output", "out.jsonl"],
        ["convert", "in.jsonl", "--model", EVIL, "--output", "out.jsonl"],
        ["results", "--output-dir", EVIL],
        ["report", "--output-dir", EVIL],
        ["init", EVIL],
        ["init", EVIL, "--json"],
        ["list", "--submit-time-after", EVIL],
        ["list", "--endpoint-url", EVIL],
        ["list", "--profile", EVIL],
        [EVIL],
    ],
)
def test_a_name_is_shown_and_not_obeyed(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    write_lines(Path("in.jsonl"), record("r1"))
    answer = answer_of(monkeypatch, *words)
    told = answer.out.decode() + answer.err
    assert told
    assert OBEYED.findall(told) == []
    assert not re.search(r"^Q", told, re.MULTILINE), "a name may not begin a line of its own"


def test_json_has_the_name_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem, *_) = json.loads(answer_of(monkeypatch, "check", f"{EVIL}.jsonl", "--json").out)["problems"]
    assert problem["file"] == f"{EVIL}.jsonl"


def test_so_is_what_a_service_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz"
    job = {
        "jobArn": arn,
        "jobName": EVIL,
        "status": "Failed",
        "message": EVIL,
        "modelId": EVIL,
        "roleArn": EVIL,
        "submitTime": Bedrock.submitted,
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": EVIL}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": EVIL}},
    }
    monkeypatch.setattr(Session, "create_client", lambda *_, **__: Bedrock(job))
    for words in (["status", arn], ["status", arn, "--json"], ["watch", arn], ["stop", arn]):
        answer = answer_of(monkeypatch, *words)
        assert OBEYED.findall(answer.out.decode() + answer.err) == [], words


def test_our_own_colours_are_kept_and_nobody_elses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    style = Style(argparse.Namespace(no_color=False))
    write(style.paint(EVIL, "red"), EVIL)
    write_table([("東京", "x"), (style.paint("ab", "bold"), EVIL)])
    note(EVIL)
    out, err = capsys.readouterr()
    assert out == (f"\x1b[31m{visible(EVIL)}\x1b[0m{visible(EVIL)}\n東京  x\n\x1b[1mab\x1b[0m    {visible(EVIL)}\n")
    assert err == f"{visible(EVIL)}\n"


def test_all_that_is_printed_is_printed_in_one_place() -> None:
    commands = Path(bedrock_batch.cli.__file__).parent
    raw = re.compile(r"\bprint\(|sys\.std(?:out|err)\.write\(")
    found = {path.name for path in commands.rglob("*.py") if raw.search(path.read_text())}
    assert found == {"printing.py"}
