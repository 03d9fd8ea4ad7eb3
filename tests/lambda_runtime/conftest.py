"""The AWS of the fault matrix, with functions in it that AWS's own runtime client runs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.aws import SECRET, Aws, properties
from tests.faults.conftest import aws, behaviour, running_aws, shown
from tests.faults.endpoint import SIGNATURE
from tests.faults.function import Function
from tests.faults.other_functions import asset_with

from .function import RuntimeFunction

__all__ = ["aws", "behaviour", "running_aws", "shown"]

Start = Callable[..., RuntimeFunction]
#: A job that nobody waits for.
JOB = {"Job": {**properties(), "WaitUntil": "SUBMITTED"}}


@pytest.fixture
def start(aws: Aws) -> Iterator[Start]:
    """Make functions like one of the fault matrix, but for what is said. Whatever they write is looked through."""
    functions: list[RuntimeFunction] = []

    def make(function: Function | None = None, **changes: Any) -> RuntimeFunction:
        model = function or aws.function
        functions.append(
            RuntimeFunction(**{"asset": model.asset, "handler": model.handler, "variables": model.variables, **changes})
        )
        return functions[-1]

    yield make
    for each in functions:
        each.settle()
    logs = [each.log for each in functions]
    for each in functions:
        each.close()
    for log in logs:
        assert SIGNATURE not in log
        assert SECRET not in log


@pytest.fixture
def start_sabotaged(aws: Aws, start: Start, tmp_path: Path) -> Start:
    """Make a function that a Python script has broken; it finds the module `index`."""

    def make(script: str, **changes: Any) -> RuntimeFunction:
        variables = {**aws.function.variables, "SABOTAGE": script}
        asset = asset_with(aws, tmp_path, "sabotaged")
        return start(asset=asset, handler="sabotaged.handler", variables=variables, **changes)

    return make
