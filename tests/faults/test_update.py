"""Update: another job only for another specification, and the old one back when things go wrong."""

from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .cloudformation import stringified
from .replies import THROTTLED, after, edited, healthy, refused
from .stack import Stack
from .templates import LONGER, NEW, OLD

CREATE, GET, STOP = "CreateModelInvocationJob", "GetModelInvocationJob", "StopModelInvocationJob"


@pytest.mark.parametrize("template", [NEW, LONGER], ids=["other results", "another timeout"])
def test_U01_another_specification_is_another_job(aws: Aws, stack: Stack, template: dict[str, Any]) -> None:
    """The new job is made first; CloudFormation's clean-up Delete stops the old one."""
    assert stack.deploy(template) == "UPDATE_COMPLETE"
    old, new = aws.bedrock.jobs
    assert stack.resources["Job"].physical_id == new.arn
    assert [event["RequestType"] for event in aws.cloudformation.requests] == ["Create", "Update", "Delete"]
    assert aws.cloudformation.requests[-1]["PhysicalResourceId"] == old.arn
    assert (old.status, new in aws.bedrock.live) == ("Stopped", True)


@pytest.mark.parametrize(
    "change",
    [{"WaitTimeoutSeconds": 500}, {"WaitUntil": "SUBMITTED"}, {"StopOnDelete": False}, {"JobNamePrefix": "Other"}],
)
def test_U02_what_is_not_the_specification_makes_no_job(aws: Aws, stack: Stack, change: dict[str, Any]) -> None:
    """How to wait, what to do on Delete and the prefix of the name keep the id; Bedrock is asked for nothing."""
    assert stack.deploy({"Job": {**properties(), **change}}) == "UPDATE_COMPLETE"
    (job,) = aws.bedrock.jobs
    assert stack.resources["Job"].physical_id == job.arn
    assert (stack.resources["Job"].data["JobName"], stack.resources["Job"].data["JobStatus"]) == (job.name, job.status)
    assert not aws.front.of(STOP)


@pytest.mark.parametrize("spelled", [{"timeoutDurationInHours": 24}, {"modelInvocationType": "InvokeModel"}])
def test_U03_a_default_spelled_out_is_no_change(aws: Aws, stack: Stack, spelled: dict[str, Any]) -> None:
    """A number as text, another order of keys and a default that is written down ask for the same job."""
    job = dict(reversed(properties(**spelled)["Job"].items()))
    assert stack.deploy({"Job": {**properties(), "Job": job}}) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert len(aws.front.of(CREATE)) == 1


def test_an_update_outlasts_throttling(aws: Aws, stack: Stack) -> None:
    aws.front.meet(GET, *[THROTTLED] * 6)
    assert stack.deploy(NEW) == "UPDATE_COMPLETE", stack.reasons


def test_U04_a_refused_new_job_leaves_the_old_one_running(aws: Aws, stack: Stack) -> None:
    """The update fails with Bedrock's words, the id stays, and the old job goes on."""
    aws.front.meet(CREATE, refused("ValidationException", "The provided model identifier is invalid"))
    assert stack.deploy(NEW) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.reasons == ["The provided model identifier is invalid (ValidationException)"]
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == ["InProgress"]
    assert not aws.front.of(STOP)


def test_U05_a_new_job_that_fails_validation_leaves_the_old_one_running(aws: Aws, stack: Stack) -> None:
    """The update fails with Bedrock's message, and the roll back keeps the old job."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED), "too few records")
    assert stack.deploy(NEW) == "UPDATE_ROLLBACK_COMPLETE"
    assert "too few records" in stack.reasons[0]
    assert aws.bedrock.statuses == ["InProgress", "Failed"]
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn


def test_U05_a_new_job_that_cannot_be_looked_at_is_stopped(aws: Aws, stack: Stack) -> None:
    """The update fails after the job was made; nobody else knows of that job, so it is stopped."""
    aws.front.meet(GET, healthy, edited(roleArn=None))
    assert stack.deploy(NEW) == "UPDATE_ROLLBACK_COMPLETE"
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


def test_U06_a_roll_back_takes_the_old_job_back(aws: Aws, stack: Stack) -> None:
    """The old job still runs, so it is adopted instead of run again; the new one is stopped."""
    assert stack.deploy(NEW, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


def test_U06_an_update_that_arrives_when_it_is_taken_back_already_leaves_no_job(aws: Aws, stack: Stack) -> None:
    """The roll back looks before the job is made and answers while it is watched: the job is stopped."""
    (old,) = aws.bedrock.jobs
    aws.cloudformation.note(stack.id, "Job", "UPDATE_IN_PROGRESS", old.arn)
    aws.cloudformation.stacks[stack.id] = "UPDATE_ROLLBACK_IN_PROGRESS"
    aws.front.meet(GET, healthy, healthy, after(lambda: taken_back(aws, stack, old.arn)))
    fields = {"OldResourceProperties": stringified(OLD["Job"]), "PhysicalResourceId": old.arn}
    aws.function.invoke(stack.event("Update", stringified(NEW["Job"]), **fields))
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


def taken_back(aws: Aws, stack: Stack, known: str) -> None:
    aws.cloudformation.note(stack.id, "Job", "UPDATE_COMPLETE", known)


def test_U07_a_roll_back_to_a_completed_job_pays_for_no_other(aws: Aws, stack: Stack) -> None:
    """The old job has its results: its id is answered, and nothing is run again."""
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.COMPLETED)
    assert stack.deploy(NEW, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == ["Completed", "Stopped"]


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.PARTIALLY_COMPLETED, Status.STOPPED, Status.FAILED])
def test_U07_a_refused_update_of_a_job_that_has_ended_pays_for_no_other(aws: Aws, stack: Stack, status: Status) -> None:
    """The roll back finds the job that the resource stands for, however it ended, and runs nothing again."""
    aws.bedrock.end(aws.bedrock.jobs[0].arn, status)
    aws.front.meet(CREATE, refused("ValidationException", "The provided model identifier is invalid"))
    assert stack.deploy(NEW) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == [status]


def test_U08_two_deliveries_of_an_update_make_one_job(aws: Aws, stack: Stack) -> None:
    """Both answer with the same new job."""
    aws.function.copies = 2
    assert stack.deploy(NEW) == "UPDATE_COMPLETE"
    aws.function.settle()
    (update,) = (event for event in aws.cloudformation.requests if event["RequestType"] == "Update")
    new = aws.bedrock.jobs[1].arn
    assert {answer["PhysicalResourceId"] for answer in aws.endpoint.answers(update["RequestId"])} == {new}
    assert aws.bedrock.statuses == ["Stopped", "InProgress"]


def test_U08_an_update_that_arrives_again_much_later_stops_nothing(aws: Aws, stack: Stack) -> None:
    """The stack has gone back to the first specification meanwhile; the job of that runs on."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.SCHEDULED, Status.IN_PROGRESS, Status.COMPLETED))
    stack.deploy(NEW)
    late = next(event for event in aws.cloudformation.requests if event["RequestType"] == "Update")
    aws.bedrock.life = Life()
    stack.deploy(OLD)
    assert aws.function.invoke(late).error is None
    assert aws.bedrock.statuses == ["Stopped", "Completed", "InProgress"]


def test_U08_a_roll_back_that_arrives_again_much_later_stops_nothing(aws: Aws, stack: Stack) -> None:
    """The update has been tried again with success meanwhile; its job runs on."""
    aws.front.meet(CREATE, refused("ValidationException", "The provided model identifier is invalid"))
    stack.deploy(NEW)
    late = aws.cloudformation.requests[-1]
    stack.deploy(NEW)
    assert aws.function.invoke(late).error is None
    assert aws.bedrock.statuses == ["Stopped", "InProgress"]


def test_U08_an_update_that_arrives_again_during_another_stops_nothing(aws: Aws, stack: Stack) -> None:
    """The stack has gone back to the first specification meanwhile; the job of that runs on."""
    stack.deploy(NEW)
    late = next(event for event in aws.cloudformation.requests if event["RequestType"] == "Update")
    stack.deploy(OLD)
    present = aws.bedrock.job(stack.resources["Job"].physical_id)
    aws.cloudformation.note(stack.id, "Job", "UPDATE_IN_PROGRESS", present.arn)
    aws.cloudformation.stacks[stack.id] = "UPDATE_ROLLBACK_IN_PROGRESS"
    aws.function.invoke(late)
    assert present in aws.bedrock.live


def test_U09_an_update_after_the_old_job_vanished_makes_the_new_one(aws: Aws, stack: Stack) -> None:
    """Neither the update nor the clean-up of the old job fails."""
    aws.bedrock.lose(aws.bedrock.jobs[0].arn)
    assert stack.deploy(NEW) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert not stack.reasons


def test_U09_an_update_that_asks_for_the_vanished_job_keeps_its_id(aws: Aws, stack: Stack) -> None:
    """What is not the specification changes, so nothing is run, and every attribute is still there."""
    arn = aws.bedrock.jobs[0].arn
    aws.bedrock.lose(arn)
    assert stack.deploy({"Job": {**properties(), "WaitTimeoutSeconds": 500}}) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == arn
    assert set(stack.resources["Job"].data) == {"JobArn", "JobId", "JobName", "JobStatus", "OutputUri"}
    assert len(aws.front.of(CREATE)) == 1
