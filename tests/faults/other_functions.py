"""Functions that are not the one under test, in front of the same services: scripted, sabotaged, broken."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .aws import Aws
from .cloudformation import Answer
from .function import Function

_HERE = Path(__file__).parent


@contextmanager
def function_of(aws: Aws, folder: Path, module: str, variables: Mapping[str, str] | None = None) -> Iterator[Function]:
    """A function whose handler is in a module of this folder; its asset, ours and that module, goes into `folder`."""
    asset = asset_with(aws, folder, module)
    environment = {**aws.function.variables, **(variables or {})}
    function = Function(asset, f"{module}.handler", environment, aws.function.on_failure, clock=aws.clock)
    try:
        yield function
    finally:
        function.close()


def asset_with(aws: Aws, folder: Path, module: str) -> Path:
    """Put our asset and a module of this folder into `folder`."""
    asset = folder / "asset"
    shutil.copytree(aws.function.asset, asset, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(_HERE / f"{module}.py", asset)
    return asset


@contextmanager
def serving_stacks(aws: Aws, function: Function) -> Iterator[None]:
    """Let CloudFormation call another function."""
    ours, aws.cloudformation.function = aws.cloudformation.function, function
    try:
        yield
    finally:
        function.settle()
        aws.cloudformation.function = ours


def ask(aws: Aws, script: str, request_type: str = "Create", **fields: str) -> Answer:
    """Send one request to the scripted function; a Create has no physical id, the others have "known"."""
    stack = aws.stack()
    if request_type != "Create":
        fields = {"PhysicalResourceId": "known", **fields}
    event = aws.cloudformation.event(request_type, stack.id, "Job", ResourceProperties={"Script": script}, **fields)
    answer = aws.cloudformation.send(event)
    # The next request meets the same process, warm.
    aws.cloudformation.function.settle()
    return answer
