"""Each command ends with the exit code that its help tells, and with one sentence for what it cannot do."""

import errno
import json
import os
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.session import Session

from bedrock_batch.cli import COMMANDS
from bedrock_batch.jobs.status import JobStatus

from .in_process import Answer, answer_of

#: What each command can be given so that nothing but its job or its credentials is missing.
OF_AWS = {
    "models": "",
    "convert": "s3://bucket/in/ --model amazon.nova-lite-v1:0 --output out.jsonl",
    "check": "s3://bucket/in/",
    "split": "s3://bucket/in/ --to parts",
    "plan": "app",
    "run": "my-pipeline",
    "list": "",
    "status": "my-job",
    "watch": "my-job",
    "doctor": "my-job",
    "stop": "my-job",
    "results": "my-job",
    "retry": "my-job",
    "report": "my-job",
}
MANIFEST = {
    "totalRecordCount": 3,
    "processedRecordCount": 3,
    "successRecordCount": 3,
    "errorRecordCount": 0,
}
DONE = "--output-dir good"
RUN = "arn:aws:states:us-east-1:123456789012:execution:machine:monday"


def write(file: Path, *lines: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of results, good and bad ones, in the working directory."""
    monkeypatch.chdir(tmp_path)
    records = [{"recordId": f"r{number}", "modelInput": {}} for number in range(3)]
    results = [{**record, "modelOutput": {"generation": "x"}} for record in records]
    for name in ("good", "bad-manifest", "two/a", "two/b", "cut"):
        write(Path(name, "in.jsonl.out"), *results)
        write(Path(name, "manifest.json.out"), MANIFEST)
    cut = Path("cut/in.jsonl.out")
    cut.write_bytes(cut.read_bytes()[:-20])
    Path("bad-manifest/manifest.json.out").write_text("[]")
    write(Path("in.jsonl"), *records)
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://000000000000/us-east-1",
        "properties": {"templateFile": "stack.json"},
    }
    write(Path("app/manifest.json"), {"artifacts": {"Stack": stack}})
    write(Path("app/stack.json"), {"Resources": {}})
    write(Path("more.jsonl"), *records, {"recordId": "never", "modelInput": {}})
    write(Path("odd.jsonl"), *records, {"recordId": 1, "modelInput": {}})
    write(Path("other.jsonl"), *({"recordId": f"x{number}", "modelInput": {}} for number in range(3)))
    write(Path("bad.jsonl"), {"modelInput": 1})
    Path("file").touch()
    Path("empty").mkdir()
    os.mkfifo("pipe")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, line: str) -> Answer:
    return answer_of(monkeypatch, *shlex.split(line))


def assert_is_a_sentence(answer: Answer) -> None:
    assert answer.code == 2, answer
    assert re.fullmatch(r"bedrock-batch: [^\n]+\n", answer.err), answer.err
    assert not re.search(r"Errno|Traceback|\.part\b|<", answer.err)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("--version", 0),
        ("--help", 0),
        ("", 2),
        ("none", 2),
        ("check in.jsonl --limit min_records_per_job=1", 0),
        ("check in.jsonl", 1),
        ("check bad.jsonl --limit min_records_per_job=1", 1),
        ("check file", 1),
        ("check nosuch.jsonl", 2),
        ("check bad.jsonl nosuch.jsonl", 2),
        ("check empty", 2),
        ("check pipe", 2),
        ("check", 2),
        ("split in.jsonl --to parts --limit min_records_per_job=1", 0),
        ("split in.jsonl --to parts", 2),
        ("split in.jsonl --to ''", 2),
        ("results --output-dir ''", 2),
        ("results --output-dir good --input ''", 2),
        ("report --output-dir good --output ''", 2),
        ("init ''", 2),
        ("results --output-dir good", 0),
        ("results --output-dir good --input in.jsonl --output table.csv", 0),
        ("results --output-dir two", 0),
        ("run my-pipeline --name 'no name'", 2),
        ("results --output-dir good --output table.xlsx", 2),
        ("report --output-dir good", 0),
        ("init app", 0),
        ("completion bash", 0),
        ("completion sh", 2),
    ],
)
def test_the_code_is_the_one_that_the_help_tells(monkeypatch: pytest.MonkeyPatch, line: str, code: int) -> None:
    assert run(monkeypatch, line).code == code


@pytest.mark.parametrize("command", ["results", "report"])
@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("--output-dir good --input more.jsonl", '1 record of the input without a result: "never"'),
        (
            "--output-dir cut",
            "1 line of the output not as the service writes them; what can be read is there: in.jsonl",
        ),
        ("--output-dir good --input odd.jsonl", "1 line of the input that are no record: odd.jsonl:4: "),
        ("--output-dir bad-manifest", "manifest.json.out: must be a JSON object, got a list"),
    ],
)
def test_what_does_not_add_up_is_named_and_tells_in_the_code(
    monkeypatch: pytest.MonkeyPatch, command: str, options: str, problem: str
) -> None:
    told = run(monkeypatch, f"{command} {options} --output table.jsonl")
    printed = run(monkeypatch, f"{command} {options} --output -")
    for_machines = run(monkeypatch, f"{command} {options} --output table.jsonl --json")
    assert (told.code, printed.code, for_machines.code) == (1, 1, 1)
    assert problem in told.err
    assert problem in printed.err
    assert json.loads(for_machines.out)["problems"][0].startswith(problem)


def test_a_file_that_may_not_be_read_is_none_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    # Whoever runs the tests may be root, who may read all.
    monkeypatch.setattr("bedrock_batch.records.input.local.open_source", refuse)
    answer = run(monkeypatch, "check in.jsonl --json")
    assert (answer.code, json.loads(answer.out)["unread"]) == (2, 1)
    assert b"permission denied" in answer.out


@pytest.mark.parametrize("command", ["results", "report"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "no job is named"),
        ("--output-dir nosuch", "nosuch: there is no such folder"),
        ("--output-dir file", "file: there is no such folder"),
        ("--output-dir empty", "empty: has no *.jsonl.out file"),
        ("--output-dir two --input in.jsonl", "two: has the results of several jobs, and --input is that of one"),
        (f"{DONE} --run machine/monday", "--output-dir takes the place of a job"),
        (
            "--run monday",
            '--run must be the ARN of an execution, PIPELINE/NAME, or with --stack the name alone, got "monday"',
        ),
        ("my-job --run machine/monday", "--run takes the place of a job"),
        ("--run machine/monday --retries", "a run asks again by itself what failed; leave --retries out"),
        (f"{RUN}", f"{RUN} is a run of a pipeline, no job; name it with --run"),
        (f"{DONE} --input other.jsonl", "none of the 3 results belongs to a record of this input"),
        (f"{DONE} --input nosuch.jsonl", "nosuch.jsonl: there is no such file"),
        (f"{DONE} --input empty", "empty: has no .jsonl file"),
        (f"{DONE} --input bad.jsonl", "bad.jsonl:1: "),
        (f"{DONE} my-job", "--output-dir takes the place of a job"),
        ("my-job --input in.jsonl", "--input goes with --output-dir"),
        (f"{DONE} --output nosuch/x.csv", "nosuch/x.csv: No such file or directory; make its folder first"),
        (f"{DONE} --output file/x.csv", "file/x.csv: Not a directory"),
        (f"{DONE} --output empty --json", "empty: "),
        (f"{DONE} --output - --json", "name a file with --output"),
    ],
)
def test_results_that_cannot_be_read_or_written(
    monkeypatch: pytest.MonkeyPatch, command: str, options: str, said: str
) -> None:
    line = f"{command} {options}" + (" --format csv" if command == "results" and "--output empty" in options else "")
    answer = run(monkeypatch, line)
    assert_is_a_sentence(answer)
    assert said in answer.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("report --output-dir good --input-price 1", "a cost needs both prices"),
        ("report --output-dir good --input-price 1 --output-price nan", "the output price must be 0 or more"),
        ("report --output-dir good --prices pipe", "pipe: is a pipe or a device"),
        ("report --output-dir good --prices in.jsonl", "in.jsonl: is no price list in JSON"),
        ("run my-pipeline --prices nosuch.json", "nosuch.json: cannot be read"),
        ("split nosuch.jsonl --to parts", "nosuch.jsonl: there is no such file"),
        ("split bad.jsonl --to file", "file: File exists"),
        ("split in.jsonl --to s3://B/x", "an S3 URI must be s3://bucket/key"),
        ("split in.jsonl --to 's3://bucket/a b/'", "s3://bucket/a b/: is no S3 URI that a job may have"),
        ("init file", "file: File exists"),
        ("init file/app", "file/app: Not a directory"),
        ("retry my-job --submit --output -", "--submit uploads what --output has written"),
        ("retry my-job --submit --output pipe", "--submit uploads what --output has written"),
        ("retry --run machine/monday", "bedrock-batch run PIPELINE --resume RUN"),
        ("run", "no pipeline is named"),
        ("run my-pipeline --resume monday --max-records 1", "--max-records is for a run that begins"),
    ],
)
def test_what_else_cannot_be_done(monkeypatch: pytest.MonkeyPatch, line: str, said: str) -> None:
    answer = run(monkeypatch, line)
    assert_is_a_sentence(answer)
    assert said in answer.err


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("list", "--profile nobody's", "The config profile (nobody's) could not be found"),
        (
            "list",
            "--region us_east",
            "'us_east' doesn't match a supported format; name one such as us-east-1 with --region",
        ),
        ("list", "--endpoint-url http://", "http://"),
        ("list", "--endpoint-url http://localhost:port", "http://localhost:port"),
        ("list", "--endpoint-url ftp://localhost", "Invalid endpoint: ftp://localhost; name an endpoint such as"),
        ("list", "--endpoint-url //localhost", "Invalid endpoint: //localhost; name"),
        ("list", "--endpoint-url http://localhost/?a", "Invalid endpoint: http://localhost/?a; name"),
        *((command, "--endpoint-url notaurl", "Invalid endpoint: notaurl") for command in OF_AWS),
        *((command, "--endpoint-url http://127.0.0.1:9", "http://127.0.0.1:9") for command in OF_AWS),
    ],
)
def test_an_aws_that_cannot_be_asked(monkeypatch: pytest.MonkeyPatch, command: str, options: str, said: str) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    answer = run(monkeypatch, f"{command} {OF_AWS[command]} {shlex.join(options.split())}")
    assert_is_a_sentence(answer)
    assert said in answer.err


class Bedrock:
    """A service that knows one job."""

    meta = SimpleNamespace(endpoint_url="http://localhost")
    submitted = datetime(2026, 11, 1, tzinfo=UTC)

    def __init__(self, details: dict[str, Any]) -> None:
        self._details = details

    def get_model_invocation_job(self, **_: object) -> dict[str, Any]:
        return self._details


@pytest.mark.parametrize(
    ("status", "succeeded", "code"),
    [
        (JobStatus.COMPLETED, 1, 0),
        (JobStatus.COMPLETED, 0, 1),
        (JobStatus.FAILED, 0, 3),
        (JobStatus.PARTIALLY_COMPLETED, 1, 4),
        (JobStatus.STOPPED, 1, 5),
        (JobStatus.EXPIRED, 0, 6),
    ],
)
def test_watch_tells_the_end_of_a_job(
    monkeypatch: pytest.MonkeyPatch, status: JobStatus, succeeded: int, code: int
) -> None:
    job = {
        "jobArn": "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz",
        "status": str(status),
        "submitTime": Bedrock.submitted,
        "successRecordCount": succeeded,
    }
    monkeypatch.setattr(Session, "create_client", lambda *_, **__: Bedrock(job))
    assert run(monkeypatch, f"watch {job['jobArn']}").code == code


def test_no_command_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {*OF_AWS, "prepare", "init", "completion"} == set(COMMANDS)
    told = {name: run(monkeypatch, f"{name} --help").out.decode() for name in COMMANDS}
    assert [name for name, text in told.items() if "--endpoint-url" in text] == list(OF_AWS)
