"""The fixture for rows about answers that our own handlers never give; a test module names it in `pytest_plugins`."""

from collections.abc import Iterator

import pytest

from .aws import Aws
from .function import Function
from .other_functions import function_of, serving_stacks


@pytest.fixture(scope="session")
def scripted_function(running_aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    with function_of(running_aws, tmp_path_factory.mktemp("scripted"), "scripted") as function:
        yield function


@pytest.fixture
def scripted(aws: Aws, scripted_function: Function) -> Iterator[Aws]:
    """AWS, whose stacks call the scripted function: see `ask`."""
    scripted_function.reset()
    aws.cloudformation.service_timeout, scripted_function.timeout = 100, 30
    with serving_stacks(aws, scripted_function):
        yield aws
