"""Each test has a run of its own, and a model that answers on demand."""

from collections.abc import Iterator

import pytest

from tests.unit.pipeline.demand.model_endpoint import ModelEndpoint, model_endpoint
from tests.unit.pipeline.one_run import aws, run

__all__ = ["aws", "run"]


@pytest.fixture
def endpoint() -> Iterator[ModelEndpoint]:
    with model_endpoint() as started:
        yield started
