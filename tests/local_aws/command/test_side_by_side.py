"""Several at the same time: deployments of one folder, and test processes with a local AWS each."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from tests.local_aws.command.test_deploy import APP_THAT_HANGS, APP_WITHOUT_JOBS
from tests.local_aws.processes import descendants, eventually, gone
from tests.local_aws.program import COMMAND, ENVIRONMENT, bedrock_local, started

TEST_PROCESS = """
from bedrock_local import LocalAws
with LocalAws(model="echo") as aws:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="prompts")
    print([bucket["Name"] for bucket in s3.list_buckets()["Buckets"]], flush=True)
    input()
"""


def test_of_two_deployments_one_is_done_and_the_other_is_told_to_wait(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP_WITHOUT_JOBS)
    command = [*COMMAND, "deploy", "--model", "echo", "--app", "python app.py"]
    both = [
        subprocess.Popen(
            command, cwd=tmp_path, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    ends = [(*process.communicate(), process.returncode) for process in both]
    assert sorted(code for *_, code in ends) == [0, 2], ends
    refused = next(errors for _, errors, code in ends if code)
    assert refused.startswith(
        "bedrock-local: another bedrock-local deploy is at work in .bedrock-local; wait for that,"
    )


def test_of_two_deployments_to_a_kept_one_the_second_is_told_to_wait(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path / ".bedrock-local"):
        hanging = ["deploy", "--app", f"touch reached; {APP_THAT_HANGS}"]
        with started(hanging, tmp_path):
            assert eventually((tmp_path / "reached").exists)
            answer = bedrock_local("deploy", "--app", "true", folder=tmp_path)
            assert answer.returncode == 2
            assert "another bedrock-local deploy is at work in .bedrock-local" in answer.stderr


def test_of_two_that_start_in_one_folder_the_first_is_not_disturbed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from bedrock_local import LocalAws, LocalAwsError\n"
        "try:\n with LocalAws(model='echo', directory=Path('d')) as aws: input(); sys.exit(0 if aws.answers() else 1)\n"
        "except LocalAwsError as error: print(error); sys.exit(2)"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script], cwd=tmp_path, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    assert eventually(lambda: any(process.poll() is not None for process in both))
    ends = [(process.communicate("\n")[0], process.returncode) for process in both]
    assert sorted(code for _, code in ends) == [0, 2], ends
    assert next(words for words, code in ends if code).startswith("a local AWS runs in d already")


def test_test_processes_in_one_folder_have_each_their_own_and_leave_nothing(tmp_path: Path) -> None:
    three = [
        subprocess.Popen(
            [sys.executable, "-c", TEST_PROCESS], cwd=tmp_path, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in three:
        assert process.stdout
        assert process.stdout.readline() == "['prompts']\n"
    assert len(list((tmp_path / ".bedrock-local").iterdir())) == 3
    for process in three:
        process.communicate("\n")
        assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_a_test_process_nothing_of_its_local_aws_is_left(tmp_path: Path, signum: int) -> None:
    command = [sys.executable, "-c", TEST_PROCESS]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        process.stdout.readline()
        family = descendants(process.pid)
        process.send_signal(signum)
    assert gone(family)
    assert eventually(lambda: list(tmp_path.iterdir()) == [])


def test_an_interrupted_deployment_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    app = "import aws_cdk, pathlib, time; aws_cdk.App(); pathlib.Path('reached').touch(); time.sleep(300)"
    (tmp_path / "app.py").write_text(app)
    command = [*COMMAND, "deploy", "--model", "echo", "--app", "python app.py"]
    environment = {**ENVIRONMENT, "TMPDIR": str(tmp_path / "tmp")}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as process:
        assert eventually((tmp_path / "reached").exists)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert list((tmp_path / "tmp").iterdir()) == []
    kept = {"bootstrap.log", "local-aws.json", "local-aws.lock", "local-aws.log"}
    assert {path.name for path in (tmp_path / ".bedrock-local").iterdir()} <= kept | {"cdk.out"}


@pytest.mark.parametrize("command", [["deploy"], ["up"], ["up", "--detach"]])
def test_without_the_extra_its_installation_is_told(tmp_path: Path, command: list[str]) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for found in Path(sysconfig.get_path("purelib")).iterdir():
        if not found.name.startswith(("ministack", "hypercorn", "httpx", "__")):
            (packages / found.name).symlink_to(found)
    path = os.pathsep.join([*(entry for entry in sys.path if "site-packages" not in entry), str(packages)])
    node = Path(shutil.which("node", path=ENVIRONMENT["PATH"]) or "").parent
    environment = {**ENVIRONMENT, "PYTHONPATH": path, "PATH": f"{node}{os.pathsep}{ENVIRONMENT['PATH']}"}
    program = [sys.executable, "-S", "-m", "bedrock_local.command.cli", *command]
    answer = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert answer.stderr.endswith('must be installed: pip install "cdk-bedrock-batch[local]"\n'), answer.stderr
