"""``DeletionPolicy``: on removal, when the stack is deleted, and when its creation fails.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
"""

import pytest

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack

RETAINING = ["Retain", "RetainExceptOnCreate"]
# By policy: what is deleted of what a failed operation made.
AFTER_A_FAILURE: list[tuple[str, set[str]]] = [("Retain", set()), ("RetainExceptOnCreate", {"made"})]


def deleted(recorder: Recorder) -> set[str]:
    return {physical_id for kind, physical_id in recorder.story() if kind == "Delete"}


@pytest.mark.parametrize("policy", RETAINING)
def test_a_removed_one_stays(aws: LocalAws, recorder: Recorder, policy: str) -> None:
    stack, _ = Stack.create(
        aws, Kept=recorder.thing("kept", policy=policy), Gone=recorder.thing("gone"), Other=recorder.thing("other")
    )
    assert stack.update(Other=recorder.thing("other")) == "UPDATE_COMPLETE"
    assert deleted(recorder) == {"gone"}
    assert stack.events("Kept")[-1] == "DELETE_SKIPPED"


@pytest.mark.parametrize("policy", RETAINING)
def test_one_of_a_deleted_stack_stays(aws: LocalAws, recorder: Recorder, policy: str) -> None:
    stack, _ = Stack.create(aws, Kept=recorder.thing("kept", policy=policy), Gone=recorder.thing("gone"))
    stack.delete()
    assert deleted(recorder) == {"gone"}


@pytest.mark.parametrize(("policy", "gone"), AFTER_A_FAILURE)
def test_one_whose_stack_could_not_be_made_may_stay(
    aws: LocalAws, recorder: Recorder, policy: str, gone: set[str]
) -> None:
    failing = recorder.thing("failing", ("Made",), Fail="Create")
    _, status = Stack.create(aws, Made=recorder.thing("made", policy=policy), Failing=failing)
    assert status == "ROLLBACK_COMPLETE"
    assert deleted(recorder) == {"failing"} | gone


@pytest.mark.parametrize(("policy", "gone"), AFTER_A_FAILURE)
def test_one_that_a_failed_update_added_may_stay(
    aws: LocalAws, recorder: Recorder, policy: str, gone: set[str]
) -> None:
    stack, _ = Stack.create(aws, Last=recorder.thing("last"))
    failing = recorder.thing("last", ("Made",), Fail="Update")
    stack.update(Made=recorder.thing("made", policy=policy), Last=failing)
    assert deleted(recorder) == gone


def test_one_that_failed_and_stayed_is_deleted_with_the_rollback(aws: LocalAws, recorder: Recorder) -> None:
    stack = Stack.begin(aws, stays=True, Failing=recorder.thing("failing", Fail="Create"))
    assert stack.settle() == "CREATE_FAILED"
    assert deleted(recorder) == set()
    assert stack.roll_back() == "ROLLBACK_COMPLETE"
    assert deleted(recorder) == {"failing"}
