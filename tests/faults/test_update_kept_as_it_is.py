"""Update: what failed is kept as it is (`--no-rollback`) and then changed again, rolled back, or given up half-way."""

from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .replies import after, refused
from .stack import Stack
from .templates import LONGER, NEW, OLD

CREATE, GET, STOP = "CreateModelInvocationJob", "GetModelInvocationJob", "StopModelInvocationJob"
OTHER = {"Job": properties(modelId="amazon.nova-micro-v1:0")}
REFUSED = refused("ValidationException", "The provided model identifier is invalid")
DENIED = refused("AccessDeniedException", "User is not authorized to perform: bedrock:StopModelInvocationJob", 403)
OLD_PROPERTIES = pytest.mark.parametrize("remembers", [True, False], ids=["of the failed update", "of before"])


def became(aws: Aws) -> list[str]:
    """What has become of each job, oldest first."""
    return ["live" if job in aws.bedrock.live else str(job.status) for job in aws.bedrock.jobs]


def stands_for(stack: Stack, aws: Aws, which: int) -> bool:
    return stack.resources["Job"].physical_id == aws.bedrock.jobs[which].arn


@pytest.mark.in_several_ways
@OLD_PROPERTIES
@pytest.mark.parametrize("again", [NEW, OLD, OTHER, LONGER], ids=["the same", "back", "on", "back and longer"])
def test_U17_an_update_after_a_refused_one_pays_for_what_it_asks(
    aws: Aws, stack: Stack, again: Any, *, remembers: bool
) -> None:
    """Whichever old properties CloudFormation sends: one job runs, that of the last template."""
    stack.remembers_failures = remembers
    aws.front.meet(CREATE, REFUSED)
    assert stack.deploy(NEW, rollback=False) == "UPDATE_FAILED"
    assert became(aws) == ["live"]
    assert stack.deploy(again) == "UPDATE_COMPLETE", stack.reasons
    assert became(aws) == (["live"] if again is OLD else ["Stopped", "live"])
    assert stands_for(stack, aws, -1)


@pytest.mark.in_several_ways
@OLD_PROPERTIES
@pytest.mark.parametrize("again", [NEW, OLD, OTHER], ids=["the same", "back", "on"])
def test_U17_an_update_after_one_whose_sibling_failed_leaves_one_job(
    aws: Aws, stack: Stack, again: Any, *, remembers: bool
) -> None:
    """The resource stands for the new job already, and the old one still runs: in the end there is one, its own."""
    stack.remembers_failures = remembers
    assert stack.deploy(NEW, sibling_fails_last=True, rollback=False) == "UPDATE_FAILED"
    assert became(aws) == ["live", "live"]
    assert stack.deploy(again) == "UPDATE_COMPLETE", stack.reasons
    assert became(aws).count("live") == 1
    assert stack.resources["Job"].physical_id == aws.bedrock.live[0].arn
    assert len(aws.bedrock.jobs) == (3 if again is OTHER else 2)


@pytest.mark.in_several_ways
@OLD_PROPERTIES
def test_U17_a_roll_back_takes_the_old_job_back(aws: Aws, stack: Stack, *, remembers: bool) -> None:
    """`cdk rollback`, after the new job was made: the old one runs on, and the new one is stopped."""
    stack.remembers_failures = remembers
    assert stack.deploy(NEW, sibling_fails_last=True, rollback=False) == "UPDATE_FAILED"
    assert stack.roll_back() == "UPDATE_ROLLBACK_COMPLETE"
    assert became(aws) == ["live", "Stopped"]
    assert stands_for(stack, aws, 0)


@pytest.mark.in_several_ways
@OLD_PROPERTIES
def test_U17_a_roll_back_stops_what_the_update_could_not_tell_of(aws: Aws, stack: Stack, *, remembers: bool) -> None:
    """The update made its job and died; nothing but the roll back knows what it had asked for."""
    stack.remembers_failures = remembers
    dies_untold(aws, stack, NEW)
    assert stack.roll_back() == "UPDATE_ROLLBACK_COMPLETE"
    assert became(aws) == ["live", "Stopped"]


@pytest.mark.in_several_ways
@OLD_PROPERTIES
@pytest.mark.parametrize("template", [NEW, LONGER], ids=["other results", "another timeout"])
def test_U17_the_same_update_again_finds_what_the_first_could_not_tell_of(
    aws: Aws, stack: Stack, template: Any, *, remembers: bool
) -> None:
    """It has another request id, and adopts that job."""
    stack.remembers_failures = remembers
    dies_untold(aws, stack, template)
    assert stack.deploy(template) == "UPDATE_COMPLETE"
    assert became(aws) == ["Stopped", "live"]
    assert stands_for(stack, aws, 1)


@pytest.mark.in_several_ways
def test_U17_another_update_stops_what_the_first_could_not_tell_of(aws: Aws, stack: Stack) -> None:
    """If its old properties are those of the update that failed; if not, nothing tells of that job, which runs on."""
    dies_untold(aws, stack, NEW)
    assert stack.deploy(OTHER) == "UPDATE_COMPLETE"
    assert became(aws) == ["Stopped", "Stopped", "live"]


@pytest.mark.in_several_ways
@OLD_PROPERTIES
def test_U17_a_completed_job_is_kept_through_all_of_it(aws: Aws, stack: Stack, *, remembers: bool) -> None:
    """A longer timeout whose update fails, is kept, and is tried again: nothing is run again."""
    stack.remembers_failures = remembers
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.COMPLETED)
    assert stack.deploy(LONGER, sibling_fails_last=True, rollback=False) == "UPDATE_FAILED"
    assert stack.deploy(LONGER) == "UPDATE_COMPLETE"
    assert stack.deploy(OLD, sibling_fails_last=True, rollback=False) == "UPDATE_FAILED"
    assert stack.roll_back() == "UPDATE_ROLLBACK_COMPLETE"
    assert became(aws) == ["Completed"]
    assert stands_for(stack, aws, 0)


@pytest.mark.in_several_ways
@OLD_PROPERTIES
def test_U18_a_roll_back_that_fails_is_continued(aws: Aws, stack: Stack, *, remembers: bool) -> None:
    """What the update began cannot be stopped at first; continued, the roll back stops it, and the old job is there."""
    stack.remembers_failures = remembers
    dies_untold(aws, stack, NEW)
    aws.front.always(STOP, DENIED)
    assert stack.roll_back() == "UPDATE_ROLLBACK_FAILED"
    assert became(aws) == ["live", "live"]
    assert "bedrock:StopModelInvocationJob" in stack.reasons[-1]
    aws.front.heal()
    assert stack.roll_back() == "UPDATE_ROLLBACK_COMPLETE"
    assert became(aws) == ["live", "Stopped"]
    assert stands_for(stack, aws, 0)


@pytest.mark.in_several_ways
@OLD_PROPERTIES
def test_U18_a_roll_back_that_is_continued_pays_for_no_other(aws: Aws, stack: Stack, *, remembers: bool) -> None:
    """The old job has completed meanwhile; the roll back can read it at last, and takes it back."""
    stack.remembers_failures = remembers
    assert stack.deploy(NEW, sibling_fails_last=True, rollback=False) == "UPDATE_FAILED"
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.COMPLETED)
    aws.function.speed = 100
    aws.front.always(GET, refused("AccessDeniedException", "User is not authorized", 403))
    assert stack.roll_back() == "UPDATE_ROLLBACK_FAILED"
    aws.front.heal()
    assert stack.roll_back() == "UPDATE_ROLLBACK_COMPLETE"
    assert became(aws) == ["Completed", "Stopped"]
    assert stands_for(stack, aws, 0)


def dies_untold(aws: Aws, stack: Stack, template: Any) -> None:
    """Leave a stack, kept as it is, whose update made a job and died; CloudFormation has heard of no job."""
    aws.front.meet(CREATE, after(aws.function.kill))
    aws.function.retry_delays = ()
    assert stack.deploy(template, rollback=False) == "UPDATE_FAILED"
    assert became(aws) == ["live", "live"]
