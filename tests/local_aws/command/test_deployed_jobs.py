"""`bedrock-local deploy` on an app with jobs: they are followed, and their results are copied and shown."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from rich.console import Console

from bedrock_local.command.follow import follow
from bedrock_local.command.jobs import Job
from bedrock_local.running import find
from tests.local_aws.processes import descendants, gone
from tests.local_aws.program import bedrock_local

JOBS = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job"
APP = """
import json, sys
import aws_cdk as cdk
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob
app = cdk.App()
stack = cdk.Stack(app, "Jobs")
for name in sys.argv[1:]:
    body = {"messages": [{"role": "user", "content": [{"text": f"What is {name}?"}]}]}
    records = [json.dumps({"recordId": f"{name}{n}", "modelInput": body}) + "\\n" for n in range(100)]
    with open(f"{name}.jsonl", "w") as file:
        file.writelines(records)
    ModelInvocationJob(stack, name, model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
                       input_data=InputData.from_file(f"{name}.jsonl"))
app.synth()
"""


class Unwilling(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that refuses every prompt."""

    def do_GET(self) -> None:
        self._answer(200, {"data": [{"id": "unwilling"}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer(400, {"error": {"message": "I would rather not"}})

    def _answer(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def unwilling() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Unwilling) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.CompletedProcess[str]]]:
    """An app with two jobs, deployed to a local AWS that is kept; its directory, and what the command printed."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "app.py").write_text(APP)
    (folder / "cdk.json").write_text(json.dumps({"app": "python app.py iron gold"}))
    yield folder, bedrock_local("deploy", "--keep", "--model", "echo", folder=folder)
    bedrock_local("down", folder=folder)


def result_files(folder: Path) -> set[str]:
    results = folder / ".bedrock-local" / "results"
    return {str(file.relative_to(results)) for file in results.rglob("*") if file.is_file()}


def outputs(folder: Path) -> dict[str, str]:
    stacks: dict[str, dict[str, str]] = json.loads((folder / ".bedrock-local" / "outputs.json").read_text())
    return stacks["Jobs"]


def job_ids(folder: Path) -> set[str]:
    return {arn.rpartition("/")[2] for arn in outputs(folder).values()}


def test_the_jobs_of_an_app_are_followed_and_their_results_copied(
    deployed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, answer = deployed
    assert answer.returncode == 0, answer.stdout + answer.stderr
    ids = job_ids(folder)
    assert len(ids) == 2
    for job_id in ids:
        ended = re.escape("Completed: 100 of 100 records succeeded (arn:aws:bedrock:us-east-1:000000000000:")
        assert re.search(rf"{ended}model-invocation-job/{job_id}\)", answer.stdout)
    for label in outputs(folder):
        assert f"\nJobs.{label} Completed 100 of 100 records\n" in answer.stdout
    assert "the local AWS is up at http://127.0.0.1:" in answer.stdout.partition("\n")[0]
    assert "(model echo)" in answer.stdout.partition("\n")[0]
    kinds = {name: {Path(file).name for file in result_files(folder) if file.startswith(name)} for name in ids}
    assert all("manifest.json.out" in names and len(names) == 2 for names in kinds.values()), kinds
    assert "What is iron?" in answer.stdout
    assert "\x1b" not in answer.stdout


def test_a_kept_local_aws_stays_up_and_its_use_is_told(
    deployed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, answer = deployed
    running = find(folder / ".bedrock-local")
    assert running
    assert f"export AWS_ENDPOINT_URL={running.endpoint_url}\n" in answer.stdout
    assert "unset AWS_PROFILE\n" in answer.stdout


def test_deploying_the_same_again_makes_no_job_and_copies_the_same_results(
    deployed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = deployed
    ids, files = job_ids(folder), result_files(folder)
    answer = bedrock_local("deploy", folder=folder)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.startswith("using the local AWS that runs in .bedrock-local already: http://127.0.0.1:")
    assert (job_ids(folder), result_files(folder)) == (ids, files)
    assert find(folder / ".bedrock-local")


EARLIER = "\nIt is of an earlier deployment, and this one has not run it again: another run_token does so\n"


def test_a_completed_job_without_a_successful_record_is_no_success_nor_is_it_run_again(
    unwilling: str, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(APP)
    answer = bedrock_local("deploy", "--keep", "--model", unwilling, "--app", "python app.py lead", folder=tmp_path)
    try:
        shutil.copytree(tmp_path / ".bedrock-local" / "cdk.out", tmp_path / "assembly")
        again = bedrock_local("deploy", "--app", "assembly", folder=tmp_path)
    finally:
        bedrock_local("down", folder=tmp_path)
    assert (again.returncode, EARLIER in again.stdout) == (3, True), again.stdout + again.stderr
    assert EARLIER not in answer.stdout
    assert answer.returncode == 3, answer.stdout + answer.stderr
    assert "Completed: 0 of 100 records succeeded" in answer.stdout
    assert "error 400: " in answer.stdout
    assert re.search(
        r"^No record succeeded. The first error, of record lead\d+: 400: .*I would rather not",
        answer.stdout,
        re.MULTILINE,
    )
    names = {Path(name).suffixes[-1] for name in result_files(tmp_path)}
    assert (names, len(result_files(tmp_path))) == ({".out"}, 2)


def test_a_terminal_gets_a_bar_for_each_job() -> None:
    def job(name: str, status: str, processed: int) -> Job:
        arn = f"{JOBS}/{name}"
        return Job(arn, name, status, "", "s3://out", total=100, processed=processed, succeeded=processed)

    states = [job("a", "InProgress", 10), job("b", "Validating", 0), job("a", "Completed", 100), job("b", "Stopped", 7)]
    console = Console(file=StringIO(), force_terminal=True, width=80)
    assert follow(states, {f"{JOBS}/a": "Stack.Output"}, console) == states[2:]
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO, as made above
    assert "Stack.Output" in shown
    assert "100/100" in shown
    assert "7/100" in shown


def test_a_terminal_says_how_much_time_is_left() -> None:
    now = 0

    def states() -> Iterator[Job]:
        nonlocal now
        for second, processed in ((0, 0), (10, 20), (20, 40)):
            now = second
            yield Job(f"{JOBS}/a", "a", "InProgress", "", "s3://out", 100, processed, processed)
        yield Job(f"{JOBS}/a", "a", "Stopped", "", "s3://out", 100, 40, 40)

    console = Console(file=StringIO(), force_terminal=True, width=80, get_time=lambda: now)
    follow(states(), {}, console)
    running, ended = console.file.getvalue().rsplit("InProgress", 1)[1].split("Stopped", 1)  # type: ignore[attr-defined]
    assert "0:00:30 left" in running
    assert "left" not in ended
    assert "0:00:20" in ended


def test_without_a_terminal_there_is_a_line_for_each_status_and_each_tenth() -> None:
    def job(status: str, processed: int) -> Job:
        return Job(f"{JOBS}/a", "a", status, "", "s3://out", total=100, processed=processed, succeeded=processed)

    states = [
        job("Submitted", 0),
        job("Submitted", 0),
        *(job("InProgress", n) for n in range(101)),
        job("Completed", 100),
    ]
    console = Console(file=StringIO(), width=80)
    follow(states, {}, console)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]  # a StringIO, as made above
    tenths = [f"a InProgress {n} of 100 records" for n in range(10, 101, 10)]
    assert lines == ["a Submitted", "a InProgress", *tenths, "a Completed 100 of 100 records"]


def test_killing_the_server_kills_the_functions_that_it_runs(
    deployed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    # The last test of this file: the others need the server.
    folder, _ = deployed
    running = find(folder / ".bedrock-local")
    assert running
    functions = descendants(running.pid)
    assert functions
    os.kill(running.pid, signal.SIGKILL)
    assert gone({running.pid, *functions})
