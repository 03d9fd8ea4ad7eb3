"""A server that is told to end does so at once, whatever its functions do, and they end with it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.processes import descendants, eventually, gone
from tests.local_aws.seeing_functions import make_function

# Well under the ten seconds that `bedrock-local down` has patience for.
AT_ONCE_SECONDS = 20
# Both are asked nicely in vain.
IN_PYTHON = """
import pathlib, signal, time
def handler(event, context):
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    pathlib.Path(event["reached"]).touch()
    while True: time.sleep(600)
"""
IN_NODE = """
exports.handler = async (event) => {
    for (const signum of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signum, () => {});
    require("fs").writeFileSync(event.reached, "");
    await new Promise((resolve) => setTimeout(resolve, 600000));
};
"""
RUNTIMES = {"python3.12": ("index.py", IN_PYTHON), "nodejs20.x": ("index.js", IN_NODE)}
INVOKE = """
import sys, boto3
from botocore.config import Config
once = Config(read_timeout=600, retries={"total_max_attempts": 1})
boto3.client("lambda", config=once).invoke(FunctionName="hangs", Payload=sys.argv[1])
"""


@contextmanager
def hanging_function(aws: RunningAws, runtime: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A function that runs and does not end; yield who waits for it."""
    make_function(aws, "hangs", runtime, RUNTIMES[runtime], Timeout=600)
    event = f'{{"reached": "{folder}/reached"}}'
    caller = subprocess.Popen([sys.executable, "-c", INVOKE, event], env=aws.environment(), stderr=subprocess.DEVNULL)
    try:
        assert eventually((folder / "reached").exists)
        yield caller
    finally:
        caller.kill()
        caller.wait()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_while_a_function_runs(runtime: str, signum: signal.Signals, tmp_path: Path) -> None:
    directory = tmp_path / "local"
    local = LocalAws(model="echo", directory=directory)
    with local as aws, hanging_function(aws, runtime, tmp_path) as caller:
        family = descendants(aws.pid)
        assert family, "the function has no process"
        began = time.monotonic()
        os.kill(aws.pid, signum)
        assert gone({aws.pid, *family})
        assert time.monotonic() - began < AT_ONCE_SECONDS
        local.wait()
        assert (directory / "local-aws.json").read_text() == ""
        assert caller.wait(AT_ONCE_SECONDS)


def test_while_a_stack_waits_and_a_machine_runs(tmp_path: Path) -> None:
    policy = {"ResourceSignal": {"Count": 1, "Timeout": "PT12H"}}
    template = {"Resources": {"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "CreationPolicy": policy}}}
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}}
    with LocalAws(model="echo", directory=tmp_path / "local") as aws:
        aws.client("cloudformation").create_stack(StackName="waits", TemplateBody=json.dumps(template))
        states, nobody = aws.client("stepfunctions"), json.dumps({"Version": "2012-10-17", "Statement": []})
        role = aws.client("iam").create_role(RoleName="waits", AssumeRolePolicyDocument=nobody)["Role"]["Arn"]
        machine = states.create_state_machine(name="waits", roleArn=role, definition=json.dumps(wait))[
            "stateMachineArn"
        ]
        states.start_execution(stateMachineArn=machine)
        time.sleep(1)
        began = time.monotonic()
        os.kill(aws.pid, signal.SIGTERM)
        assert gone({aws.pid})
        assert time.monotonic() - began < AT_ONCE_SECONDS
