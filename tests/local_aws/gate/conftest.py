"""A local AWS of its own, which nobody but these tests knows."""

from collections.abc import Iterator

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("gate"), admin=True) as running:
        yield running
