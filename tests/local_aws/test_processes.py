"""A local AWS starts, stops, is found, says why it cannot start, and knows nothing of the user's real account."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bedrock_local.errors import LocalAwsError
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws, find, stop
from tests.local_aws.processes import running as processes


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local-aws")


@pytest.fixture(scope="module")
def aws(directory: Path) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=directory) as running:
        yield running


def test_a_local_aws_is_found_by_its_directory_while_it_runs(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path) as running:
        assert find(tmp_path) == running
        assert running.answers()
    assert find(tmp_path) is None
    assert not running.answers()


def test_nothing_but_loopback_is_served(aws: RunningAws) -> None:
    # A server on every address would answer here as well.
    with pytest.raises(OSError, match=r"refused|timed out|assign|unreachable"):
        socket.create_connection(("127.0.0.2", aws.port), timeout=1)


def test_a_taken_port_is_named_with_the_way_out(aws: RunningAws, tmp_path: Path) -> None:
    with pytest.raises(LocalAwsError, match=rf"port {aws.port} on 127\.0\.0\.1 .*choose another with --port"):
        LocalAws(model="echo", port=aws.port, directory=tmp_path).start()


def test_a_model_that_cannot_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalAwsError, match=r"cannot start: .*'no-such-model'") as error:
        LocalAws(model="no-such-model", directory=tmp_path).start()
    assert "Traceback" not in str(error.value)


def test_a_directory_has_one_local_aws(aws: RunningAws, directory: Path) -> None:
    with pytest.raises(LocalAwsError, match=r"runs in .* already"):
        LocalAws(model="echo", directory=directory).start()
    assert find(directory) == aws


def test_the_state_of_a_killed_server_counts_for_nothing(tmp_path: Path) -> None:
    local = LocalAws(model="echo", directory=tmp_path)
    running = local.start()
    os.kill(running.pid, signal.SIGKILL)
    with pytest.raises(LocalAwsError, match=r"has ended: .* was killed by signal 9"):
        local.wait()
    assert json.loads((tmp_path / "local-aws.json").read_text())["pid"] == running.pid
    assert find(tmp_path) is None
    with LocalAws(model="echo", directory=tmp_path) as again:
        assert find(tmp_path) == again


def test_the_state_of_another_process_with_the_same_id_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "local-aws.json").write_text(json.dumps({"pid": os.getpid(), "port": 1, "model": "echo"}))
    assert find(tmp_path) is None


def test_a_detached_local_aws_stays_until_it_is_stopped(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from bedrock_local.local_aws import LocalAws;"
        f"aws = LocalAws(model='echo', directory=Path({str(tmp_path)!r})); aws.start(); aws.detach()"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    running = find(tmp_path)
    assert running
    assert running.answers()
    stop(running)
    assert running.pid not in processes()
    assert find(tmp_path) is None


def test_what_has_ended_cannot_be_left_to_others(tmp_path: Path) -> None:
    local = LocalAws(model="echo", directory=tmp_path)
    os.kill(local.start().pid, signal.SIGKILL)
    with pytest.raises(LocalAwsError, match="has ended"):
        local.wait()
    with pytest.raises(LocalAwsError, match=r"has ended: .* was killed by signal 9"):
        local.detach()


REAL = {
    "AWS_PROFILE": "production",
    "AWS_DEFAULT_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SECRET_ACCESS_KEY": "real-secret",
    "AWS_SESSION_TOKEN": "real-token",
    "AWS_BEARER_TOKEN_BEDROCK": "real-bearer",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/real/token",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/real",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/real",
    "AWS_REGION": "eu-central-1",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
}


@pytest.fixture
def real_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "config").write_text("[profile production]\nendpoint_url = http://127.0.0.1:1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


@pytest.mark.usefixtures("real_account")
def test_a_process_sees_the_local_account_and_nothing_of_the_real_one(aws: RunningAws) -> None:
    environment = aws.environment()
    of_aws = {name: value for name, value in environment.items() if name.startswith("AWS_")}
    assert of_aws.items().isdisjoint(REAL.items())
    assert not [name for name in of_aws if "PROFILE" in name or "TOKEN" in name or "ROLE" in name]
    script = (
        "import boto3; print(boto3.client('sts').get_caller_identity()['Arn']);"
        "boto3.client('s3').list_buckets(); boto3.client('bedrock').list_model_invocation_jobs()"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=False, capture_output=True, text=True
    )
    assert (answer.stdout, answer.stderr) == ("arn:aws:iam::000000000000:root\n", "")


@pytest.mark.usefixtures("real_account")
def test_a_client_talks_to_the_local_account_whatever_the_environment_says(aws: RunningAws) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == "000000000000"
    assert aws.client("s3").list_buckets()["Buckets"] == []
    sent: list[bytes] = []
    bedrock = aws.client("bedrock")
    bedrock.meta.events.register("before-send", lambda request, **_: sent.append(request.headers["Authorization"]))
    bedrock.list_model_invocation_jobs()
    assert sent[0].startswith(b"AWS4-HMAC-SHA256 Credential=000000000000/")
    assert bedrock.meta.region_name == "us-east-1"


@pytest.mark.usefixtures("real_account")
def test_the_server_does_not_see_the_real_account(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path) as running:
        environment = psutil.Process(running.pid).environ()
    assert not [name for name in environment if name.startswith("AWS_")]
