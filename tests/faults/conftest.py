"""The fixtures of the rows: AWS around the function, with the invariants when the row is over; a stack in it."""

from collections.abc import Iterator

import pytest

from .aws import Aws, running
from .invariants import check
from .stack import Stack
from .templates import OLD


@pytest.fixture(scope="session")
def running_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with running(tmp_path_factory.mktemp("faults")) as aws:
        yield aws


@pytest.fixture
def aws(running_aws: Aws) -> Iterator[Aws]:
    running_aws.reset()
    yield running_aws
    running_aws.function.settle()
    check(running_aws)


@pytest.fixture
def stack(aws: Aws) -> Stack:
    """A stack whose job runs."""
    stack = aws.stack()
    assert stack.deploy(OLD) == "CREATE_COMPLETE"
    return stack
