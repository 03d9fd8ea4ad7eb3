"""The `bedrock-local` command, as a user runs it."""

import http.client
import json
import re
import signal
import subprocess
import sys
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import find
from tests.local_aws.processes import descendants, gone
from tests.local_aws.program import CHECKOUT, COMMAND, ENVIRONMENT, bedrock_local, started

ADDRESS = r"http://127\.0\.0\.1:\d+/_bedrock/console/\?token=[\w-]{43}"


def test_help_is_quick_and_tells_the_exit_codes() -> None:
    slow = {"boto3", "rich", "httpx", "hypercorn", "ministack"}
    script = f"import sys, bedrock_local.command.cli; print({slow} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
    answer = bedrock_local("--help", folder=CHECKOUT)
    assert answer.returncode == 0
    for code in ("0  ", "1  ", "2  ", "3  ", "130"):
        assert f"\n  {code}  " in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["console"], "no local AWS runs in .bedrock-local; start one: bedrock-local up"),
        (["env"], "no local AWS runs in .bedrock-local; start one: bedrock-local up"),
        (["up", "--speed", "fast"], "a speed must be real, a number above 0 or instant, got 'fast'"),
        (["up", "--quota", "records=1"], "a quota must be NAME=NUMBER or MODEL/NAME=NUMBER"),
        (["up", "--port", "eighty"], "from 1 to 65535, got 'eighty'"),
        (["up", "--model", "no-such-model"], "'no-such-model'"),
        (["up", "--", "Stack"], "only deploy takes arguments for the CDK CLI, got -- Stack"),
    ],
)
def test_bad_input_is_told_in_a_sentence(arguments: list[str], words: str, tmp_path: Path) -> None:
    answer = bedrock_local(*arguments, folder=tmp_path)
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_up_stops_cleanly_when_told_to(signum: signal.Signals, tmp_path: Path) -> None:
    with started(["up", "--model", "echo"], tmp_path) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("the local AWS is up at http://127.0.0.1:")
        family = descendants(process.pid)
        told = "".join(takewhile(lambda line: not line.startswith("# To stop it"), process.stdout))
        process.send_signal(signum)
        assert "# Ctrl-C stops it." in told
        assert "export AWS_ENDPOINT_URL=http://127.0.0.1:" in told
        assert re.search(rf"^# To see what happens: +{ADDRESS}$", told, re.MULTILINE)
        assert process.stdout.read() == "the local AWS has stopped\n"
        assert process.wait() == 0
        assert gone(family)


def test_killing_up_leaves_nothing(tmp_path: Path) -> None:
    with started(["up", "--model", "echo"], tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        family = descendants(process.pid)
        assert len(family) == 3  # tether, guard, server
        process.kill()
        assert gone(family)
        assert find(tmp_path / ".bedrock-local") is None


def test_up_says_who_wants_a_taken_port_and_what_to_do(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path / "first") as aws:
        answer = bedrock_local("up", "--model", "echo", "--port", str(aws.port), folder=tmp_path)
    assert answer.returncode == 2
    assert f"port {aws.port} on 127.0.0.1" in answer.stderr
    assert "choose another with --port" in answer.stderr


def test_down_with_nothing_to_stop_is_no_error(tmp_path: Path) -> None:
    answer = bedrock_local("down", folder=tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "no local AWS runs in .bedrock-local: there is nothing to stop\n"


def test_its_version_is_that_of_the_distribution(tmp_path: Path) -> None:
    answer = bedrock_local("--version", folder=tmp_path)
    assert answer.stdout == f"bedrock-local {version('cdk-bedrock-batch')}\n"


def test_what_make_starts_is_told_in_the_words_of_make(tmp_path: Path) -> None:
    made = {**ENVIRONMENT, "BEDROCK_LOCAL_MAKE": "1"}
    with LocalAws(model="echo", directory=tmp_path / "first") as aws:
        taken = ["up", "--model", "echo", "--port", str(aws.port)]
        assert "choose another with PORT=," in bedrock_local(*taken, folder=tmp_path, environment=made).stderr
        other = ["deploy", "--model", "smollm2", "--dir", "first"]
        assert "MODEL= is smollm2" in bedrock_local(*other, folder=tmp_path, environment=made).stderr


def test_settings_for_a_start_are_refused_when_one_runs(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path):
        for setting in ("--admin", "--speed=2", "--quota=min_records_per_job=1", "--behaviour=role_propagation=0"):
            answer = bedrock_local("deploy", "--dir", ".", setting, folder=tmp_path)
            assert answer.returncode == 2
            assert f"{setting.partition('=')[0]} is for a local AWS that starts, and one runs in ." in answer.stderr


def test_the_local_aws_of_another_deployment_is_left_alone(tmp_path: Path) -> None:
    with LocalAws(model="echo", directory=tmp_path, exclusive=True) as aws:
        answer = bedrock_local("deploy", "--dir", ".", folder=tmp_path)
        assert answer.returncode == 2
        assert "is another bedrock-local deploy's, which stops it at its end" in answer.stderr
        assert aws.answers()


def test_a_detached_local_aws_is_used_through_env_and_stopped_by_down(tmp_path: Path) -> None:
    assert bedrock_local("up", "--detach", "--model", "echo", folder=tmp_path).returncode == 0
    running = find(tmp_path / ".bedrock-local")
    assert running
    settings = json.loads(bedrock_local("env", "--json", folder=tmp_path).stdout)
    assert settings["AWS_ENDPOINT_URL"] == running.endpoint_url
    show = f"{sys.executable} -c \"import boto3; print(boto3.client('sts').get_caller_identity()['Account'])\""
    script = f'eval "$({" ".join(COMMAND)} env)"; {show}'
    shell = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert (shell.stdout, shell.stderr) == ("000000000000\n", "")
    assert bedrock_local("down", folder=tmp_path).returncode == 0
    assert gone([running.pid])


def test_each_console_address_is_good_and_in_no_log(tmp_path: Path) -> None:
    local_aws = LocalAws(model="echo", directory=tmp_path / ".bedrock-local")
    with local_aws as running:
        for _ in range(2):
            address = bedrock_local("console", folder=tmp_path).stdout
            assert re.fullmatch(rf"{ADDRESS}\n", address)
            connection = http.client.HTTPConnection("127.0.0.1", running.port)
            connection.request("GET", address.strip().removeprefix(running.endpoint_url))
            assert connection.getresponse().status == 303
            connection.close()
            assert address.strip().rpartition("=")[2] not in local_aws.log.read_text()
