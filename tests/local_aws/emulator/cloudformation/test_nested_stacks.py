"""A nested stack lives as any other: it rolls back, keeps what its policies say, and is given up with its parent.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

import json
import uuid
from typing import Any

import pytest

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Resource, Stack, answer


def nested(
    recorder: Recorder, *depends_on: str, outputs: dict[str, Any] | None = None, **resources: Resource
) -> Resource:
    """Describe a nested stack with only these resources."""
    key = f"templates/{uuid.uuid4().hex}"
    template = {"Resources": resources, "Outputs": {name: {"Value": value} for name, value in (outputs or {}).items()}}
    bucket = recorder.aws.bucket({key: json.dumps(template).encode()})
    url = f"https://s3.us-east-1.amazonaws.com/{bucket}/{key}"
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}, "DependsOn": list(depends_on)}


def inner(stack: Stack) -> Stack:
    """Find the only nested stack there has been."""
    events = stack.aws.client("cloudformation").describe_stack_events(StackName=stack.name)["StackEvents"]
    (arn,) = {each["PhysicalResourceId"] for each in events if each["LogicalResourceId"] == "Inner"} - {""}
    return Stack(stack.aws, arn)


def status(stack: Stack) -> str:
    (found,) = stack.aws.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"]
    return str(found["StackStatus"])


def own_events(stack: Stack) -> list[str]:
    return stack.events(stack.name.split("/")[1])


def deleted(recorder: Recorder) -> list[str]:
    return [physical_id for kind, physical_id in recorder.story() if kind == "Delete"]


def test_one_whose_create_fails_rolls_back_and_then_its_parent_deletes_it(aws: LocalAws, recorder: Recorder) -> None:
    failing = recorder.thing("failing", ("Made",), Fail="Create")
    stack, ended = Stack.create(aws, Inner=nested(recorder, Made=recorder.thing("made"), Failing=failing))
    assert ended == "ROLLBACK_COMPLETE"
    assert deleted(recorder) == ["failing", "made"]
    child = inner(stack)
    assert own_events(child) == [
        "CREATE_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert child.events("Made") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    why = f"Embedded stack {child.name} was not successfully created"
    failed = ("CREATE_FAILED", f"{why}: The following resource(s) failed to create: [Failing].")
    assert failed in stack.told("Inner")
    assert stack.events("Inner")[-2:] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]


@pytest.mark.parametrize(("policy", "gone"), [("Retain", ["failing"]), ("RetainExceptOnCreate", ["failing", "made"])])
def test_one_that_rolls_back_heeds_its_policies(
    aws: LocalAws, recorder: Recorder, policy: str, gone: list[str]
) -> None:
    failing = recorder.thing("failing", ("Made",), Fail="Create")
    Stack.create(aws, Inner=nested(recorder, Made=recorder.thing("made", policy=policy), Failing=failing))
    assert deleted(recorder) == gone


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_one_that_is_deleted_heeds_its_policies(aws: LocalAws, recorder: Recorder, policy: str) -> None:
    resources = {"Kept": recorder.thing("kept", policy=policy), "Gone": recorder.thing("gone")}
    stack, ended = Stack.create(aws, Inner=nested(recorder, **resources))
    assert ended == "CREATE_COMPLETE"
    child = inner(stack)
    stack.delete()
    assert deleted(recorder) == ["gone"]
    assert child.events("Kept")[-1] == "DELETE_SKIPPED"


def test_one_whose_resource_does_not_delete_fails_the_deletion(aws: LocalAws, recorder: Recorder) -> None:
    stack, _ = Stack.create(aws, Inner=nested(recorder, Thing=recorder.thing("thing", Fail="Delete")))
    aws.client("cloudformation").delete_stack(StackName=stack.name)
    stack.reach("Inner", "DELETE_FAILED")
    assert stack.settle() == "DELETE_FAILED"
    child = inner(stack)
    assert status(child) == "DELETE_FAILED"
    why = f"Embedded stack {child.name} was not successfully deleted"
    failed = ("DELETE_FAILED", f"{why}: The following resource(s) failed to delete: [Thing].")
    assert stack.told("Inner")[-1] == failed


def test_the_resources_of_one_are_made_side_by_side(aws: LocalAws, recorder: Recorder) -> None:
    waiting = recorder.thing("waiting", Silent="Create")
    stack = Stack.begin(aws, Inner=nested(recorder, Waiting=waiting, Other=recorder.thing("other", Silent="Create")))
    recorder.reach(2)
    stack.delete()


def test_one_is_given_up_when_another_resource_of_its_parent_fails(aws: LocalAws, recorder: Recorder) -> None:
    waiting = recorder.thing("waiting", ("Made",), Silent="Create")
    inside = nested(recorder, Made=recorder.thing("made"), Waiting=waiting, After=recorder.thing("after", ("Waiting",)))
    stack = Stack.begin(aws, Inner=inside, Beside=recorder.thing("beside", Silent="Create"))
    (beside,) = [each for each in recorder.reach(3) if each["LogicalResourceId"] == "Beside"]
    answer(beside, "beside", "FAILED")
    assert stack.settle() == "ROLLBACK_COMPLETE"
    assert ("CREATE_FAILED", "Resource creation cancelled") in stack.told("Inner")
    assert inner(stack).events("After") == []
    gone = [each["LogicalResourceId"] for each in recorder.requests() if each["RequestType"] == "Delete"]
    assert sorted(gone) == ["Beside", "Made", "Waiting"]


def test_one_is_given_up_when_its_parent_is_deleted(aws: LocalAws, recorder: Recorder) -> None:
    waiting = recorder.thing("waiting", ("Made",), Silent="Create")
    stack = Stack.begin(aws, Inner=nested(recorder, Made=recorder.thing("made"), Waiting=waiting))
    recorder.reach(2)
    child = inner(stack)
    (shown,) = aws.client("cloudformation").describe_stack_resources(StackName=stack.name)["StackResources"]
    assert (shown["ResourceStatus"], shown["PhysicalResourceId"]) == ("CREATE_IN_PROGRESS", child.name)
    stack.delete()
    assert len(deleted(recorder)) == 2
    assert status(child) == "DELETE_COMPLETE"


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


def test_the_innermost_of_several_is_told_and_deleted(aws: LocalAws, recorder: Recorder) -> None:
    failing = recorder.thing("failing", Fail="Create")
    stack, ended = Stack.create(aws, Inner=nested(recorder, Deep=nested(recorder, Failing=failing)))
    assert ended == "ROLLBACK_COMPLETE"
    assert deleted(recorder) == ["failing"]
    (told,) = [why for what, why in inner(stack).told("Deep") if what == "CREATE_FAILED"]
    assert told.endswith("was not successfully created: The following resource(s) failed to create: [Failing].")


def test_a_refused_template_fails_it(aws: LocalAws, recorder: Recorder) -> None:
    inside = nested(recorder, Thing={"Type": "AWS::Nothing::Known"})
    stack, ended = Stack.create(aws, Inner=inside)
    assert ended == "ROLLBACK_COMPLETE"
    ((_, why),) = [each for each in stack.told("Inner") if each[0] == "CREATE_FAILED"]
    assert "AWS::Nothing::Known" in why


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
