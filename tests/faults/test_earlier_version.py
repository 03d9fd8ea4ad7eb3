"""Jobs that an earlier version of the function made: named otherwise, and paid for all the same.

Before, a job's name told only its whole specification, in sixteen digits. Its token was what it is now.
"""

import hashlib
import json
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .replies import refused
from .stack import Stack
from .templates import LONGER, NEW, OLD

CREATE, STOP = "CreateModelInvocationJob", "StopModelInvocationJob"
pytestmark = pytest.mark.in_several_ways
VPC = {"subnetIds": ["subnet-0123456789abcdef0"], "securityGroupIds": ["sg-0123456789abcdef0"]}
BRIEF = {"Job": properties(vpcConfig=VPC, timeoutDurationInHours=36)}


def earlier(job: Job) -> Job:
    """Give a job the name that the earlier version gave it."""
    owner, specification, request = job.request["clientRequestToken"].split("-")
    text = json.dumps([owner, specification], separators=(",", ":"))
    wish = hashlib.sha256(text.encode()).hexdigest()[:16]
    prefix = job.name.rsplit("-", 2)[0]
    job.request = {**job.request, "jobName": f"{prefix}-{wish}-{request[:8]}"}
    return job


@pytest.fixture
def job(aws: Aws, stack: Stack) -> Job:
    """The stack's job, which an earlier version made."""
    assert stack.resources["Job"].status == "CREATE_COMPLETE"
    return earlier(aws.bedrock.jobs[0])


def untouched(aws: Aws, stack: Stack, job: Job) -> None:
    assert stack.resources["Job"].physical_id == stack.resources["Job"].data["JobArn"] == job.arn
    assert stack.resources["Job"].data["JobName"] == job.name
    assert len(aws.front.of(CREATE)) == 1
    assert not aws.front.of(STOP)


@pytest.mark.parametrize("change", [{"RoleOfStack": True}, {"JobNamePrefix": "Renamed"}, {"WaitUntil": "SUBMITTED"}])
def test_U19_an_upgrade_pays_nothing_while_the_job_runs(aws: Aws, stack: Stack, job: Job, change: Any) -> None:
    """What a later template says beside the job keeps it, with all its attributes."""
    assert stack.deploy({"Job": {**properties(), **change}}) == "UPDATE_COMPLETE"
    untouched(aws, stack, job)


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.EXPIRED])
def test_U19_an_upgrade_pays_nothing_when_the_job_is_over(aws: Aws, stack: Stack, job: Job, status: Status) -> None:
    """However it ended."""
    aws.bedrock.end(job.arn, status)
    assert stack.deploy({"Job": {**properties(), "RoleOfStack": True}}) == "UPDATE_COMPLETE"
    untouched(aws, stack, job)


def test_U19_another_timeout_again_and_again_keeps_the_completed_job(aws: Aws) -> None:
    """Its name tells one specification only; that its results are those of the others, its fields and digests prove."""
    stack = aws.stack()
    assert stack.deploy(BRIEF) == "CREATE_COMPLETE"
    job = earlier(aws.bedrock.jobs[0])
    aws.bedrock.end(job.arn, Status.COMPLETED)
    for template in (LONGER, OLD, BRIEF, LONGER):
        assert stack.deploy(template) == "UPDATE_COMPLETE"
        untouched(aws, stack, job)
    aws.front.meet(CREATE, refused("ValidationException", "The provided model identifier is invalid"))
    assert stack.deploy(NEW) == "UPDATE_ROLLBACK_COMPLETE"
    assert aws.bedrock.statuses == ["Completed"]


def test_U19_the_same_job_once_more_is_run_once_more(aws: Aws, stack: Stack, job: Job) -> None:
    """Another run token asks for other results, also after the job was kept for another timeout."""
    aws.bedrock.end(job.arn, Status.COMPLETED)
    assert stack.deploy(LONGER) == "UPDATE_COMPLETE"
    again = {"Job": {**LONGER["Job"], "RunToken": "again"}}
    assert stack.deploy(again) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[1].arn
    assert aws.bedrock.statuses[0] == "Completed"


def test_U19_a_delivery_that_comes_again_finds_the_job(aws: Aws, stack: Stack, job: Job) -> None:
    """The function has been renewed between two deliveries of one request: the second adopts what the first made."""
    event = aws.cloudformation.requests[0]
    aws.cloudformation.note(stack.id, "Job", "CREATE_IN_PROGRESS", "")
    assert aws.function.invoke(event).error is None
    assert [each["PhysicalResourceId"] for each in aws.endpoint.answers(event["RequestId"])] == [job.arn] * 2
    assert aws.endpoint.answers(event["RequestId"])[1]["Data"]["JobName"] == job.name
    assert len(aws.front.of(CREATE)) == 1


def test_U19_a_roll_back_takes_the_job_back(aws: Aws, stack: Stack, job: Job) -> None:
    """The new job has a name of now, and is stopped; the old one runs on."""
    assert stack.deploy(NEW, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == job.arn
    assert (job in aws.bedrock.live, aws.bedrock.statuses[1]) == (True, "Stopped")


def test_U19_another_specification_replaces_the_job(aws: Aws, stack: Stack, job: Job) -> None:
    """As any other: the new one is made, and the old one stopped."""
    assert stack.deploy(LONGER) == "UPDATE_COMPLETE"
    assert (job.status, len(aws.bedrock.live)) == (Status.STOPPED, 1)


@pytest.mark.parametrize("known", [True, False], ids=["by its ARN", "by another id"])
def test_U19_a_delete_stops_the_job(stack: Stack, job: Job, *, known: bool) -> None:
    """Whichever id CloudFormation knows it by."""
    if not known:
        stack.resources["Job"].physical_id = "Stack-Job-1TRM0O8K2ZQ7V"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED
