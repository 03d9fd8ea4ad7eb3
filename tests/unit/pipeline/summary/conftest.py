"""Each test has a run of its own, and a model that answers on demand."""

from tests.unit.pipeline.demand.conftest import endpoint
from tests.unit.pipeline.one_run import aws, run

__all__ = ["aws", "endpoint", "run"]
