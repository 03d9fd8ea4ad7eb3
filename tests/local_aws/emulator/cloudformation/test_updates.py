"""An update: what it adds, what it takes away, and in which order; and what becomes of both if it fails."""

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack


def test_what_was_removed_goes_last_after_the_old_one_that_depended_on_it(aws: LocalAws, recorder: Recorder) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(
        aws, Aid=thing("aid"), Thing=thing("thing-1", ("Aid",)), Later=thing("later", ("Thing",), Version="1")
    )
    status = stack.update(Thing=thing("thing-2"), Later=thing("later", ("Thing",), Version="2"))
    assert status == "UPDATE_COMPLETE"
    assert recorder.story()[3:] == [
        ("Update", "thing-1"),
        ("Update", "later"),
        ("Delete", "thing-1"),
        ("Delete", "aid"),
    ]


def test_removed_ones_go_in_the_order_of_the_old_template(aws: LocalAws, recorder: Recorder) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, B=thing("b"), A=thing("a", ("B",)), C=thing("c", ("A",)), Kept=thing("kept"))
    stack.update(Kept=thing("kept"))
    assert recorder.story()[4:] == [("Delete", "c"), ("Delete", "a"), ("Delete", "b")]


def test_the_clean_up_is_told(aws: LocalAws, recorder: Recorder) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, Removed=thing("removed"), Thing=thing("thing-1"))
    stack.update(Thing=thing("thing-2"))
    seen = [each["Seen"]["Status"] for each in recorder.requests() if each["RequestType"] == "Delete"]
    assert seen == ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"] * 2
    assert stack.events("Removed")[-2:] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    assert stack.events("Thing")[-2:] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    assert stack.events(stack.name)[-2:] == ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]


def test_an_update_that_fails_deletes_what_it_added_and_nothing_that_it_removed(
    aws: LocalAws, recorder: Recorder
) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, Removed=thing("removed"), Last=thing("last"))
    status = stack.update(Added=thing("added"), Last=thing("last", ("Added",), Fail="Update"))
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert recorder.story()[2:] == [("Create", "added"), ("Update", "last"), ("Update", "last"), ("Delete", "added")]
    stack.delete()
    assert set(recorder.story()[6:]) == {("Delete", "removed"), ("Delete", "last")}


def test_an_update_that_fails_deletes_the_new_one_of_a_replacement_and_keeps_the_old_one(
    aws: LocalAws, recorder: Recorder
) -> None:
    thing = recorder.thing
    stack, _ = Stack.create(aws, Thing=thing("thing-1"), Last=thing("last", ("Thing",)))
    assert stack.update(Thing=thing("thing-2"), Last=thing("last", ("Thing",), Fail="Update")).startswith("UPDATE_ROLL")
    assert [each for each in recorder.story() if each[0] == "Delete"] == [("Delete", "thing-2")]
    stack.delete()
    assert ("Delete", "thing-1") in recorder.story()
