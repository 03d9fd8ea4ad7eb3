"""What is told of executions that were stopped and taken up again, in whatever order it comes."""

from types import SimpleNamespace
from typing import Any

import pytest

from batch_inference_pipeline import index
from batch_inference_pipeline.errors import PipelineError
from batch_inference_pipeline.ledger.attempt import State
from batch_inference_pipeline.ledger.items import attempt_of

from .world import KEY, RUN, World


def tell(world: World, monkeypatch: pytest.MonkeyPatch, status: str, **more: Any) -> None:
    """Tell the function what Step Functions does of the first execution."""
    parts = SimpleNamespace(**vars(world), key_of=lambda run: KEY if run == RUN else "")
    monkeypatch.setattr(index, "RunningParts", lambda *_: parts)
    detail = {"executionArn": "execution-1", "name": RUN, "status": status, **more}
    index.jobs({"source": "aws.states", "detail": detail}, SimpleNamespace(invoked_function_arn=""))


@pytest.mark.parametrize(
    ("noted", "state"),
    [("asked", State.ASKED), ("running", State.RUNNING), ("refused", State.REFUSED), ("ended", State.ENDED)],
)
def test_what_another_version_of_the_function_noted_is_read(noted: str, state: State) -> None:
    """A stack may be updated while a run goes on, or before one is redriven."""
    numbers = {name: {"N": "1"} for name in ("Number", "Since")}
    item = {"Run": {"S": KEY}, "Item": {"S": "shard 1 000001-001"}, "State": {"S": noted}, **numbers}
    assert attempt_of(item).state is state


def test_a_run_that_was_redriven_is_the_only_one_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.open()
    world.machines.running.clear()
    tell(world, monkeypatch, "ABORTED", redriveCount=0)
    world.machines.running.add("execution-1")
    tell(world, monkeypatch, "RUNNING", redriveCount=1)
    with pytest.raises(PipelineError, match=f"the run {RUN} of this pipeline goes on \\(execution-1\\)"):
        world.open("execution-2")


def test_a_run_that_another_execution_went_on_with_is_the_redriven_ones_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a look would stop its jobs: it asks whether the execution that is noted goes on."""
    world.open()
    world.machines.running.clear()
    world.open("execution-2", Run=RUN)
    world.machines.running = {"execution-1"}
    tell(world, monkeypatch, "RUNNING", redriveCount=1)
    world.starting.start(world.order())
    world.look()
    assert world.bedrock.live


@pytest.mark.parametrize(("redrives", "stopped"), [(1, False), (0, True)])
def test_the_end_of_an_execution_that_goes_on_since_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, redrives: int, *, stopped: bool
) -> None:
    """EventBridge may tell of it late, or again."""
    world.open()
    world.starting.start(world.order())
    world.machines.redriven["execution-1"] = redrives
    tell(world, monkeypatch, "ABORTED", redriveCount=0)
    assert bool(world.bedrock.live) is not stopped


def test_a_deployment_that_stops_a_run_again_stops_its_jobs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.open()
    world.starting.start(world.order())
    world.machines.redriven["execution-1"] = 1
    tell(world, monkeypatch, "ABORTED")
    assert not world.bedrock.live
