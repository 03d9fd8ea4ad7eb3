"""A look finds what no event has told, and stops what nobody waits for any more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from batch_inference_pipeline.errors import BusyError, PipelineError
from batch_inference_pipeline.ledger.attempt import State, key_of
from batch_inference_pipeline.running.quota import Fixed
from bedrock_local.bedrock.jobs.status import Status
from model_invocation_job.errors import JobMayExistError
from tests.faults.bedrock import Life
from tests.faults.replies import dropped

from .world import KEY, PIPELINE, RUN, World


def test_an_end_whose_event_was_lost_is_told_by_the_next_look(world: World) -> None:
    world.open()
    for shard in (1, 2):
        world.starting.start(world.order(shard, task=str(shard)))
    world.bedrock.end(world.bedrock.jobs[1].arn, Status.COMPLETED)
    following = world.look()
    assert world.tasks == ["2"]
    assert (following.seconds, following.over) == (60, False)


def test_an_end_that_was_noted_and_could_not_be_told_is_told_by_the_next_look(world: World) -> None:
    """As when Step Functions answers neither the event's function nor its two other tries."""
    world.open()
    world.starting.start(world.order())
    world.machines.deaf = 1
    (job,) = world.bedrock.jobs
    with pytest.raises(ConnectionError):
        world.ending.of_event(world.event(job.arn, "Completed"))
    assert world.tasks == []
    world.look()
    assert world.tasks == ["task"]
    world.look()
    assert world.tasks == ["task"]


def test_after_an_hour_the_looks_are_five_minutes_apart(world: World) -> None:
    world.open()
    world.clock.sleep(3601)
    assert world.look().seconds == 300


def test_a_run_that_takes_days_is_looked_at_by_one_execution_after_another(world: World) -> None:
    """Each has an end of its own, and room for so many events only."""
    world.open()
    world.starting.start(world.order())
    (run, _, _, until), *_ = world.machines.looks
    world.clock.sleep(until - world.clock.epoch() - 1)
    assert not world.look().over
    world.clock.sleep(1)
    assert world.look().over
    # The answer was lost, and it looks again.
    assert world.look().over
    following = set(world.machines.looks[1:])
    assert following == {(run, f"{KEY}-after-{until}", 300, until + 36_000)}
    assert not world.look(until + 36_000).over


def test_jobs_whose_execution_is_over_are_stopped_and_looked_at_until_they_are_over(world: World) -> None:
    world.open()
    world.bedrock.life = Life(stops=False)
    for shard in (1, 2):
        world.starting.start(world.order(shard))
    world.machines.running.clear()
    assert not world.look().over
    assert world.bedrock.statuses == ["Stopping"] * 2
    for job in world.bedrock.jobs:
        world.bedrock.end(job.arn, Status.STOPPED)
    assert world.look().over
    assert world.ledger.live(KEY) == []


def test_what_was_asked_for_and_never_made_is_given_up_when_nobody_can_be_making_it(world: World) -> None:
    world.open()
    world.front.meet("CreateModelInvocationJob", dropped)
    with pytest.raises(JobMayExistError):
        world.starting.start(world.order())
    world.machines.running.clear()
    assert not world.look().over
    world.clock.sleep(901)
    world.look()
    assert world.look().over
    attempt = world.ledger.attempt(world.id())
    assert attempt
    assert attempt.state is State.REFUSED


def test_a_look_reads_the_shards_that_are_live_and_no_others(world: World, table: Any) -> None:
    read: list[str] = []

    def count(parsed: Mapping[str, Any], **_: Any) -> None:
        items = [*parsed.get("Items", ()), *filter(None, [parsed.get("Item")])]
        read.extend(item["Item"]["S"] for item in items if item["Item"]["S"].endswith(("-001", "-002", "-003")))
        # Also what a filter would have left out.
        assert parsed.get("ScannedCount", 0) <= len(items)

    world.open()
    for shard in (1, 2, 3):
        world.starting.start(world.order(shard))
    for shard, arn in ((1, world.bedrock.jobs[0].arn), (2, world.bedrock.jobs[1].arn)):
        world.ending.of_event(world.event(arn, "Stopped" if shard == 2 else "Completed"))
    # The stopped one has another job.
    world.starting.start(world.order(2, attempt=2))
    table.meta.events.register("after-call.dynamodb", count)
    world.look()
    table.meta.events.unregister("after-call.dynamodb", count)
    assert set(read) == {f"{kind} 1 000001-00{shard}" for kind in ("live", "shard") for shard in (2, 3)}
    assert [attempt.id for attempt in world.ledger.live(KEY)] == [world.id(2, attempt=2), world.id(3)]


def test_a_run_that_is_stopped_leaves_none_of_its_jobs_running_and_lets_another_begin(world: World) -> None:
    world.open()
    for shard in (1, 2, 3):
        world.starting.start(world.order(shard))
    run = world.ledger.run(KEY)
    assert run
    world.machines.running.clear()
    assert world.watching.abandon(run) == 0
    assert world.bedrock.live == []
    world.open("execution-2")


def test_who_stops_a_run_is_told_of_jobs_that_may_yet_be_made(world: World) -> None:
    """Somebody asked for one, and whether Bedrock has made it nobody has seen."""
    world.open()
    world.front.meet("CreateModelInvocationJob", dropped)
    with pytest.raises(JobMayExistError):
        world.starting.start(world.order())
    run = world.ledger.run(KEY)
    assert run
    assert world.watching.abandon(run) == 1
    # It was made after all.
    world.starting.start(world.order())
    assert world.watching.abandon(run) == 0
    assert world.bedrock.live == []


@pytest.mark.parametrize("world", [{"concurrent": True}], indirect=True)
def test_runs_that_go_on_at_once_share_the_places_for_jobs_and_each_has_its_name_for_itself(world: World) -> None:
    world.open()
    world.open("execution-2", name="another")
    for shard in (1, 2, 3):
        world.starting.start(world.order(shard))
    other = replace(world.order(4).id, run=key_of(PIPELINE, "another"))
    with pytest.raises(BusyError):
        world.starting.start(replace(world.order(4), id=other))
    with pytest.raises(PipelineError, match="the run another of this pipeline goes on \\(execution-2\\)"):
        world.open("execution-3", Run="another")
    run = world.ledger.run(KEY)
    assert run
    world.machines.running.remove("execution-1")
    world.watching.abandon(run)
    assert world.open("execution-3", Run=RUN)["Run"] == RUN


def test_one_run_goes_on_at_a_time(world: World) -> None:
    world.open()
    with pytest.raises(PipelineError, match=f"the run {RUN} of this pipeline goes on \\(execution-1\\)"):
        world.open("execution-2")


def test_a_run_whose_execution_is_over_makes_way_although_nobody_told_of_it(world: World) -> None:
    world.open()
    world.machines.running.clear()
    assert world.open("execution-2")["Run"] == RUN


def test_the_same_execution_may_begin_twice(world: World) -> None:
    assert world.open() == world.open() == {"Run": RUN, "Round": 1, "Places": 3, "Until": 0}


def test_a_run_can_be_gone_on_with_under_its_name(world: World) -> None:
    assert world.open(Run="monday")["Run"] == "monday"


@pytest.mark.parametrize("name", ["", "a/b", "x" * 81, 7])
def test_a_name_that_no_key_can_have_is_refused(world: World, name: str) -> None:
    with pytest.raises(PipelineError, match="'Run' in the execution's input must be"):
        world.open(Run=name)


def test_at_the_deadline_jobs_are_stopped_and_none_is_made(world: World) -> None:
    world.opening = world.opening_with(Fixed(3), deadline=90)
    until = world.open()["Until"]
    assert until == world.clock.epoch() + 90
    world.starting.start(world.order(1, until=until))
    # The next look is no later than it has to be.
    assert world.look().seconds == 60
    world.clock.sleep(60)
    assert world.look().seconds == 30
    assert world.bedrock.live
    world.clock.sleep(30)
    world.look()
    assert not world.bedrock.live
    world.starting.start(world.order(2, task="late", until=until))
    assert len(world.bedrock.jobs) == 1
    assert world.machines.told[-1] == (
        "late",
        {"Arn": "", "Id": "", "Status": "NotMade", "Message": "", "Attempt": 1},
    )


def test_a_job_that_has_ended_is_told_of_after_the_deadline_too(world: World) -> None:
    world.open()
    world.starting.start(world.order())
    world.ending.of_event(world.event(world.bedrock.jobs[0].arn, "Completed"))
    world.starting.start(world.order(task="again", until=1))
    assert world.machines.told[-1][1]["Status"] == "Completed"
