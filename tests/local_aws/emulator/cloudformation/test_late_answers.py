"""A custom resource whose function has ended without an answer: its stack waits for one, and for nothing else."""

import time
from typing import Any

import pytest

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack, answer

AN_HOUR = "3600"
PATIENCE_SECONDS = 60


def silent(recorder: Recorder, request: str = "Create", **options: Any) -> dict[str, Any]:
    return recorder.thing("silent", Silent=request, ServiceTimeout=AN_HOUR, **options)


def topic(*depends_on: str) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {}, "DependsOn": list(depends_on)}


def test_it_is_waited_for_and_the_others_go_on(aws: LocalAws, recorder: Recorder) -> None:
    stack = Stack.begin(aws, A=silent(recorder), After=topic("A"), B=recorder.thing("b"), C=topic("B"))
    stack.reach("C", "CREATE_COMPLETE")
    assert stack.events("After") == []
    (asked,) = [each for each in recorder.reach(2) if each["LogicalResourceId"] == "A"]
    answer(asked)
    assert stack.settle() == "CREATE_COMPLETE"
    assert stack.events("A") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_its_stack_can_be_deleted_and_deletes_what_it_has_begun(aws: LocalAws, recorder: Recorder) -> None:
    stack = Stack.begin(aws, Thing=silent(recorder))
    recorder.reach(1)
    began = time.monotonic()
    stack.delete()
    assert time.monotonic() - began < PATIENCE_SECONDS
    made_up = recorder.requests()[1]["PhysicalResourceId"]
    assert made_up.startswith(f"{stack.name}-Thing-")
    assert [request for request, _ in recorder.story()] == ["Create", "Delete"]


def test_another_resource_that_fails_ends_the_wait_and_it_is_deleted(aws: LocalAws, recorder: Recorder) -> None:
    fails = recorder.thing("fails", Fail="Create")
    stack, ended = Stack.create(aws, Thing=silent(recorder), Fails={**fails, "DependsOn": "Late"}, Late=topic())
    assert ended == "ROLLBACK_COMPLETE"
    assert ("CREATE_FAILED", "Resource creation cancelled") in stack.told("Thing")
    assert stack.events("Thing")[-1] == "DELETE_COMPLETE"
    deleted = [each["LogicalResourceId"] for each in recorder.requests() if each["RequestType"] == "Delete"]
    assert sorted(deleted) == ["Fails", "Thing"]


def test_an_update_that_is_given_up_is_taken_back(aws: LocalAws, recorder: Recorder) -> None:
    stack, _ = Stack.create(aws, Thing=silent(recorder, "Nothing", Version="1"))
    stack.begin_update(Thing=silent(recorder, "Update", Version="2"), Fails=recorder.thing("fails", Fail="Create"))
    assert stack.settle() == "UPDATE_ROLLBACK_COMPLETE"
    versions = [
        each["ResourceProperties"]["Version"] for each in recorder.requests() if each["LogicalResourceId"] == "Thing"
    ]
    assert versions == ["1", "2", "1"]
    assert ("UPDATE_FAILED", "Resource update cancelled") in stack.told("Thing")


def test_an_update_that_is_cancelled_is_taken_back(aws: LocalAws, recorder: Recorder) -> None:
    stack, _ = Stack.create(aws, Thing=silent(recorder, "Nothing", Version="1"))
    stack.begin_update(Thing=silent(recorder, "Update", Version="2"))
    recorder.reach(2)
    aws.client("cloudformation").cancel_update_stack(StackName=stack.name)
    assert stack.settle() == "UPDATE_ROLLBACK_COMPLETE"
    assert [each["ResourceProperties"]["Version"] for each in recorder.requests()] == ["1", "2", "1"]


@pytest.mark.parametrize("seconds", ["1"])
def test_it_fails_when_its_time_is_over(aws: LocalAws, recorder: Recorder, seconds: str) -> None:
    thing = recorder.thing("silent", Silent="Create", ServiceTimeout=seconds)
    _, ended = Stack.create(aws, Thing=thing)
    assert ended == "ROLLBACK_COMPLETE"
