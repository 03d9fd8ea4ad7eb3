"""A nested stack is made and deleted as any other: it rolls back, heeds its policies, goes with its parent.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

import pytest

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.nested import deleted, inner, nested, own_events, status
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack, answer


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
