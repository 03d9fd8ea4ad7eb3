"""The environments of functions that do nothing do not fill the machine's memory."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bedrock_local.emulator.functions.idle import MOST
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.processes import descendants
from tests.local_aws.seeing_functions import make_function

#: Each answers how often its environment was used.
CODE = "used = []\ndef handler(event, context):\n    used.append(event)\n    return len(used)"


def used(aws: RunningAws, name: str) -> int:
    answer = aws.client("lambda").invoke(FunctionName=name)
    return int(json.loads(answer["Payload"].read()))


def test_those_used_last_stay_and_the_others_start_anew(tmp_path: Path) -> None:
    first, last = ([f"{word}{number}" for number in range(many)] for word, many in (("first", MOST), ("last", 4)))
    with LocalAws(model="echo", directory=tmp_path) as aws, ThreadPoolExecutor(4) as threads:
        for name in (*first, *last):
            make_function(aws, name, "python3.12", ("index.py", CODE))
        assert list(threads.map(partial(used, aws), first)) == [1] * MOST
        assert [used(aws, name) for name in last] == [1] * len(last)
        # All that is below the process that this one has started is a function.
        assert len(descendants(aws.pid)) == MOST
        assert [used(aws, name) for name in last] == [2] * len(last)
        assert 1 in threads.map(partial(used, aws), first)
