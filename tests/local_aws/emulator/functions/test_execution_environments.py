"""Functions fill neither the machine's memory nor its processor: few environments start at once, and few are kept."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from bedrock_local.emulator.functions.execution_environments import MOST_IDLE
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.processes import descendants
from tests.local_aws.seeing_functions import make_function

#: Each answers who it is, and how often it was used.
CODE = "import os\nused = []\ndef handler(event, context):\n    used.append(event)\n    return os.getpid(), len(used)"
AT_ONCE = 40


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


def test_those_used_last_stay_and_the_others_start_anew(aws: RunningAws) -> None:
    first, last = ([f"{word}{n}" for n in range(many)] for word, many in (("first", MOST_IDLE), ("last", 4)))
    for name in (*first, *last):
        make_function(aws, name, "python3.12", ("index.py", CODE))
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(partial(used, aws), first)) == [1] * MOST_IDLE
        assert [used(aws, name) for name in last] == [1] * len(last)
        # All that is below the process that this one has started is a function.
        assert len(descendants(aws.pid)) == MOST_IDLE
        assert [used(aws, name) for name in last] == [2] * len(last)
        assert 1 in threads.map(partial(used, aws), first)
