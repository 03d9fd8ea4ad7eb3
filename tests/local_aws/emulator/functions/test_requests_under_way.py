"""A function that is changed or deleted while it runs comes to its end; whoever calls it next gets it as it is then."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.processes import eventually, gone
from tests.local_aws.seeing_functions import make_function, zipped

_WAITS = """
open(os.environ["BEGUN"], "w").close()
while not os.path.exists(os.environ["GO"]):
    time.sleep(0.01)
"""
#: Each answers with its process, and what it is; one waits while it is imported, the other while it answers.
STARTING = f"import os, time\n{_WAITS}\ndef handler(event, context): return os.getpid(), 'first'"
RUNNING = "import os, time\ndef handler(event, context):{}\n    return os.getpid(), 'first'".format(
    _WAITS.replace("\n", "\n    ")
)
SECOND = "import os\ndef handler(event, context): return os.getpid(), 'second'"

Change = Callable[[RunningAws, str], object]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        yield running


def new_code(aws: RunningAws, name: str) -> object:
    return aws.client("lambda").update_function_code(FunctionName=name, ZipFile=zipped("index.py", SECOND))


def new_memory(aws: RunningAws, name: str) -> object:
    return aws.client("lambda").update_function_configuration(FunctionName=name, MemorySize=256)


def deletion(aws: RunningAws, name: str) -> object:
    return aws.client("lambda").delete_function(FunctionName=name)


def called(aws: RunningAws, name: str) -> tuple[int, str]:
    answer = aws.client("lambda").invoke(FunctionName=name)
    said = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    process, what = said
    return process, what


@pytest.mark.parametrize("change", [new_code, new_memory, deletion])
@pytest.mark.parametrize("code", [STARTING, RUNNING], ids=["starting", "running"])
def test_a_request_that_is_under_way_is_answered(aws: RunningAws, tmp_path: Path, code: str, change: Change) -> None:
    begun, go = tmp_path / "begun", tmp_path / "go"
    name = f"{'starting' if code is STARTING else 'running'}-{change.__name__}"
    files: Mapping[str, Mapping[str, str]] = {"Variables": {"BEGUN": str(begun), "GO": str(go)}}
    make_function(aws, name, "python3.12", ("index.py", code), Environment=files, Timeout=60)
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(called, aws, name)
        assert eventually(begun.exists)
        change(aws, name)
        go.touch()
        process, what = asked.result()
    assert what == "first"
    assert gone([process])
    if change is not deletion:
        assert called(aws, name)[1] == ("second" if change is new_code else "first")
