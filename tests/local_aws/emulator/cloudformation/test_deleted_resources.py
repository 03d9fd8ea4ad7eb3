"""What DescribeStackResource says of resources that are gone."""

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack


def status(aws: LocalAws, stack_id: str, logical_id: str) -> tuple[str, str]:
    describe = aws.client("cloudformation").describe_stack_resource
    detail = describe(StackName=stack_id, LogicalResourceId=logical_id)["StackResourceDetail"]
    return detail["ResourceStatus"], detail["PhysicalResourceId"]


def id_of(aws: LocalAws, stack: Stack) -> str:
    return str(aws.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"])


def test_a_deleted_stack_still_tells_its_resources(aws: LocalAws, recorder: Recorder) -> None:
    stack, _ = Stack.create(aws, Thing=recorder.thing("thing"))
    stack_id = id_of(aws, stack)
    stack.delete()
    assert status(aws, stack_id, "Thing") == ("DELETE_COMPLETE", "thing")
    with pytest.raises(ClientError):
        status(aws, stack_id, "Other")


def test_a_deleted_stack_lists_its_resources_and_one_that_lives_only_those_it_has(
    aws: LocalAws, recorder: Recorder
) -> None:
    def listed(stack_id: str) -> list[tuple[str, str]]:
        pages = aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack_id)
        found = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return [(resource["PhysicalResourceId"], resource["ResourceStatus"]) for resource in found]

    stack, _ = Stack.create(aws, Kept=recorder.thing("kept"), Thing=recorder.thing("thing"))
    stack_id = id_of(aws, stack)
    stack.update(Kept=recorder.thing("kept"))
    assert [name for name, _ in listed(stack_id)] == ["kept"]
    stack.delete()
    assert set(listed(stack_id)) == {("kept", "DELETE_COMPLETE"), ("thing", "DELETE_COMPLETE")}


def test_what_a_roll_back_has_deleted_is_told(aws: LocalAws, recorder: Recorder) -> None:
    failing = recorder.thing("failing", ("Thing",), Fail="Create")
    stack, ended = Stack.create(aws, Thing=recorder.thing("thing"), Failing=failing)
    assert ended == "ROLLBACK_COMPLETE"
    assert status(aws, id_of(aws, stack), "Thing") == ("DELETE_COMPLETE", "thing")


def test_a_replaced_resource_is_the_new_one(aws: LocalAws, recorder: Recorder) -> None:
    stack, _ = Stack.create(aws, Thing=recorder.thing("thing-1"))
    stack.update(Thing=recorder.thing("thing-2"))
    assert status(aws, id_of(aws, stack), "Thing")[1] == "thing-2"
    assert "DELETE" not in status(aws, id_of(aws, stack), "Thing")[0]


def test_a_resource_that_comes_again_is_told_as_it_is(aws: LocalAws, recorder: Recorder) -> None:
    kept = recorder.thing("kept")
    stack, _ = Stack.create(aws, Kept=kept, Thing=recorder.thing("thing-1"))
    stack.update(Kept=kept)
    assert status(aws, id_of(aws, stack), "Thing") == ("DELETE_COMPLETE", "thing-1")
    stack.update(Kept=kept, Thing=recorder.thing("thing-2"))
    now, physical_id = status(aws, id_of(aws, stack), "Thing")
    assert physical_id == "thing-2"
    assert now.endswith("_COMPLETE")
    assert "DELETE" not in now
