"""One workshop for the tests of a module."""

import pytest

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.machines.workshop import Workshop


@pytest.fixture(scope="module")
def workshop(aws: LocalAws) -> Workshop:
    return Workshop(aws)
