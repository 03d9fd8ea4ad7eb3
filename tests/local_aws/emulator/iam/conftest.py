"""A recorder, as CloudFormation's tests have one."""

import pytest

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Recorder, record


@pytest.fixture
def recorder(aws: LocalAws) -> Recorder:
    """One function and one bucket."""
    return record(aws)
