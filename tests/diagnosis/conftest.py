"""A local AWS that is quick, and a job in it as the construct declares it."""

from collections.abc import Iterator

import pytest

from cdk_bedrock_batch import BatchModel
from tests.diagnosis.world import World
from tests.local_aws.conftest import MODEL, LocalAws, serve


@pytest.fixture(scope="package")
def aws() -> Iterator[LocalAws]:
    with serve(quotas="Quotas(jobs_per_model=1000)") as started:
        yield started


@pytest.fixture(scope="package")
def world(aws: LocalAws) -> World:
    return World(aws, BatchModel.foundation_model(MODEL))
