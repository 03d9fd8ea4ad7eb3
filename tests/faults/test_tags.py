"""Tags: changed in place, whatever happens on the way. No job is made for them."""

from collections.abc import Callable
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .front import Exchange, Response
from .random_faults import DENIED
from .replies import THROTTLED, after, before, healthy, refused
from .stack import Stack

CREATE, STOP = "CreateModelInvocationJob", "StopModelInvocationJob"
LIST_TAGS, TAG, UNTAG = "ListTagsForResource", "TagResource", "UntagResource"
BLUE, RED = {"team": "blue", "old": "1"}, {"team": "red", "new": "2"}
Reply = Callable[[Exchange], Response | None]


def tagged(tags: dict[str, str], **changes: Any) -> dict[str, Any]:
    """A template with one job that has tags."""
    return {"Job": {**properties(**changes), "Tags": [{"key": key, "value": tags[key]} for key in tags]}}


@pytest.fixture
def blue(aws: Aws) -> Stack:
    """A stack whose job runs, with tags."""
    stack = aws.stack()
    assert stack.deploy(tagged(BLUE)) == "CREATE_COMPLETE"
    return stack


def only_tags(aws: Aws) -> dict[str, str]:
    """The tags of the one job that there is, which nobody has asked for twice or stopped."""
    (job,) = aws.bedrock.jobs
    assert len(aws.front.of(CREATE)) == 1
    assert not aws.front.of(STOP)
    return job.tags


def test_G01_the_job_keeps_running_and_has_the_new_tags(aws: Aws, blue: Stack) -> None:
    """The physical id stays; what is gone is removed, what is new or has another value is set, in one call each."""
    assert only_tags(aws) == BLUE
    assert blue.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert blue.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert only_tags(aws) == RED
    assert [call["tagKeys"] for call in aws.front.of(UNTAG)] == [["old"]]
    assert len(aws.front.of(TAG)) == 1


def test_G01_tags_that_are_taken_away_are_removed(aws: Aws, blue: Stack) -> None:
    """A template without tags leaves a job without tags, and sets none."""
    assert blue.deploy({"Job": properties()}) == "UPDATE_COMPLETE"
    assert only_tags(aws) == {}
    assert not aws.front.of(TAG)


def test_G01_tags_that_are_right_are_left_alone(aws: Aws, blue: Stack) -> None:
    """An update of something else only reads them."""
    change = {**tagged(BLUE)["Job"], "WaitTimeoutSeconds": 500}
    assert blue.deploy({"Job": change}) == "UPDATE_COMPLETE"
    assert only_tags(aws) == BLUE
    assert not aws.front.of(TAG) + aws.front.of(UNTAG)


@pytest.mark.parametrize("moment", [before, after])
@pytest.mark.parametrize("operation", [LIST_TAGS, UNTAG, TAG])
def test_G02_the_second_delivery_finishes_it(aws: Aws, blue: Stack, operation: str, moment: Any) -> None:
    """It compares with the tags that there are, so it does not matter how far the first has come."""
    aws.front.meet(operation, moment(aws.function.kill))
    assert blue.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert [each.error for each in aws.function.invocations[1:]] == ["killed", None]
    assert only_tags(aws) == RED


def test_G03_the_roll_back_brings_the_old_tags_back(aws: Aws, blue: Stack) -> None:
    """No job is made or stopped on the way there and back."""
    assert blue.deploy(tagged(RED), sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert only_tags(aws) == BLUE


def test_G03_the_roll_back_waits_out_a_refusal_that_passes(aws: Aws, blue: Stack) -> None:
    """The old tags are back in the end."""
    aws.front.meet(UNTAG, healthy, *[DENIED] * 3)
    assert blue.deploy(tagged(RED), sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert only_tags(aws) == BLUE


def test_G03_the_roll_back_of_another_job_leaves_the_tags_of_the_first(aws: Aws, blue: Stack) -> None:
    """Job and tags change; the new job has the new tags, the old one keeps its own."""
    change = tagged(RED, timeoutDurationInHours=48)
    assert blue.deploy(change, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert [job.tags for job in aws.bedrock.jobs] == [BLUE, RED]
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


@pytest.mark.parametrize("which", [0, 1])
def test_G04_a_request_that_comes_again_late_changes_no_tags(aws: Aws, blue: Stack, which: int) -> None:
    """The Create or the first Update arrives again after the tags have been changed once more; they stay."""
    blue.deploy(tagged(RED))
    blue.deploy(tagged({"team": "green"}))
    assert aws.function.invoke(aws.cloudformation.requests[which]).error is None
    assert only_tags(aws) == {"team": "green"}


def test_G04_an_update_that_was_given_up_changes_no_tags(aws: Aws, blue: Stack) -> None:
    """A sibling fails while the tags are read; the roll back is under way when the update goes on."""
    event = blue.event(
        "Update",
        tagged(RED)["Job"],
        PhysicalResourceId=aws.bedrock.jobs[0].arn,
        OldResourceProperties=tagged(BLUE)["Job"],
    )
    blue.cloudformation.note(blue.id, "Job", "UPDATE_IN_PROGRESS", aws.bedrock.jobs[0].arn)
    blue.cloudformation.stacks[blue.id] = "UPDATE_IN_PROGRESS"

    def roll_back() -> None:
        blue.cloudformation.stacks[blue.id] = "UPDATE_ROLLBACK_IN_PROGRESS"

    aws.front.meet(LIST_TAGS, before(roll_back))
    assert aws.function.invoke(event).error is None
    assert only_tags(aws) == BLUE


NOT_TAGGABLE = [
    refused("ResourceNotFoundException", "The specified resource ARN was not found.", 404),
    refused("ValidationException", "The job is not in a state that can be tagged"),
    DENIED,
    refused("InternalServerException", "The service failed to answer. Try again.", 500),
]


@pytest.mark.parametrize("operation", [LIST_TAGS, UNTAG])
@pytest.mark.parametrize("reply", NOT_TAGGABLE)
@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
def test_G05_a_job_that_is_over_fails_no_deployment(
    aws: Aws, blue: Stack, operation: str, reply: Reply, status: Status
) -> None:
    """Whatever the refusal is, it is logged once, without waiting, and the update succeeds."""
    aws.bedrock.behave(tags_of_ended_job="readable")
    aws.bedrock.end(aws.bedrock.jobs[0].arn, status)
    aws.front.always(operation, reply)
    assert blue.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert aws.function.log.count("the tags of a job that is over stay as they are") == 1
    assert only_tags(aws) == BLUE


@pytest.mark.either("tags_of_ended_job")
def test_G05_the_tags_of_a_job_that_is_over_are_changed_where_that_can_be_done(aws: Aws, blue: Stack) -> None:
    """Whether it can is not known of Bedrock, so it is tried; where it cannot, they stay."""
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.COMPLETED)
    assert blue.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert only_tags(aws) == (RED if aws.bedrock.behaviours.tags_of_ended_job == "readable" else BLUE)


def test_G05_a_job_that_is_no_more_fails_no_deployment(aws: Aws, blue: Stack) -> None:
    """There is nothing to tag; the id stays."""
    arn = aws.bedrock.jobs[0].arn
    aws.bedrock.lose(arn)
    assert blue.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert blue.resources["Job"].physical_id == arn


@pytest.mark.parametrize("operation", [LIST_TAGS, UNTAG, TAG])
@pytest.mark.parametrize("reply", [DENIED, THROTTLED])
def test_G06_a_refusal_that_passes_is_waited_out(aws: Aws, blue: Stack, operation: str, reply: Reply) -> None:
    """A policy that is new, and throttling beyond botocore's own tries."""
    aws.front.meet(operation, *[reply] * 6)
    assert blue.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert only_tags(aws) == RED


@pytest.mark.parametrize("operation", [LIST_TAGS, TAG])
def test_G06_a_refusal_that_lasts_fails_in_the_services_words(aws: Aws, blue: Stack, operation: str) -> None:
    """The update fails with the action's name; the roll back, refused as well, does not."""
    words = f"not authorized to perform: bedrock:{operation}"
    aws.front.always(operation, refused("AccessDeniedException", words, 403))
    assert blue.deploy(tagged(RED)) == "UPDATE_ROLLBACK_COMPLETE"
    (reason,) = blue.reasons
    assert words in reason
    assert aws.bedrock.statuses == ["InProgress"]


def test_G06_a_refusal_for_good_is_not_repeated(aws: Aws, blue: Stack) -> None:
    """Too many tags are too many the next time as well."""
    aws.front.meet(TAG, healthy)
    aws.front.always(UNTAG, refused("TooManyTagsException", "A resource can have at most 50 tags"))
    assert blue.deploy(tagged(RED)) == "UPDATE_ROLLBACK_COMPLETE"
    assert "at most 50 tags" in blue.reasons[0]
    assert len(aws.front.of(UNTAG)) == 1
