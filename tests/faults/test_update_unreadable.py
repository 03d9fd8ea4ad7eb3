"""Update: the job that the resource stands for cannot be read."""

from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .front import Exchange, Response
from .replies import THROTTLED, edited, refused
from .stack import Stack
from .templates import LONGER, NEW, OLD

CREATE, GET, LIST = "CreateModelInvocationJob", "GetModelInvocationJob", "ListModelInvocationJobs"
STOP = "StopModelInvocationJob"
DENIED = refused("AccessDeniedException", "User is not authorized to perform: bedrock:GetModelInvocationJob", 403)
REFUSALS = pytest.mark.parametrize("refusal", [THROTTLED, DENIED], ids=["throttled", "denied"])
PATIENT = {"Job": {**properties(), "WaitTimeoutSeconds": 500}}


@pytest.fixture(autouse=True)
def haste(aws: Aws) -> None:
    """The function tries for a minute."""
    aws.function.speed = 100


@pytest.mark.in_several_ways
@REFUSALS
def test_U16_a_job_that_cannot_be_read_is_looked_up_in_the_list(aws: Aws, stack: Stack, refusal: Any) -> None:
    """Its name and its status stand there, so no attribute changes; nothing is made or stopped."""
    data = dict(stack.resources["Job"].data)
    aws.front.always(GET, refusal)
    assert stack.deploy(PATIENT) == "UPDATE_COMPLETE", stack.reasons
    assert stack.resources["Job"].data == {**data, "JobStatus": aws.bedrock.statuses[0]}
    assert len(aws.front.of(CREATE)) == 1


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.IN_PROGRESS])
def test_U16_a_list_tells_whether_a_job_is_over(aws: Aws, stack: Stack, status: Status) -> None:
    """Another timeout: a completed job is kept; for one that runs the update fails, and the roll back keeps it."""
    (job,) = aws.bedrock.jobs
    aws.bedrock.end(job.arn, status)
    aws.front.meet(GET, *[DENIED] * 20)
    done = stack.deploy(LONGER)
    assert stack.resources["Job"].physical_id == job.arn
    assert done == ("UPDATE_COMPLETE" if status is Status.COMPLETED else "UPDATE_ROLLBACK_COMPLETE")
    assert aws.bedrock.statuses == [status]


@REFUSALS
@pytest.mark.parametrize("refused_too", [True, False], ids=["the list is refused, too", "the list is without it"])
@pytest.mark.parametrize("template", [PATIENT, LONGER], ids=["nothing of the job changes", "the timeout changes"])
def test_U16_an_update_that_can_see_nothing_fails_with_the_job_untouched(
    aws: Aws, stack: Stack, refusal: Any, template: Any, *, refused_too: bool
) -> None:
    """It says what is refused; the id and the attributes are those of before, and the job runs on."""
    (job,) = aws.bedrock.jobs
    aws.front.always(GET, refusal)
    aws.front.always(LIST, refusal if refused_too else edited(invocationJobSummaries=[]))
    assert stack.deploy(template, rollback=False) == "UPDATE_FAILED"
    assert "cannot be" in stack.reasons[0]
    aws.front.heal()
    assert stack.roll_back() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == job.arn
    assert stack.resources["Job"].data["JobName"] == job.name
    assert aws.bedrock.live == [job]
    assert len(aws.front.of(CREATE)) == 1


@pytest.mark.in_several_ways
def test_U16_a_job_that_is_gone_for_good_is_unknown(aws: Aws, stack: Stack) -> None:
    """The status says so, the name is as much of it as can be derived, and no attribute is empty."""
    (job,) = aws.bedrock.jobs
    name, arn = job.name, job.arn
    aws.bedrock.lose(arn)
    for template in (PATIENT, LONGER):
        assert stack.deploy(template) == "UPDATE_COMPLETE"
        data = stack.resources["Job"].data
        assert data["JobStatus"] == "Unknown"
        assert data["JobArn"] == stack.resources["Job"].physical_id == arn
        assert all(data.values())
        if template is PATIENT:
            assert name.startswith(f"{data['JobName']}-")
    assert len(aws.front.of(CREATE)) == 1


def test_U16_a_job_without_a_name_is_told_by_what_was_asked_for(aws: Aws, stack: Stack) -> None:
    """Get need show neither name nor status nor token: the id is kept as long as nothing else is asked for."""
    (job,) = aws.bedrock.jobs
    aws.front.always(GET, edited(jobName=None, status=None, clientRequestToken=None))
    assert stack.deploy(PATIENT) == "UPDATE_COMPLETE"
    assert all(stack.resources["Job"].data.values())
    aws.front.heal()
    assert stack.resources["Job"].physical_id == job.arn
    assert stack.deploy(NEW) == "UPDATE_COMPLETE"
    assert job.status == Status.STOPPED


def test_U16_other_results_do_not_wait_for_a_job_that_nobody_can_see(aws: Aws, stack: Stack) -> None:
    """They need another job in any case: it is made; that the old one may run on is said by the clean-up's failure."""
    old = aws.bedrock.jobs[0]

    def denied(exchange: Exchange) -> Response | None:
        return DENIED(exchange) if exchange.call.parameters["jobIdentifier"] == old.arn else exchange.commit()

    aws.front.always(GET, denied)
    aws.front.always(LIST, edited(invocationJobSummaries=[]))
    assert stack.deploy(NEW) == "UPDATE_COMPLETE", stack.reasons
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[1].arn
    assert old.arn in stack.reasons[-1]
    assert old in aws.bedrock.live


@pytest.mark.in_several_ways
def test_U20_an_update_of_a_resource_that_never_had_a_job_makes_one(aws: Aws) -> None:
    """Its create failed and was kept so; the id is none of a job's, and nothing is invented of one."""
    stack = aws.stack()
    aws.front.meet(CREATE, refused("ValidationException", "refused for good"))
    assert stack.deploy(OLD, rollback=False) == "CREATE_FAILED"
    resource = stack.resources["Job"]
    update = stack.event(
        "Update", OLD["Job"], PhysicalResourceId=resource.physical_id, OldResourceProperties=OLD["Job"]
    )
    aws.cloudformation.note(stack.id, "Job", "UPDATE_IN_PROGRESS", resource.physical_id)
    aws.function.invoke(update)
    (job,) = aws.bedrock.jobs
    (answer,) = aws.endpoint.answers(update["RequestId"])
    assert (answer["Status"], answer["PhysicalResourceId"], answer["Data"]["JobArn"]) == ("SUCCESS", job.arn, job.arn)
    resource.physical_id = job.arn
