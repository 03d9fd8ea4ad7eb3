"""What rows about waiting begin with; a test module names it in `pytest_plugins`."""

import pytest

from .aws import Aws
from .stack import Stack
from .waiting import end, waits


@pytest.fixture
def rule(aws: Aws) -> None:
    """The stack has the rule that it has with such jobs."""
    aws.events.rule = True


@pytest.fixture
def done(aws: Aws) -> Stack:
    """A stack whose job has its results."""
    stack = aws.stack()
    deployment = waits(aws, stack)
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE", stack.reasons
    return stack
