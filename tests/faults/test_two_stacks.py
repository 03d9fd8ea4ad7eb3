"""Two stacks of the same template, side by side."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from .aws import Aws
from .replies import refused
from .stack import Stack
from .templates import LONGER, NEW, OLD

CREATE = "CreateModelInvocationJob"
pytestmark = pytest.mark.in_several_ways


def at_once(*acts: Callable[[], str]) -> list[str]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: act(), acts))


@pytest.fixture
def both(aws: Aws) -> tuple[Stack, Stack]:
    """Deployed at the same time."""
    both = aws.stack(), aws.stack()
    assert at_once(*(lambda stack=stack: stack.deploy(OLD) for stack in both)) == ["CREATE_COMPLETE"] * 2
    return both


def test_D25_each_has_its_job_and_stops_no_other(aws: Aws, both: tuple[Stack, Stack]) -> None:
    """One is destroyed, by an id that CloudFormation made up, while the other is deployed again: that has its job."""
    one, other = both
    assert one.resources["Job"].physical_id != other.resources["Job"].physical_id
    one.resources["Job"].physical_id = "Stack-Job-1TRM0O8K2ZQ7V"
    assert at_once(one.destroy, lambda: other.deploy(LONGER)) == ["DELETE_COMPLETE", "UPDATE_COMPLETE"]
    assert [job.arn for job in aws.bedrock.live] == [other.resources["Job"].physical_id]
    assert len(aws.bedrock.jobs) == 3


def test_D25_each_rolls_back_to_its_own_job(aws: Aws, both: tuple[Stack, Stack]) -> None:
    """Both updates at once fail, one before its job was made and one after: each old job runs on."""
    one, other = both
    old = {stack.name: stack.resources["Job"].physical_id for stack in both}
    aws.front.meet(CREATE, refused("ValidationException", "The provided model identifier is invalid"))
    results = at_once(
        lambda: one.deploy(NEW, sibling_fails_last=True), lambda: other.deploy(NEW, sibling_fails_last=True)
    )
    assert results == ["UPDATE_ROLLBACK_COMPLETE"] * 2
    assert {stack.name: stack.resources["Job"].physical_id for stack in both} == old
    assert {job.arn for job in aws.bedrock.live} == set(old.values())
