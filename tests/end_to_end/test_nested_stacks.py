"""A job of a nested stack that cannot be made, deployed by the CDK CLI: nothing of the nested stack is left."""

from typing import Any

import pytest
from aws_cdk import NestedStack, Stack
from aws_cdk import aws_s3 as s3

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData, WaitUntil

from .conftest import DeploymentFailedError, Deployments
from .gallery import World, job


def roles(aws: RunningAws, beginning: str) -> list[str]:
    pages: Any = aws.client("iam").get_paginator("list_roles").paginate()
    return [role["RoleName"] for page in pages for role in page["Roles"] if role["RoleName"].startswith(beginning)]


def test_a_job_that_fails_validation_takes_its_nested_stack_and_its_sibling_with_it(
    deployments: Deployments, bootstrapped: RunningAws, world: World
) -> None:
    name = "NestedFails"

    def build(stack: Stack) -> None:
        inner = NestedStack(stack, "Inner")
        bucket = s3.Bucket.from_bucket_name(inner, "Data", world.own_bucket)
        running = job(inner, "Running", input_data=InputData.from_bucket(bucket, "one.jsonl"))
        nothing = InputData.from_uri(f"s3://{world.own_bucket}/nothing/here.jsonl")
        failing = job(inner, "Failing", input_data=nothing, wait_until=WaitUntil.VALIDATED)
        failing.node.find_child("Resource").node.add_dependency(running.node.find_child("Resource"))

    with bootstrapped.faults.hold("InProgress", job_name=f"{name}-"):
        with pytest.raises(DeploymentFailedError, match="was not successfully created") as failure:
            deployments.deploy(build, name=name)
        assert set(deployments.jobs(name).values()) == {"Stopped", "Failed"}
    assert "nothing/here.jsonl" in str(failure.value)
    assert roles(bootstrapped, f"{name}-") == []
