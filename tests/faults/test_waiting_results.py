"""Waiting for the end: what the job came to, and how long it took."""

from dataclasses import replace
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.job import Counts
from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .front import Reply
from .iam import Role
from .replies import refused
from .stack import Stack
from .waiting import LINK, begin, end, eventually, finished, the_job, waits

pytest_plugins = ["tests.faults.waiting_rows"]
pytestmark = pytest.mark.usefixtures("rule")
PRO = {"modelId": "amazon.nova-pro-v1:0"}
#: A prefix that tells the stack's name, as the construct's does.
NAMED = {"JobNamePrefix": "Stack0-Job-1a2b3c4d"}
MORE = "arn:aws:iam::123456789012:policy/more"
LEFT_RUNNING = "cdk-bedrock-batch:left-running"
#: What a create has left running at the end of its wait.
LEFT = finished(wait=900, leave=True, job=NAMED)
INDEX = "GetResources"
DENIED = refused("AccessDeniedException", "not authorized to perform: tag:GetResources")
INDEX_THROTTLED = refused("ThrottledException", "The request was denied to limit the frequency of submitted requests.")


@pytest.mark.parametrize("status", [Status.STOPPED, Status.FAILED, Status.EXPIRED, Status.PARTIALLY_COMPLETED])
def test_W25_a_job_that_ends_without_its_results_fails_the_deployment(aws: Aws, status: Status) -> None:
    """Stopped by hand, failed, expired or cut short: the condition is told, and the results say what it was."""
    stack = aws.stack()
    deployment = waits(aws, stack)
    end(aws, status)
    assert deployment.done() == "ROLLBACK_COMPLETE"
    assert str(status) in stack.reasons[0]
    assert aws.bedrock.jobs[0].arn in stack.reasons[0]
    assert len(aws.cloudformation.signaled) == 1


def test_W25_a_job_that_succeeded_with_no_record_fails_the_deployment(aws: Aws) -> None:
    """It is Completed, and every record failed: the reason has the counts."""
    stack = aws.stack()
    deployment = waits(aws, stack)
    end(aws, Status.COMPLETED, counts=Counts(3, 3, 0, 3))
    assert deployment.done() == "ROLLBACK_COMPLETE"
    assert "no record succeeded" in stack.reasons[0]


def test_W25_a_job_that_was_cut_short_is_taken_where_that_is_accepted(aws: Aws) -> None:
    """There are two results of three."""
    stack = aws.stack()
    deployment = waits(aws, stack, finished(accept=True))
    end(aws, Status.PARTIALLY_COMPLETED)
    assert deployment.done() == "CREATE_COMPLETE", stack.reasons
    assert stack.resources["JobResults"].data["SuccessRecordCount"] == "2"


@pytest.mark.in_several_ways
def test_W26_a_job_that_is_not_over_in_time_is_stopped_with_its_stack(aws: Aws) -> None:
    """Nothing of its role would outlive the stack, so the roll back stops it."""
    stack = aws.stack()
    deployment = waits(aws, stack, finished(wait=900))
    aws.clock.skip(900)
    assert deployment.done() == "ROLLBACK_COMPLETE"
    assert "bedrock-batch watch" in stack.reasons[0]
    assert aws.bedrock.statuses == ["Stopped"]


@pytest.mark.either("tags_of_ended_job")
@pytest.mark.parametrize("over", [False, True], ids=["still runs", "is over by then"])
def test_W26_a_create_leaves_its_job_to_the_stack_that_is_made_again(aws: Aws, *, over: bool) -> None:
    """It goes on; a stack of its name takes it, while it runs and when it is over, and the tag is gone."""
    again = left_by_a_create(aws)
    if over:
        end(aws)
        assert again.deploy(LEFT) == "CREATE_COMPLETE", again.reasons
    else:
        deployment = waits(aws, again, LEFT)
        end(aws)
        assert deployment.done() == "CREATE_COMPLETE", again.reasons
    (job,) = aws.bedrock.jobs
    assert LEFT_RUNNING not in job.tags


@pytest.mark.either("tags_of_ended_job")
@pytest.mark.parametrize("reply", [DENIED, INDEX_THROTTLED], ids=["denied", "throttled"])
def test_W26_an_index_of_tags_that_does_not_answer_is_asked_in_vain(aws: Aws, reply: Reply) -> None:
    """Bedrock is asked then: if it shows the tags, the job that is over is taken; if not, another is made."""
    again = left_by_a_create(aws)
    end(aws)
    aws.front.always(INDEX, reply)
    if aws.bedrock.behaviours.tags_of_ended_job == "readable":
        assert again.deploy(LEFT) == "CREATE_COMPLETE", again.reasons
        assert len(aws.bedrock.jobs) == 1
        return
    deployment = waits(aws, again, LEFT)
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE", again.reasons
    assert len(aws.bedrock.jobs) == 2


def left_by_a_create(aws: Aws) -> Stack:
    """Deploy in vain, with a job that goes on; return the stack that is to be made again."""
    aws.bedrock.show_tokens()
    stack = aws.stack()
    deployment = waits(aws, stack, LEFT)
    aws.clock.skip(900)
    assert deployment.done() == "ROLLBACK_COMPLETE"
    assert LEFT_RUNNING in the_job(aws).tags
    assert stack.destroy() == "DELETE_COMPLETE"
    again = Stack(aws.cloudformation, stack.name)
    aws.stacks.append(again)
    return again


@pytest.mark.in_several_ways
def test_W26_an_update_leaves_its_job_to_the_next_one(aws: Aws, done: Stack) -> None:
    """The roll back stops nothing; the next deployment of the same adopts the job, and the tag is gone."""
    template = finished(wait=900, leave=True, **PRO)
    deployment = waits(aws, done, template)
    aws.clock.skip(900)
    assert deployment.done() == "UPDATE_ROLLBACK_COMPLETE"
    assert LEFT_RUNNING in the_job(aws).tags
    deployment = waits(aws, done, template)
    assert LEFT_RUNNING not in the_job(aws).tags
    end(aws)
    assert deployment.done() == "UPDATE_COMPLETE", done.reasons
    assert len(aws.bedrock.jobs) == 2


def test_W27_a_job_that_changes_under_its_condition_is_waited_for_by_what_follows(aws: Aws) -> None:
    """Only CloudFormation saw the change: the condition is over, so the links wait for the new job."""
    stack, same = aws.stack(), "FinishedOnce"
    deployment = waits(aws, stack, finished(condition=same, links=2))
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE", stack.reasons
    deployment = begin(aws, stack, finished(condition=same, links=2, **PRO))
    eventually(lambda: [event for event in aws.cloudformation.requests if event["ResourceType"] == LINK][2:])
    eventually(lambda: any("Link" in item["Wait"] for item in aws.table.waits))
    assert not deployment.result.done()
    end(aws)
    assert deployment.done() == "UPDATE_COMPLETE", stack.reasons
    assert stack.resources["JobResults"].properties["JobArn"] == aws.bedrock.jobs[1].arn


def test_W27_links_pass_the_wait_on(aws: Aws) -> None:
    """Each holds for less than the hour that CloudFormation gives it; together they last for ten hours and more."""
    stack, same = aws.stack(), "FinishedOnce"
    deployment = waits(aws, stack, finished(condition=same, links=2))
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE"
    deployment = begin(aws, stack, finished(condition=same, links=2, **PRO))
    for name in ("JobLink0#", "JobLink1#", "JobResults#"):
        eventually(lambda name=name: any(item["Wait"].startswith(name) for item in aws.table.waits))
        if name != "JobResults#":
            aws.clock.skip(3310)
    end(aws)
    assert deployment.done() == "UPDATE_COMPLETE", stack.reasons


@pytest.mark.parametrize("over", [False, True], ids=["runs", "is over"])
def test_W28_waiting_for_the_end_of_a_job_that_there_is_makes_no_other(aws: Aws, *, over: bool) -> None:
    """VALIDATED becomes FINISHED and VALIDATED again: the job is the same, and nothing hangs."""
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    if over:
        end(aws)
        assert stack.deploy(finished()) == "UPDATE_COMPLETE", stack.reasons
    else:
        deployment = waits(aws, stack, finished())
        end(aws)
        assert deployment.done() == "UPDATE_COMPLETE", stack.reasons
    assert stack.deploy({"Job": properties()}) == "UPDATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1


def test_W28_a_tag_changes_and_nothing_is_waited_for(aws: Aws, done: Stack) -> None:
    """The condition stays as it is, and the looks that the update began end by themselves."""
    template = finished(job={"Tags": [{"key": "team", "value": "blue"}]})
    assert done.deploy(template) == "UPDATE_COMPLETE", done.reasons
    assert len(aws.bedrock.jobs) == len(aws.cloudformation.signaled) == 1


@pytest.mark.in_several_ways
def test_W29_a_roll_back_to_an_adopted_job_waits_for_nothing(aws: Aws, done: Stack) -> None:
    """Another resource fails last: the old job is adopted, its condition has long been told."""
    aws.bedrock.life = Life((*Life().path, Status.COMPLETED))
    assert done.deploy(finished(**PRO), sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert done.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == ["Completed", "Completed"]


def test_W29_an_adopted_job_that_is_over_has_its_results_at_once(aws: Aws, done: Stack) -> None:
    """There and back again: the first job is adopted, and its new condition is told by the first look."""
    aws.bedrock.life = replace(Life(), path=(*Life().path, Status.COMPLETED))
    assert done.deploy(finished(**PRO)) == "UPDATE_COMPLETE", done.reasons
    assert done.deploy(finished()) == "UPDATE_COMPLETE", done.reasons
    assert len(aws.bedrock.jobs) == 2
    assert done.resources["Job"].physical_id == aws.bedrock.jobs[0].arn


def left(*policies: str) -> dict[str, Any]:
    return {"RoleName": "batch", "DeleteRole": True, "Policies": list(policies), "ManagedPolicies": [MORE]}


def test_W30_what_a_job_needed_goes_with_its_resource(aws: Aws) -> None:
    """The template retains role and policies; an update removes what the new job does not need, a Delete all."""
    aws.iam.roles["batch"], aws.iam.policies = Role({"one", "two"}, {MORE}), {MORE}
    stack = aws.stack()
    deployment = waits(aws, stack, finished(job={**NAMED, "LeftBehind": left("one")}))
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE", stack.reasons
    deployment = waits(aws, stack, finished(job={**NAMED, "LeftBehind": left("two")}, **PRO))
    end(aws)
    assert deployment.done() == "UPDATE_COMPLETE", stack.reasons
    assert aws.iam.roles["batch"].inline == {"two"}
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.iam.roles
    assert not aws.iam.policies
