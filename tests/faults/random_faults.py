"""Faults to draw at random, each for one call or one answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Timer
from typing import Any

from hypothesis import strategies as st

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws
from .bedrock import Life
from .endpoint import Mishap
from .front import Exchange, Response
from .replies import (
    BROKEN,
    NOT_FOUND,
    THROTTLED,
    after,
    before,
    broken_after_commit,
    dropped,
    dropped_after_commit,
    edited,
    healthy,
    refused,
)

CREATE, GET, STOP = (f"{verb}ModelInvocationJob" for verb in ("Create", "Get", "Stop"))
LIST, DESCRIBE = "ListModelInvocationJobs", "DescribeStackResource"
LIST_TAGS, TAG, INDEX = "ListTagsForResource", "TagResource", "GetResources"
#: What waiting needs.
WAITING = ("PutItem", "UpdateItem", "DeleteItem", "StartExecution", "SignalResource", "DescribeStacks")
DENIED = refused("AccessDeniedException", "User is not authorized to perform this action.", 403)


def slow(exchange: Exchange) -> Response:
    """Slower than the function's patience."""
    time.sleep(0.3)
    return exchange.commit()


ANYWHERE = {
    "throttled": lambda _: THROTTLED,
    "broken": lambda _: BROKEN,
    "broken after commit": lambda _: broken_after_commit,
    "denied": lambda _: DENIED,
    "dropped": lambda _: dropped,
    "dropped after commit": lambda _: dropped_after_commit,
    "slow": lambda _: slow,
    "killed before": lambda aws: before(aws.function.kill),
    "killed after": lambda aws: after(aws.function.kill),
}
# Not among them: an existing job that Get or List denies for good. Nobody could defend against that.
SPECIAL = {
    CREATE: {"without an ARN": lambda _: edited(jobArn=None)},
    STOP: {
        "conflict": lambda _: refused("ConflictException", "The job can not be stopped", 409),
        "invalid": lambda _: refused("ValidationException", "The job cannot be stopped"),
        "not found": lambda _: NOT_FOUND,
    },
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong; the text is what a failing run prints."""

    text: str
    inject: Callable[[Aws], None]

    def __repr__(self) -> str:
        return self.text


def _of_call(operation: str, name: str, delay: int, times: int) -> Fault:
    """One operation's call, after so many healthy ones, meets something; so do the next ones, `times` in all."""
    reply: Callable[[Aws], Any] = (ANYWHERE | SPECIAL.get(operation, {}))[name]

    def inject(aws: Aws) -> None:
        aws.front.meet(operation, *[healthy] * delay, *[reply(aws)] * times)

    return Fault(f"{operation} {name} after {delay}, x{times}", inject)


def _of_answer(fate: int | Mishap, times: int) -> Fault:
    return Fault(f"answer meets {fate} x{times}", lambda aws: aws.endpoint.meet(*[fate] * times))


_calls = st.sampled_from(
    [
        (operation, name)
        for operation in (CREATE, GET, LIST, STOP, DESCRIBE, LIST_TAGS, TAG, INDEX, *WAITING)
        for name in ANYWHERE | SPECIAL.get(operation, {})
    ]
).flatmap(
    lambda pair: st.builds(
        _of_call, st.just(pair[0]), st.just(pair[1]), st.integers(0, 2), st.sampled_from([1, 1, 2, 5])
    )
)
# At most one 403 a fault: four in a row, and nobody could tell CloudFormation anything.
_answers = st.builds(_of_answer, st.sampled_from([503, 500, *Mishap]), st.sampled_from([1, 1, 2])) | st.builds(
    _of_answer, st.just(403), st.just(1)
)

#: What becomes of the jobs that a step makes.
_lives = st.sampled_from(
    [
        Life(),
        Life(),
        Life(pause=0.1),
        Life(path=(Status.VALIDATING, Status.FAILED), message="the input is not JSONL"),
        Life(path=(Status.VALIDATING, Status.FAILED), message="Could not validate GetObject permissions"),
        Life(path=(Status.VALIDATING, Status.SCHEDULED, Status.IN_PROGRESS, Status.COMPLETED)),
        Life(stops=False),
    ]
)
#: Real seconds after the beginning of a step.
moments = st.floats(0, 0.6)


@dataclass(frozen=True)
class Weather:
    """What one step meets: faults, the lives of its jobs, a function's time, and an old event that comes again.

    The `first` of the jobs that it makes may live otherwise. Ends are `told` so often.
    """

    faults: list[Fault]
    life: Life
    first: Life
    timeout: int
    again: tuple[int, float] | None
    told: int

    def come_over(self, aws: Aws) -> list[Timer]:
        """Return what is yet to come."""
        aws.bedrock.life, aws.bedrock.lives, aws.function.timeout = self.life, [self.first], self.timeout
        aws.events.copies = self.told
        for fault in self.faults:
            fault.inject(aws)
        requests = aws.cloudformation.requests
        if not self.again or not requests:
            return []
        late = Timer(self.again[1], aws.function.deliver, (requests[self.again[0] % len(requests)],))
        late.start()
        return [late]


weathers = st.builds(
    Weather,
    faults=st.lists(_calls | _answers, max_size=3),
    life=_lives,
    first=_lives,
    timeout=st.sampled_from([600, 600, 300]),
    again=st.none() | st.tuples(st.integers(0, 50), moments),
    told=st.sampled_from([0, 1, 1, 2]),
)
