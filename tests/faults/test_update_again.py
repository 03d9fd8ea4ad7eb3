"""Update: there and back, killed, out of time, and written by another version."""

import time
from collections.abc import Mapping
from threading import Thread
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status
from model_invocation_job.answers.answer import SafeCfnResource

from .aws import Aws, properties
from .replies import Hold, after, before, healthy
from .stack import Stack
from .templates import NEW, OLD
from .worker import Context

CREATE, LIST, DESCRIBE = "CreateModelInvocationJob", "ListModelInvocationJobs", "DescribeStackResource"


@pytest.mark.either("name_of_ended_job")
def test_U10_there_and_back_runs_again_when_the_first_job_was_stopped(aws: Aws, stack: Stack) -> None:
    """The first job was stopped without its results, so the third deployment makes another, which no clean-up stops."""
    stack.deploy(NEW)
    assert stack.deploy(OLD) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[2].arn
    assert aws.bedrock.statuses == ["Stopped", "Stopped", "InProgress"]


@pytest.mark.either("name_of_ended_job")
def test_U10_there_and_back_takes_a_completed_job_back(aws: Aws, stack: Stack) -> None:
    """The first job has its results: it is adopted, and nothing is paid for twice."""
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.COMPLETED)
    stack.deploy(NEW)
    assert stack.deploy(OLD) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == ["Completed", "Stopped"]


def test_U11_a_function_killed_after_the_new_job_was_made_finds_it_again(aws: Aws, stack: Stack) -> None:
    """The second delivery adopts the new job."""
    aws.front.meet(CREATE, after(aws.function.kill))
    assert stack.deploy(NEW) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[1].arn
    assert aws.bedrock.statuses == ["Stopped", "InProgress"]


def test_U12_an_update_out_of_time_leaves_only_the_old_job(aws: Aws, stack: Stack) -> None:
    """The function answers FAILED with the old id before its deadline, and the roll back stops what it had begun."""
    hold = Hold()
    aws.front.always(CREATE, after(hold))
    aws.function.timeout = 40
    assert stack.deploy(NEW) == "UPDATE_ROLLBACK_COMPLETE"
    hold.release.set()
    assert "ran out of time" in stack.reasons[0]
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


@pytest.mark.parametrize("moment", [before, after])
def test_U12_an_update_that_was_given_up_leaves_only_the_old_job(aws: Aws, stack: Stack, moment: Any) -> None:
    """A sibling fails while Bedrock makes the new job; the roll back is over before the update is."""
    aws.function.speed = 4
    hold = Hold()
    aws.front.meet(CREATE, moment(hold))
    assert stack.deploy(NEW, sibling_fails=hold.reached) == "UPDATE_ROLLBACK_COMPLETE"
    hold.release.set()
    aws.function.settle()
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


def test_U12_an_update_that_was_given_up_is_stopped_when_the_roll_back_has_looked_already(
    aws: Aws, stack: Stack
) -> None:
    """The new job comes to be after the roll back looked for it and before that is over; no second delivery helps."""
    aws.function.speed, aws.function.retry_delays = 4, ()
    late, looked = Hold(), Hold()
    # Two lists each: of the old jobs that are unknown, of those that answer, and of the new ones for the roll back.
    aws.front.meet(LIST, *[healthy] * 5, after(looked))
    aws.front.meet(CREATE, before(late))

    def roll_back_after_the_late_job() -> None:
        looked.reached.wait(10)
        late.release.set()
        asked = len(aws.front.of(DESCRIBE))
        while len(aws.front.of(DESCRIBE)) == asked:
            time.sleep(0.01)
        looked.release.set()

    Thread(target=roll_back_after_the_late_job, daemon=True).start()
    assert stack.deploy(NEW, sibling_fails=late.reached) == "UPDATE_ROLLBACK_COMPLETE"
    aws.function.settle()
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


@pytest.mark.parametrize(("template", "jobs"), [(OLD, ["InProgress"]), (NEW, ["Stopped", "InProgress"])])
def test_U13_old_properties_of_another_version_are_understood(
    aws: Aws, stack: Stack, template: Mapping[str, Any], jobs: list[str]
) -> None:
    """The job's token says what asked for it, so properties that cannot be read hide no difference and invent none."""
    stack.resources["Job"].properties = {"ModelId": "amazon.nova-lite-v1:0", "Input": ["s3://input/prompts.jsonl"]}
    assert stack.deploy(template) == "UPDATE_COMPLETE"
    assert aws.bedrock.statuses == jobs


@pytest.mark.parametrize("returned", [True, None, 7, ""])
def test_U14_a_return_value_that_is_no_id_is_no_replacement(
    aws: Aws, stack: Stack, returned: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever an update returns that is no id, the answer has the id of before."""
    for name in ("AWS_ENDPOINT_URL", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, aws.function.variables[name])
    helper, physical_id = SafeCfnResource(), stack.resources["Job"].physical_id
    helper.update(lambda *_: returned)
    event = stack.event("Update", properties(), PhysicalResourceId=physical_id)
    helper(event, Context(time.monotonic() + 60))
    (answer,) = aws.endpoint.answers(event["RequestId"])
    assert answer["Status"] == "FAILED" or answer["PhysicalResourceId"] == physical_id
