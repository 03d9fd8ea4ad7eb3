"""Delete of an id: whose job is it, and is there one at all."""

import itertools
import json
import uuid
from collections.abc import Iterator

import pytest

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .cloudformation import Answer
from .front import Exchange, Response
from .replies import edited
from .stack import Stack
from .test_delete import GET, STOP, hurry, running_job

LIST = "ListModelInvocationJobs"
FOREIGN_IDS = [
    "None",
    "Stack_Job_a1b2c3d4",
    "AWSCDK::CustomResourceProviderFramework::CREATE_FAILED",
    "AWSCDK::CustomResourceProviderFramework::MISSING_PHYSICAL_ID",
    "Stack-Job-1TRM0O8K2ZQ7V",
    "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef",
]


def delete(aws: Aws, physical_id: str, stack: Stack | None = None) -> Answer:
    """Send the Delete of a resource by itself."""
    stack = stack or aws.stack()
    return aws.cloudformation.send(
        aws.cloudformation.event(
            "Delete", stack.id, "Job", PhysicalResourceId=physical_id, ResourceProperties=properties()
        )
    )


@pytest.mark.parametrize("physical_id", FOREIGN_IDS)
def test_D09_an_id_that_was_never_ours_is_deleted_at_once(aws: Aws, physical_id: str) -> None:
    """Jobs are listed, none is found, and the Delete succeeds with the id that it was given."""
    assert delete(aws, physical_id) == Answer("SUCCESS", physical_id)
    assert {call.operation for call in aws.front.calls} == {LIST}


@pytest.mark.parametrize("physical_id", FOREIGN_IDS)
def test_D10_the_job_behind_an_id_that_was_never_ours_is_stopped(aws: Aws, physical_id: str) -> None:
    """A Create that nobody heard of has made a job; it is found by its name and its token."""
    stack, job = running_job(aws)
    stack.resources["Job"].physical_id = physical_id
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED


def test_D11_the_same_wish_of_another_stack_lives_on(aws: Aws) -> None:
    """Two stacks ask for the same; deleting one, even by an id that was never ours, leaves the job of the other."""
    stack, _ = running_job(aws)
    other = aws.stack()
    assert other.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    stack.resources["Job"].physical_id = "None"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert [job.arn for job in aws.bedrock.live] == [other.resources["Job"].physical_id]


def impostor(aws: Aws, job: Job, **disguise: str) -> Job:
    """Somebody else's job of our job's name, while ours is over; each call of an SDK has a token."""
    aws.bedrock.end(job.arn, Status.COMPLETED)
    aws.bedrock.forget()
    return aws.bedrock.foreign_job(job.name, **{"clientRequestToken": str(uuid.uuid4()), **disguise})


@pytest.mark.parametrize("by_arn", [True, False])
def test_D11_a_job_of_our_name_without_our_token_lives_on(aws: Aws, *, by_arn: bool) -> None:
    """A name can be anybody's: neither the name nor the ARN alone makes a job ours."""
    if by_arn:
        # Nobody but us gave CloudFormation the id of our resource: without a token nothing speaks against it.
        aws.bedrock.show_tokens()
    stack, job = running_job(aws)
    foreign = impostor(aws, job)
    stack.resources["Job"].physical_id = foreign.arn if by_arn else "None"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert foreign.status == Status.IN_PROGRESS
    assert not aws.front.of(STOP)


def test_D11_a_job_of_our_name_and_token_but_not_our_places_lives_on(aws: Aws) -> None:
    """Somebody who reads our job can copy its token, but not the role and the places in S3 that we asked for."""
    stack, job = running_job(aws)
    foreign = impostor(aws, job, clientRequestToken=job.request["clientRequestToken"])
    stack.resources["Job"].physical_id = "None"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert foreign.status == Status.IN_PROGRESS


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:bedrock:us-east-1:999999999999:model-invocation-job/abcdefghijkl",
        "arn:aws:bedrock:eu-west-1:123456789012:model-invocation-job/abcdefghijkl",
        "arn:aws-cn:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl",
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/abcdefghijkl",
    ],
)
def test_D12_an_arn_of_elsewhere_is_no_job_of_ours(aws: Aws, arn: str) -> None:
    """Neither Get nor Stop is called with it; the Delete succeeds."""
    assert delete(aws, arn).succeeded
    assert {call.operation for call in aws.front.calls} == {LIST}


def test_D18_a_replaced_job_is_stopped_and_its_successor_lives_on(aws: Aws) -> None:
    """The Delete at the end of an update has the old id: only that job is stopped."""
    stack, old = running_job(aws)
    assert stack.deploy({"Job": properties(timeoutDurationInHours=48)}) == "UPDATE_COMPLETE"
    assert [call["jobIdentifier"] for call in aws.front.of(STOP)] == [old.arn]
    assert [job.arn for job in aws.bedrock.live] == [stack.resources["Job"].physical_id]


@pytest.mark.parametrize(
    "malformed",
    [
        {},
        {"Job": "a text"},
        {"Shape": "of another version"},
        {**properties(), "WaitTimeoutSeconds": "soon"},
        {**properties(), "WaitUntil": "TOMORROW"},
        {**properties(), "StopOnDelete": "maybe"},
        {**properties(), "StagedInput": "a text"},
        {**properties(), "JobNamePrefix": []},
        {**properties(), "RunToken": {"a": ["map"]}},
        {**properties(), "LeftBehind": "everything"},
    ],
    ids=json.dumps,
)
def test_D19_properties_that_cannot_be_read_block_no_delete(aws: Aws, malformed: dict[str, object]) -> None:
    """The id alone says which job it is; it is stopped."""
    stack, job = running_job(aws)
    stack.resources["Job"].properties = malformed
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED


def test_D19_what_can_be_read_still_counts(aws: Aws) -> None:
    """A job that is to outlive its resource does so, whatever else of the properties cannot be read."""
    stack, job = running_job(aws)
    stack.resources["Job"].properties = {**properties(), "StopOnDelete": "false", "RunToken": 7, "LeftBehind": 7}
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.front.of(STOP)
    aws.bedrock.end(job.arn, Status.COMPLETED)


def test_D19_where_no_job_can_have_been_made_nobody_is_asked(aws: Aws) -> None:
    """A Create with properties that cannot be read made no job: its Delete succeeds without Bedrock."""
    stack, job = running_job(aws)
    stack.resources["Job"].physical_id = "an id that nobody gave"
    stack.resources["Job"].properties = {"Job": "a text"}
    calls = len(aws.front.calls)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.calls) == calls
    aws.bedrock.end(job.arn, Status.COMPLETED)


@pytest.mark.parametrize("known", [True, False], ids=["by its ARN", "by another id"])
def test_D22_a_job_that_is_to_outlive_its_resource_runs_on(aws: Aws, *, known: bool) -> None:
    """Bedrock is asked for nothing; the job ends when it is done."""
    stack = aws.stack()
    assert stack.deploy({"Job": {**properties(), "StopOnDelete": False}}) == "CREATE_COMPLETE"
    (job,) = aws.bedrock.jobs
    stack.resources["Job"].physical_id = job.arn if known else "None"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.IN_PROGRESS
    assert not aws.front.of(STOP)
    aws.bedrock.end(job.arn, Status.COMPLETED)


def test_D21_our_job_is_found_on_the_third_page(aws: Aws) -> None:
    """List is followed to its end, past the jobs of others that have our name."""
    stack, job = running_job(aws)
    aws.bedrock.forget()
    for _ in range(201):
        aws.bedrock.end(aws.bedrock.foreign_job(job.name).arn, Status.COMPLETED)
    stack.resources["Job"].physical_id = "None"
    lists = len(aws.front.of(LIST))
    assert stack.destroy() == "DELETE_COMPLETE"
    # The other list is of what earlier versions called it.
    assert len(aws.front.of(LIST)) - lists == 3 + 1
    assert job.status == Status.STOPPED


@pytest.mark.parametrize("tokens", [itertools.repeat("same"), map(str, itertools.count())], ids=["same", "new"])
def test_D21_a_list_without_end_is_given_up(aws: Aws, tokens: Iterator[str]) -> None:
    """A page that always has a next one ends in one answer, in time."""
    hurry(aws)

    def empty_page(exchange: Exchange) -> Response | None:
        return edited(invocationJobSummaries=[], nextToken=next(tokens))(exchange)

    aws.front.always(LIST, empty_page)
    answer = delete(aws, "None")
    assert answer.status == "FAILED"
    assert aws.function.invocations[-1].error is None


def test_D21_a_summary_whose_job_cannot_be_read_hides_no_other(aws: Aws) -> None:
    """A listed job that Get does not know is passed over."""
    stack, job = running_job(aws)
    aws.bedrock.forget()
    aws.bedrock.end(aws.bedrock.foreign_job(job.name).arn, Status.COMPLETED)
    stack.resources["Job"].physical_id = "None"
    aws.front.meet(GET, lambda call: call.error("ResourceNotFoundException", "not found", 404))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED
