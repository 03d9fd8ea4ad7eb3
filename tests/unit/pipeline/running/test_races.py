"""Two who act at once, and answers that are lost: nobody is told of another's end, and no job is left behind."""

from collections.abc import Mapping
from typing import Any

import pytest

from batch_inference_pipeline.errors import BusyError
from batch_inference_pipeline.ledger.attempt import State
from bedrock_local.bedrock.jobs.status import Status
from model_invocation_job.errors import JobError
from tests.faults.front import Reply
from tests.faults.replies import THROTTLED, dropped, dropped_after_commit, edited, refused

from .world import KEY, World

QUOTA = refused("ServiceQuotaExceededException", "You have reached the quota", 400)
DENIED = refused("ValidationException", "no", 400)


def test_a_look_that_saw_an_earlier_job_leaves_the_next_one_of_its_shard_alone(world: World) -> None:
    """It reads what is live first, and may take minutes to go through it."""
    world.open()
    world.starting.start(world.order(task="first"))
    seen = world.ledger.attempt(world.id())
    assert seen
    (job,) = world.bedrock.jobs
    world.bedrock.end(job.arn, Status.STOPPED)
    world.ending.of_event(world.event(job.arn, "Stopped"))
    world.starting.start(world.order(attempt=2, task="second"))
    found = world.jobs.get(job.arn)
    assert found
    world.ending.of_job(seen, found)
    assert world.tasks == ["first"]
    assert [each.id.number for each in world.ledger.live(KEY)] == [2]


@pytest.mark.parametrize("reply", [QUOTA, THROTTLED, DENIED])
def test_a_job_whose_answer_was_lost_is_there_although_it_is_refused_then(world: World, reply: Reply) -> None:
    world.open()
    world.front.meet("CreateModelInvocationJob", dropped_after_commit, reply)
    world.front.meet("ListModelInvocationJobs", dropped)
    with pytest.raises(JobError):
        world.starting.start(world.order(task="first"))
    world.starting.start(world.order(task="second"))
    attempt = world.ledger.attempt(world.id())
    assert attempt
    assert (attempt.state, attempt.arn) == (State.RUNNING, world.bedrock.jobs[0].arn)


def test_a_job_that_may_have_been_made_keeps_its_place_until_lists_show_it(world: World) -> None:
    world.open()
    world.front.meet("CreateModelInvocationJob", dropped_after_commit, QUOTA)
    world.front.meet("ListModelInvocationJobs", *[edited(invocationJobSummaries=[])] * 2)
    with pytest.raises(JobError):
        world.starting.start(world.order())
    with pytest.raises(BusyError):
        world.starting.start(world.order())
    assert [each.state for each in world.ledger.live(KEY)] == [State.ASKED]


def test_who_begins_while_the_run_before_ends_is_noted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.open()
    over = world.ledger.run(KEY)
    assert over
    read = world.ledger._read_key  # noqa: SLF001 (between its write and its read)

    def read_after_its_end(where: Mapping[str, Any]) -> object:
        world.ledger.close(over)
        return read(where)

    monkeypatch.setattr(world.ledger, "_read_key", read_after_its_end)
    world.open("execution-2")
    noted = world.ledger.run(KEY)
    assert noted
    assert noted.execution == "execution-2"


def test_a_job_that_is_made_while_its_run_is_stopped_is_stopped_by_a_look_after_that(world: World) -> None:
    world.open()
    run = world.ledger.run(KEY)
    assert run
    world.machines.running.clear()
    world.watching.abandon(run)
    # Nobody looks at the run any more that was to.
    assert world.look().over
    world.starting.start(world.order())
    key, _, seconds, until = world.machines.looks[-1]
    assert seconds == 900
    world.watching.look(key, until)
    assert world.bedrock.live == []
