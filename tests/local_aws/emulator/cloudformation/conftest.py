"""A recorder for each test."""

import dataclasses

import pytest

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Recorder, record


@pytest.fixture(scope="session")
def _recorder(aws: LocalAws) -> Recorder:
    return record(aws)


@pytest.fixture
def recorder(_recorder: Recorder) -> Recorder:
    """One function for all, and a bucket of its own."""
    return dataclasses.replace(_recorder, bucket=_recorder.aws.bucket())
