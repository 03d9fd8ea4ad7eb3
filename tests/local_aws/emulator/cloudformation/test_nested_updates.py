"""A nested stack is updated as any other, and goes back with its parent.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.nested import deleted, inner, nested, own_events, status
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Resource, Stack


def test_one_whose_update_fails_goes_back(aws: LocalAws, recorder: Recorder) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, Inner=nested(recorder, Same=thing("same"), Last=thing("last")))
    child = inner(stack)
    failing = thing("last", ("Added",), Fail="Update")
    ended = stack.update(Inner=nested(recorder, Same=thing("same"), Added=thing("added"), Last=failing))
    assert ended == "UPDATE_ROLLBACK_COMPLETE"
    assert status(child) == "UPDATE_ROLLBACK_COMPLETE"
    assert recorder.story()[2:] == [("Create", "added"), ("Update", "last"), ("Update", "last"), ("Delete", "added")]
    why = f"Embedded stack {child.name} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with"
    failed = ("UPDATE_FAILED", f"{why} reason: The following resource(s) failed to update: [Last].")
    assert failed in stack.told("Inner")


def test_one_that_an_update_adds_is_deleted_when_that_fails(aws: LocalAws, recorder: Recorder) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, Thing=thing("thing"))
    failing = nested(recorder, Made=thing("made"), Failing=thing("failing", ("Made",), Fail="Create"))
    assert stack.update(Thing=thing("thing"), Inner=failing) == "UPDATE_ROLLBACK_COMPLETE"
    assert deleted(recorder) == ["failing", "made"]
    assert status(inner(stack)) == "DELETE_COMPLETE"


def test_one_whose_parent_goes_back_goes_back_too(aws: LocalAws, recorder: Recorder) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, Inner=nested(recorder, Same=thing("same")), Last=thing("last"))
    added = nested(recorder, Same=thing("same"), Added=thing("added"))
    ended = stack.update(Inner=added, Last=thing("last", ("Inner",), Fail="Update"))
    assert ended == "UPDATE_ROLLBACK_COMPLETE"
    assert deleted(recorder) == ["added"]
    assert set(recorder.story()[2:]) == {("Create", "added"), ("Update", "last"), ("Delete", "added")}


def test_one_of_the_same_template_stays_as_it_is(aws: LocalAws, recorder: Recorder) -> None:
    inside = nested(recorder, Thing=recorder.thing("thing"))
    stack, _ = Stack.create(aws, Inner=inside)
    before = own_events(inner(stack))
    copy = nested(recorder, Thing=recorder.thing("thing"))
    assert stack.update(Inner=copy) == "UPDATE_COMPLETE"
    assert own_events(inner(stack)) == before
    assert recorder.story() == [("Create", "thing")]


def test_one_without_rollback_stays_and_is_rolled_back_with_its_parent(aws: LocalAws, recorder: Recorder) -> None:
    failing = recorder.thing("failing", ("Made",), Fail="Create")
    stack = Stack.begin(aws, stays=True, Inner=nested(recorder, Made=recorder.thing("made"), Failing=failing))
    assert stack.settle() == "CREATE_FAILED"
    assert status(inner(stack)) == "CREATE_FAILED"
    assert deleted(recorder) == []
    assert stack.roll_back() == "ROLLBACK_COMPLETE"
    assert deleted(recorder) == ["failing", "made"]


def test_an_update_without_rollback_is_rolled_back_with_its_parent(aws: LocalAws, recorder: Recorder) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, Inner=nested(recorder, Last=thing("last")))
    failing = nested(recorder, Added=thing("added"), Last=thing("last", ("Added",), Fail="Update"))
    stack.begin_update(stays=True, Inner=failing)
    assert stack.settle() == "UPDATE_FAILED"
    assert status(inner(stack)) == "UPDATE_FAILED"
    assert deleted(recorder) == []
    assert stack.roll_back() == "UPDATE_ROLLBACK_COMPLETE"
    assert status(inner(stack)) == "UPDATE_ROLLBACK_COMPLETE"
    assert deleted(recorder) == ["added"]


def test_an_update_knows_what_it_leaves_as_it_is_and_tells_its_outputs(aws: LocalAws, recorder: Recorder) -> None:
    name = {"Fn::GetAtt": ["Topic", "TopicName"]}

    def inside(version: str) -> Resource:
        thing = recorder.thing("thing", Name=name, Version=version)
        topic: Resource = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": f"topic-{recorder.bucket}"}}
        return nested(recorder, outputs={"Name": name, "Version": version}, Topic=topic, Thing=thing)

    outer = recorder.thing(
        "outer", **{each: {"Fn::GetAtt": ["Inner", f"Outputs.{each}"]} for each in ("Name", "Version")}
    )
    stack, _ = Stack.create(aws, Inner=inside("1"), Outer=outer)
    assert stack.update(Inner=inside("2"), Outer=outer) == "UPDATE_COMPLETE"
    *_, last = recorder.requests()
    assert last["PhysicalResourceId"] == "outer"
    assert {each: last["ResourceProperties"][each] for each in ("Name", "Version")} == {
        "Name": f"topic-{recorder.bucket}",
        "Version": "2",
    }


def test_its_update_is_given_up_when_that_of_its_parent_is_cancelled(aws: LocalAws, recorder: Recorder) -> None:
    thing, stacks = recorder.thing, aws.client("cloudformation")
    stack, _ = Stack.create(aws, Inner=nested(recorder, Thing=thing("thing")))
    stack.begin_update(Inner=nested(recorder, Thing=thing("thing"), Waiting=thing("waiting", Silent="Create")))
    recorder.reach(2)
    (shown,) = stacks.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert shown["ResourceStatus"] == "UPDATE_IN_PROGRESS"
    stacks.cancel_update_stack(StackName=stack.name)
    assert stack.settle() == "UPDATE_ROLLBACK_COMPLETE"
    assert status(inner(stack)) == "UPDATE_ROLLBACK_COMPLETE"
    assert ("UPDATE_FAILED", "Resource update cancelled") in stack.told("Inner")
    assert [kind for kind, _ in recorder.story()] == ["Create", "Create", "Delete"]


def test_one_that_cannot_go_back_fails_the_rollback_of_its_parent(aws: LocalAws, recorder: Recorder) -> None:
    first, second = (nested(recorder, Thing=recorder.thing("thing", Fail="Update", Version=each)) for each in "12")
    stack, _ = Stack.create(aws, Inner=first)
    assert stack.update(Inner=second) == "UPDATE_ROLLBACK_FAILED"
    assert status(inner(stack)) == "UPDATE_ROLLBACK_FAILED"
