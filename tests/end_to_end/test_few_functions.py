"""An account in which two functions run at once: what waits for its jobs' validation keeps none of them."""

from collections.abc import Iterator

import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData, WaitUntil

from .gallery import World, job
from .jobs import Jobs
from .stacks import Stacks
from .waits import eventually

MANY, FEW = 40, 2


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(
        model="echo",
        directory=tmp_path_factory.mktemp("few-functions"),
        speed=500,
        quotas={"jobs_per_model": 1000},
        behaviours={"role_propagation": 0},
        concurrency=FEW,
        admin=True,
    ) as running:
        yield running


def test_many_jobs_are_validated_at_once(aws: RunningAws, tmp_path_factory: pytest.TempPathFactory) -> None:
    stacks, world = Stacks(aws, tmp_path_factory.mktemp("stacks")), World(aws, tmp_path_factory.mktemp("world"))

    def build(stack: Stack) -> None:
        data = s3.Bucket.from_bucket_name(stack, "Data", world.own_bucket)
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
        for number in range(MANY):
            given = InputData.from_bucket(data, "one.jsonl")
            job(stack, f"Job{number}", role=role, input_data=given, wait_until=WaitUntil.VALIDATED)

    template = stacks.synthesize(build, "Few")
    with aws.faults.hold("Validating"):
        deployed = stacks.begin(template, "Few")
        # While none is validated: if two functions were held, two jobs would be all that there ever are.
        eventually(lambda: len(Jobs(aws).named("Few-")) == MANY)
    stacks.settle(deployed)
    assert len(deployed.jobs) == MANY
