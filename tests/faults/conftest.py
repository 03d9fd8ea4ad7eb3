"""The fixture that every row uses: AWS around the function, and the invariants when the row is over."""

from collections.abc import Iterator

import pytest

from .aws import Aws, running
from .invariants import check


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
