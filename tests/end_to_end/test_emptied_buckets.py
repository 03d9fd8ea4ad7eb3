"""Buckets that were to be destroyed come to be retained: the update succeeds, and they stay when the stack goes."""

import pytest
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3

from bedrock_local.running import RunningAws

from .gallery import job
from .stacks import Stacks

DESTROY, RETAIN = RemovalPolicy.DESTROY, RemovalPolicy.RETAIN


@pytest.mark.parametrize("emptied_beside", [True, False], ids=["another is still emptied", "none is emptied any more"])
def test_a_bucket_that_is_to_stay_stays(stacks: Stacks, aws: RunningAws, *, emptied_beside: bool) -> None:
    """Where another is still emptied, CDK's function and its role stay as well."""
    name = "Stays" if emptied_beside else "StaysAlone"

    def build(stack: Stack, policy: RemovalPolicy) -> None:
        job(stack, "Job", removal_policy=policy)
        if emptied_beside:
            s3.Bucket(stack, "Mine", removal_policy=DESTROY, auto_delete_objects=True, enforce_ssl=True)

    for policy in (DESTROY, RETAIN):
        deployed = stacks.deploy(lambda stack, policy=policy: build(stack, policy), name)
    assert deployed.failures() == ""
    stacks.destroy(deployed)
    buckets = [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]
    assert len([bucket for bucket in buckets if bucket.startswith(f"{name.lower()}-")]) == 2
