"""Tags: of jobs that a request finds, by the rules of the API, and beside those that AWS sets."""

from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .replies import after
from .test_tags import BLUE, CREATE, LIST_TAGS, RED, TAG, UNTAG, only_tags, tagged

FIFTY = {f"tag-{number}": "value" for number in range(50)}


@pytest.mark.either("tags_of_ended_job")
def test_G07_a_job_that_is_found_again_gets_the_tags_of_now(aws: Aws) -> None:
    """A completed job is taken back with other tags than it had, as far as Bedrock shows them; it is not run again."""
    stack = aws.stack()
    stack.deploy(tagged(BLUE))
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.COMPLETED)
    stack.deploy(tagged(BLUE, timeoutDurationInHours=48))
    assert stack.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    readable = aws.bedrock.behaviours.tags_of_ended_job == "readable"
    assert aws.bedrock.jobs[0].tags == (RED if readable else BLUE)
    assert len(aws.bedrock.jobs) == 1


def test_G07_a_job_that_a_killed_function_made_has_its_tags_already(aws: Aws) -> None:
    """They are sent with the job, so the second delivery finds nothing to change."""
    aws.front.meet(CREATE, after(aws.function.kill))
    assert aws.stack().deploy(tagged(BLUE)) == "CREATE_COMPLETE"
    assert only_tags(aws) == BLUE
    assert not aws.front.of(TAG) + aws.front.of(UNTAG)


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ([{"key": "cost;center", "value": "7"}], "the tag 'cost;center' is none: 'Tag.key' does not match"),
        ([{"key": "team", "value": "a;b"}], "the tag 'team' is none: 'Tag.value' does not match"),
        ([{"key": "k" * 129, "value": ""}], "'Tag.key' must be 1 to 128 characters, got 129"),
        ([{"key": "team", "value": "v" * 257}], "'Tag.value' must be 0 to 256 characters, got 257"),
        ([{"key": "team", "value": "a"}, {"key": "team", "value": "b"}], "the tag 'team' is there 2 times"),
        ([{"key": str(number), "value": ""} for number in range(201)], "'Tags' must be 0 to 200 items, got 201"),
    ],
)
def test_G08_a_tag_that_the_api_would_refuse_is_named(aws: Aws, tags: list[dict[str, str]], words: str) -> None:
    """The deployment fails before anything is made, with the tag's key and how to keep the tag from the job."""
    stack = aws.stack()
    assert stack.deploy({"Job": {**properties(), "Tags": tags}}) == "ROLLBACK_COMPLETE"
    assert words in stack.reasons[0]
    assert "exclude_resource_types=['Custom::BedrockModelInvocationJob']" in stack.reasons[0]
    assert not aws.front.of(CREATE)


def test_G08_a_tag_that_the_api_would_refuse_changes_nothing_in_an_update(aws: Aws) -> None:
    """The update fails before any tag is touched."""
    stack = aws.stack()
    stack.deploy(tagged(BLUE))
    assert stack.deploy(tagged({"cost;center": "7"})) == "UPDATE_ROLLBACK_COMPLETE"
    assert "the tag 'cost;center' is none" in stack.reasons[0]
    assert only_tags(aws) == BLUE
    assert not aws.front.of(TAG) + aws.front.of(UNTAG)


@pytest.mark.parametrize("tags", ["team", ["team"], [{"Key": "team", "Value": "blue"}]])
def test_G08_tags_that_cannot_be_read_are_refused(aws: Aws, tags: Any) -> None:
    """The deployment fails with the property's name."""
    stack = aws.stack()
    assert stack.deploy({"Job": {**properties(), "Tags": tags}}) == "ROLLBACK_COMPLETE"
    assert "the property 'Tags' must be a list of maps with key and value" in stack.reasons[0]
    assert not aws.front.of(CREATE)


def test_G08_as_many_tags_as_a_job_may_have_are_changed_for_as_many_others(aws: Aws) -> None:
    """What is gone is removed first, so that there is room."""
    stack = aws.stack()
    stack.deploy(tagged(FIFTY))
    others = {f"other-{key}": value for key, value in FIFTY.items()}
    assert stack.deploy(tagged(others)) == "UPDATE_COMPLETE"
    assert only_tags(aws) == others


def test_G09_a_tag_of_aws_stays(aws: Aws) -> None:
    """Keys that begin with aws: are never removed."""
    stack = aws.stack()
    stack.deploy(tagged(BLUE))
    (job,) = aws.bedrock.jobs
    job.tags["aws:createdBy"] = "somebody"
    assert stack.deploy(tagged(RED)) == "UPDATE_COMPLETE"
    assert only_tags(aws) == {**RED, "aws:createdBy": "somebody"}
    assert len(aws.front.of(LIST_TAGS)) == 1
