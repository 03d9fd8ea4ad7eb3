"""`bedrock-local` says which file or folder the file system refuses, and what to do."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from tests.local_aws.command.test_deploy import APP_WITHOUT_JOBS
from tests.local_aws.full_disks import full_disk, run_on_a_full_disk
from tests.local_aws.program import COMMAND, ENVIRONMENT, bedrock_local

NO_ROOM = "File too large; make room there, or name another --dir\n"
APP_WITH_A_FUNCTION = """
import aws_cdk as cdk
from aws_cdk import aws_lambda
app = cdk.App()
stack = cdk.Stack(app, "Functions")
code = aws_lambda.Code.from_inline("def handler(event, context): pass")
function = aws_lambda.Function(
    stack, "Function", runtime=aws_lambda.Runtime.PYTHON_3_13, handler="index.handler", code=code
)
cdk.CustomResource(stack, "Thing", service_token=function.function_arn, service_timeout=cdk.Duration.minutes(5))
app.synth()
"""
DOWNLOAD = """
import sys
from pathlib import Path
from bedrock_local.errors import LocalAwsError
from bedrock_local.command.jobs import Job
from bedrock_local.command.output import download
from bedrock_local.running import find
jobs = [Job("arn/1", "job", "Completed", "", "s3://output/folder", 1, 1, 1)]
try:
    s3 = find(Path(".bedrock-local")).client("s3")
    download(lambda arn: s3, jobs, Path("results"))
except LocalAwsError as error:
    sys.exit(str(error))
"""


def assert_told(answer: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert answer.returncode == 2, answer
    assert answer.stderr.endswith(sentence)
    assert answer.stderr.startswith("bedrock-local: ")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["up", "--model=echo"], ["deploy", "--model=echo"], ["env"], ["down"]])
@pytest.mark.parametrize(
    ("directory", "why"),
    [
        ("file/folder", "Not a directory; put that right, or name another --dir\n"),
        ("x" * 300, "File name too long; put that right, or name another --dir\n"),
    ],
)
def test_a_directory_that_cannot_be_is_named(command: list[str], directory: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = bedrock_local(*command, "--dir", directory, folder=tmp_path)
    assert_told(answer, why)
    assert answer.stderr.startswith(f"bedrock-local: {directory}/")


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    answer = bedrock_local("up", "--model=echo", "--dir", "/proc/local-aws", folder=tmp_path)
    assert_told(answer, "put that right, or name another --dir\n")
    assert answer.stderr.startswith("bedrock-local: /proc/local-aws: ")


def test_no_room_for_the_log_and_the_state_of_a_local_aws(tmp_path: Path) -> None:
    answer = run_on_a_full_disk([*COMMAND, "up", "--model=echo"], tmp_path)
    assert_told(answer, f".bedrock-local: {NO_ROOM}")


def test_no_room_for_the_state_of_a_local_aws(tmp_path: Path) -> None:
    (tmp_path / ".bedrock-local" / "local-aws.json").mkdir(parents=True)
    answer = bedrock_local("up", "--model=echo", folder=tmp_path)
    assert_told(
        answer,
        "local-aws.json is a link, a pipe, or a folder, and a file has to be there; remove it, or name another --dir\n",
    )


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("command", [["up", "--model=echo"], ["deploy", "--model=echo"], ["env"], ["down"]])
@pytest.mark.parametrize("make", [a_pipe, a_dangling_link])
def test_what_is_no_state_file_is_named(make: Callable[[Path], None], command: list[str], tmp_path: Path) -> None:
    (tmp_path / ".bedrock-local").mkdir()
    make(tmp_path / ".bedrock-local" / "local-aws.json")
    assert_told(bedrock_local(*command, folder=tmp_path), "a file has to be there; remove it, or name another --dir\n")


def test_a_link_that_leads_to_no_folder_is_named(tmp_path: Path) -> None:
    a_dangling_link(tmp_path / ".bedrock-local")
    answer = bedrock_local("up", "--model=echo", folder=tmp_path)
    assert_told(answer, ".bedrock-local is no folder, nor a link to one; remove it, or name another --dir\n")


def test_a_log_that_was_removed_is_named(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path / ".bedrock-local") as aws:
        (tmp_path / ".bedrock-local" / "local-aws.log").unlink()
        answer = bedrock_local("deploy", "--app", "true", folder=tmp_path)
        assert_told(answer, "start another: bedrock-local down --dir .bedrock-local\n")
        assert ".bedrock-local/local-aws.log was removed" in answer.stderr
        assert aws.answers()


def test_no_room_for_what_bootstrapping_prints(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP_WITHOUT_JOBS)
    with LocalAws(model="echo", directory=tmp_path / ".bedrock-local"):
        answer = run_on_a_full_disk([*COMMAND, "deploy", "--app", "python app.py"], tmp_path)
    assert answer.returncode == 2, answer
    # The CDK CLI, which synthesizes meanwhile, has its own words before.
    assert answer.stderr.endswith(f"bedrock-local: {tmp_path}/.bedrock-local: {NO_ROOM}")


def test_no_room_for_a_function_ends_the_deployment_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP_WITH_A_FUNCTION)
    directory = tmp_path / ".bedrock-local"
    with LocalAws(model="echo", directory=directory) as aws, full_disk(aws, 0):
        answer = bedrock_local("deploy", "--app", "python app.py", folder=tmp_path)
    assert answer.returncode == 1, answer
    # The CDK CLI prints it to the one or to the other: with CI=true to standard output.
    why = f"The local AWS cannot start this function: {directory / 'tmp'}: {NO_ROOM.strip()}"
    assert why in answer.stdout + answer.stderr


def test_no_room_for_an_app_is_told_after_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP_WITHOUT_JOBS)
    deployment = ["deploy", "--app", "python app.py"]
    with LocalAws(model="echo", directory=tmp_path / ".bedrock-local"):
        assert bedrock_local(*deployment, folder=tmp_path).returncode == 0
        answer = run_on_a_full_disk([*COMMAND, *deployment], tmp_path)
    assert answer.returncode == 1, answer
    assert answer.stderr.endswith(f"There is hardly any room: {tmp_path}/.bedrock-local: {NO_ROOM}")


def test_no_room_for_results(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path / ".bedrock-local") as aws:
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="output")
        s3.put_object(Bucket="output", Key="folder/in.jsonl.out", Body=b"answers")
        answer = run_on_a_full_disk([sys.executable, "-c", DOWNLOAD], tmp_path)
        s3.put_object(Bucket="output", Key=f"folder/{'x' * 300}", Body=b"answers")
        unnamed = subprocess.run(
            [sys.executable, "-c", DOWNLOAD], cwd=tmp_path, capture_output=True, text=True, check=False
        )
    assert answer.stderr == f"results/in.jsonl.out: {NO_ROOM}"
    assert unnamed.stderr.startswith("results/xxx")
    assert "File name too long" in unnamed.stderr


def test_no_room_for_what_is_printed(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [*COMMAND, "down"],
            cwd=tmp_path,
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert_told(answer, "standard output: No space left on device; send it elsewhere\n")
