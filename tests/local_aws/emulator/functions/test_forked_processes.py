"""Functions in Python start as copies of one process, and each is a process of its own all the same."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.seeing_functions import make_function, packed, zipped

CODE = """
import os, sys
calls = 0
def handler(event, context):
    global calls
    calls += 1
    if "end" in event:
        os._exit(event["end"])
    os.environ["SEEN"] = context.function_name
    return {"parent": os.getppid(), "process": os.getpid(), "calls": calls, "arguments": sys.argv,
            "optimized": sys.flags.optimize, "folder": os.getcwd(), "path": sys.path[:2]}
"""
OWN_BOTO3 = {"index.py": "import boto3\ndef handler(event, context): return boto3.OWN", "boto3.py": "OWN = 'mine'"}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        for name in ("one", "two", "ends", "orphan", "heir"):
            make_function(running, name, "python3.13", ("index.py", CODE))
        yield running


def ask(aws: RunningAws, function: str, **event: Any) -> Any:
    return json.loads(aws.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))["Payload"].read())


def test_functions_are_copies_of_one_process_and_share_nothing(aws: RunningAws) -> None:
    one, two, again = ask(aws, "one"), ask(aws, "two"), ask(aws, "one")
    assert one["parent"] == two["parent"] != aws.pid
    assert one["process"] == again["process"] != two["process"]
    assert (one["calls"], two["calls"], again["calls"]) == (1, 1, 2)


def test_a_copy_looks_like_a_python_that_has_started_with_the_function(aws: RunningAws) -> None:
    seen = ask(aws, "two")
    code, folder = seen["path"]
    assert seen["folder"] == code
    assert seen["arguments"] == [os.path.join(folder, "_worker.py")]  # noqa: PTH118 -- as it is written


def test_a_function_that_ends_starts_anew(aws: RunningAws) -> None:
    before = ask(aws, "ends")
    assert "errorMessage" in ask(aws, "ends", end=3)
    after = ask(aws, "ends")
    assert (after["calls"], after["parent"]) == (1, before["parent"])
    assert after["process"] != before["process"]


def test_a_function_gets_its_own_module_of_a_name_that_is_loaded(aws: RunningAws) -> None:
    make_function(aws, "own", "python3.13", ("index.py", ""))
    aws.client("lambda").update_function_code(FunctionName="own", ZipFile=packed(OWN_BOTO3))
    assert ask(aws, "own") == "mine"


def test_a_layer_brings_its_own_module_of_a_name_that_is_loaded(aws: RunningAws) -> None:
    content = {"ZipFile": zipped("python/boto3.py", OWN_BOTO3["boto3.py"])}
    layer = aws.client("lambda").publish_layer_version(LayerName="own", Content=content)["LayerVersionArn"]
    make_function(aws, "layered", "python3.13", ("index.py", OWN_BOTO3["index.py"]), Layers=[layer])
    assert ask(aws, "layered") == "mine"


def test_python_heeds_what_it_reads_when_it_starts(aws: RunningAws) -> None:
    settings = {"Environment": {"Variables": {"PYTHONOPTIMIZE": "2"}}}
    make_function(aws, "optimized", "python3.13", ("index.py", CODE), **settings)
    assert (ask(aws, "optimized")["optimized"], ask(aws, "one")["optimized"]) == (2, 0)


def test_without_the_copied_process_functions_start_and_soon_as_copies_again(aws: RunningAws) -> None:
    before = ask(aws, "orphan")
    os.kill(before["parent"], signal.SIGKILL)
    after = ask(aws, "orphan")
    assert (after["calls"], after["parent"]) == (1, aws.pid)
    assert ask(aws, "heir")["parent"] not in (aws.pid, before["parent"])
