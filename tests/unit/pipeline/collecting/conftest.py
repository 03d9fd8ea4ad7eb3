"""Each test has a run of its own."""

from tests.unit.pipeline.one_run import aws, run

__all__ = ["aws", "run"]
