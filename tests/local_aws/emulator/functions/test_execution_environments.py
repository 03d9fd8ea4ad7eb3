"""Functions fill neither the machine's memory nor its processor: few environments start at once, and few are kept."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from bedrock_local.emulator.functions.execution_environments import MOST_IDLE, MOST_STARTING, bound_environments
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.processes import descendants, eventually
from tests.local_aws.seeing_functions import make_function

#: Each answers who it is, and how often it was used.
CODE = "import os\nused = []\ndef handler(event, context):\n    used.append(event)\n    return os.getpid(), len(used)"
AT_ONCE = 40
PATIENCE_SECONDS = 60
#: Those who are imported together wait for each other, and then for another function.
CALLING = f"""
import boto3, json, os, time
open(os.path.join(os.environ["FOLDER"], str(os.getpid())), "w").close()
while len(os.listdir(os.environ["FOLDER"])) < {MOST_STARTING}:
    time.sleep(0.01)
said = json.loads(boto3.client("lambda").invoke(FunctionName="asked")["Payload"].read())
def handler(event, context):
    return said
"""
LONG = """
import os, time
used = []
def handler(event, context):
    used.append(event)
    open(os.environ["BEGUN"], "w").close()
    while not os.path.exists(os.environ["GO"]):
        time.sleep(0.01)
    return os.getpid(), len(used)
"""


@pytest.fixture
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        yield running


def called(aws: RunningAws, name: str) -> tuple[int, int]:
    answer = aws.client("lambda").invoke(FunctionName=name)
    process, times = json.loads(answer["Payload"].read())
    return process, times


def used(aws: RunningAws, name: str) -> int:
    return called(aws, name)[1]


def test_of_many_events_at_once_most_find_an_environment_that_is_free(aws: RunningAws) -> None:
    make_function(aws, "busy", "python3.12", ("index.py", CODE))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(partial(called, aws), ["busy"] * AT_ONCE))
    assert len(answers) == AT_ONCE
    assert len({process for process, _ in answers}) < AT_ONCE / 2


def test_functions_that_call_another_as_they_are_imported_do_not_wait_for_each_other(
    aws: RunningAws, tmp_path: Path
) -> None:
    may_call = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}
    make_function(aws, "asked", "python3.12", ("index.py", "def handler(event, context): return 'said'"))
    callers = [f"caller{n}" for n in range(MOST_STARTING)]
    for name in callers:
        folder = {"Variables": {"FOLDER": str(tmp_path)}}
        make_function(aws, name, "python3.12", ("index.py", CALLING), Environment=folder, Timeout=10)
        document = json.dumps(may_call)
        aws.client("iam").put_role_policy(RoleName=name, PolicyName="call", PolicyDocument=document)

    def ask(name: str) -> object:
        return json.loads(aws.client("lambda").invoke(FunctionName=name)["Payload"].read())

    with ThreadPoolExecutor(MOST_STARTING) as threads:
        assert list(threads.map(ask, callers)) == ["said"] * MOST_STARTING


def test_nobody_waits_for_the_end_of_another_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, ended, all_free = Event(), Event(), [SimpleNamespace(in_use=False) for _ in range(MOST_IDLE + 1)]

    def kill_workers(workers: list[SimpleNamespace]) -> None:
        assert may_end.wait(PATIENCE_SECONDS)
        assert len(workers) == 1
        ended.set()

    for name in ("acquire_worker", "release_worker"):
        monkeypatch.setattr(lambda_svc, name, lambda worker: worker)
    monkeypatch.setattr(lambda_runtime, "_workers", {"pool": all_free})
    monkeypatch.setattr(lambda_runtime, "kill_workers", kill_workers)
    bound_environments()
    for worker in all_free:
        worker.last_used = 0.0
    lambda_svc.release_worker(all_free[0])
    assert not ended.is_set()
    may_end.set()
    assert ended.wait(PATIENCE_SECONDS)


def test_the_one_that_ran_for_long_is_not_the_first_to_go(aws: RunningAws, tmp_path: Path) -> None:
    begun, go = tmp_path / "begun", tmp_path / "go"
    others = [f"other{n}" for n in range(MOST_IDLE)]
    files = {"Variables": {"BEGUN": str(begun), "GO": str(go)}}
    make_function(aws, "long", "python3.12", ("index.py", LONG), Environment=files, Timeout=60)
    for name in others:
        make_function(aws, name, "python3.12", ("index.py", CODE))
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(used, aws, "long")
        assert eventually(begun.exists)
        assert [used(aws, name) for name in others] == [1] * MOST_IDLE
        go.touch()
        assert running.result() == 1
    assert used(aws, "long") == 2


def test_those_used_last_stay_and_the_others_start_anew(aws: RunningAws) -> None:
    first, last = ([f"{word}{n}" for n in range(many)] for word, many in (("first", MOST_IDLE), ("last", 4)))
    for name in (*first, *last):
        make_function(aws, name, "python3.12", ("index.py", CODE))
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(partial(used, aws), first)) == [1] * MOST_IDLE
        assert [used(aws, name) for name in last] == [1] * len(last)
        # All that is below the process that this one has started is a function, but for the one that is copied.
        assert eventually(lambda: len(descendants(aws.pid)) == 1 + MOST_IDLE)
        assert [used(aws, name) for name in last] == [2] * len(last)
        assert 1 in threads.map(partial(used, aws), first)
