from collections.abc import Iterator

import pytest

from .deployed_run import DeployedRun
from .function import Function
from .response_endpoint import ResponseEndpoint, response_endpoint
from .room import Room


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ResponseEndpoint]:
    with response_endpoint() as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
        yield endpoint


@pytest.fixture
def function(endpoint: ResponseEndpoint, monkeypatch: pytest.MonkeyPatch) -> Function:
    return Function(endpoint, monkeypatch)


@pytest.fixture
def deployed(function: Function) -> DeployedRun:
    return DeployedRun(function)
