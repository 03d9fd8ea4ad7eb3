"""One job a shard and attempt, whoever asks for it, however often, and whatever became of the answer."""

from contextlib import suppress

import pytest

from batch_inference_pipeline.errors import BusyError, RefusedError
from batch_inference_pipeline.ledger.attempt import State
from bedrock_local.bedrock.jobs.status import Status
from model_invocation_job.errors import JobMayExistError
from tests.faults.replies import BROKEN, THROTTLED, after, broken_after_commit, dropped, dropped_after_commit, refused

from .world import KEY, TAGS, World

QUOTA = refused("ServiceQuotaExceededException", "You have reached the quota", 400)


def test_a_job_is_made_of_a_shard_and_writes_where_its_run_writes(world: World) -> None:
    world.open()
    world.starting.start(world.order(7))
    (job,) = world.bedrock.jobs
    assert job.name == f"Nightly-0a1b2c3d-{KEY}-r1-000001-007-a1"
    request = job.request
    assert request["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] == "s3://input/7.jsonl"
    assert request["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"] == "s3://output/ours/results/night/"
    assert tuple(request["tags"]) == TAGS
    assert world.tasks == []


def test_who_waits_is_told_by_the_event_of_the_end(world: World) -> None:
    world.open()
    world.starting.start(world.order())
    (job,) = world.bedrock.jobs
    world.ending.of_event(world.event(job.arn, "PartiallyCompleted"))
    told = {"Arn": job.arn, "Id": job.arn.rpartition("/")[2], "Status": "PartiallyCompleted", "Message": "why"}
    assert world.machines.told == [("task", {**told, "Attempt": 1})]


def test_asked_for_twice_there_is_one_job_and_the_later_one_waits(world: World) -> None:
    world.open()
    world.starting.start(world.order(task="first"))
    world.starting.start(world.order(task="second"))
    (job,) = world.bedrock.jobs
    world.ending.of_event(world.event(job.arn, "Completed"))
    assert world.tasks == ["second"]


def test_an_event_that_comes_twice_ends_one_job_once(world: World) -> None:
    world.open()
    for shard in (1, 2, 3):
        world.starting.start(world.order(shard, task=str(shard)))
    first = world.bedrock.jobs[0]
    world.ending.of_event(world.event(first.arn, "Completed"))
    world.ending.of_event(world.event(first.arn, "Completed"))
    world.starting.start(world.order(4))
    with pytest.raises(BusyError):
        world.starting.start(world.order(5))


def test_a_job_that_ended_before_anybody_looked_is_told_at_once(world: World) -> None:
    """As when an execution is taken up again: nobody is left of those who waited."""
    world.open()
    world.starting.start(world.order(task="gone"))
    (job,) = world.bedrock.jobs
    world.bedrock.end(job.arn, Status.COMPLETED)
    world.starting.start(world.order(task="again"))
    assert world.tasks == ["again"]
    assert len(world.bedrock.jobs) == 1


@pytest.mark.parametrize("reply", [broken_after_commit, dropped_after_commit, dropped, BROKEN])
def test_where_the_answer_is_lost_the_job_is_found(world: World, reply: object) -> None:
    """The function dies between the call and its answer: what is asked for again is the same job."""
    world.open()
    world.front.meet("CreateModelInvocationJob", reply)
    with suppress(JobMayExistError):
        world.starting.start(world.order(task="first"))
    world.starting.start(world.order(task="second"))
    (job,) = world.bedrock.jobs
    world.ending.of_event(world.event(job.arn, "Completed"))
    assert world.tasks == ["second"]


@pytest.mark.parametrize("behaviour", ["earlier-job", "conflict"])
def test_a_name_that_has_a_job_is_that_of_the_attempt(world: World, behaviour: str) -> None:
    world.open()
    world.bedrock.behave(repeated_token=behaviour)
    world.front.meet("CreateModelInvocationJob", dropped_after_commit)
    with suppress(JobMayExistError):
        world.starting.start(world.order())
    world.starting.start(world.order())
    assert len(world.bedrock.jobs) == 1
    attempt = world.ledger.attempt(world.id())
    assert attempt
    assert (attempt.state, attempt.arn) == (State.RUNNING, world.bedrock.jobs[0].arn)


def test_an_event_that_is_early_finds_who_waits(world: World) -> None:
    """It may come before the answer to the call does."""
    world.open()

    def end() -> None:
        (job,) = world.bedrock.jobs
        world.ending.of_event(world.event(job.arn, "Failed"))

    world.front.meet("CreateModelInvocationJob", after(end))
    world.starting.start(world.order())
    assert world.tasks == ["task"]
    attempt = world.ledger.attempt(world.id())
    assert attempt
    assert (attempt.state, attempt.status) == (State.ENDED, "Failed")


def test_no_more_jobs_run_than_may(world: World) -> None:
    world.open()
    for shard in (1, 2, 3):
        world.starting.start(world.order(shard))
    with pytest.raises(BusyError, match="as many jobs run as may"):
        world.starting.start(world.order(4))
    assert len(world.bedrock.jobs) == 3
    world.ending.of_event(world.event(world.bedrock.jobs[0].arn, "Stopped"))
    world.starting.start(world.order(4))
    assert len(world.bedrock.jobs) == 4


@pytest.mark.parametrize("reply", [QUOTA, THROTTLED])
def test_a_quota_that_others_use_up_is_waited_for(world: World, reply: object) -> None:
    """And it takes none of the places meanwhile."""
    world.open()
    world.front.meet("CreateModelInvocationJob", *[reply] * 5)
    for _ in range(5):
        with pytest.raises(BusyError):
            world.starting.start(world.order())
    for shard in (1, 2, 3):
        world.starting.start(world.order(shard))
    assert world.names[0].endswith("-a1")


def test_what_bedrock_refuses_for_good_is_told(world: World) -> None:
    world.open()
    text = "Batch inference is not supported for the requested model"
    world.front.meet("CreateModelInvocationJob", refused("ValidationException", text, 400))
    with pytest.raises(RefusedError, match=f"s3://input/1.jsonl: {text}"):
        world.starting.start(world.order())
    (told,) = world.ledger.refusals(KEY)
    assert text in told


def test_another_attempt_is_another_job_once_the_last_one_has_ended(world: World) -> None:
    world.open()
    world.starting.start(world.order())
    world.ending.of_event(world.event(world.bedrock.jobs[0].arn, "Stopped"))
    world.starting.start(world.order(attempt=2, task="second"))
    assert [name[-2:] for name in world.names] == ["a1", "a2"]
    # Late, and of the first.
    world.ending.of_event(world.event(world.bedrock.jobs[0].arn, "Stopped"))
    assert world.tasks == ["task"]


def test_a_later_attempt_is_adopted_by_who_asks_for_an_earlier_one(world: World) -> None:
    """A run that is resumed begins each shard anew."""
    world.open()
    world.starting.start(world.order())
    world.ending.of_event(world.event(world.bedrock.jobs[0].arn, "Failed"))
    world.starting.start(world.order(attempt=2))
    world.starting.start(world.order(attempt=1, task="resumed"))
    world.ending.of_event(world.event(world.bedrock.jobs[1].arn, "Completed"))
    assert world.machines.told[-1][0] == "resumed"
    assert world.machines.told[-1][1]["Attempt"] == 2


def test_jobs_of_others_are_none_of_ours(world: World) -> None:
    world.open()
    world.starting.start(world.order())
    foreign = world.bedrock.foreign_job("theirs")
    world.ending.of_event(world.event(foreign.arn, "Completed"))
    world.ending.of_event(world.event(foreign.arn, "Completed", "Nightly-0a1b2c3d-000000000000-r1-000001-001-a1"))
    assert world.tasks == []
