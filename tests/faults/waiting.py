"""Templates of jobs that are waited for to their end, and deployments that go on while a row does something."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from threading import Event
from typing import Any

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .elements import Attribute, Condition, Custom, Element, Properties, Template
from .stack import Stack
from .story import story

RESULTS, LINK = "Custom::BedrockModelInvocationJobResults", "Custom::BedrockModelInvocationJobWait"
#: Real seconds in which something comes to be, also on a busy machine.
_PATIENCE = 60
#: What Get is called, and what a condition is told with.
GET, SIGNAL = "GetModelInvocationJob", "SignalResource"


def finished(
    *,
    wait: int = 43200,
    accept: bool = False,
    leave: bool = False,
    links: int = 0,
    condition: str = "",
    name: str = "Job",
    job: Properties | None = None,
    **changes: Any,
) -> Template:
    """Return what the construct makes of a job with `WaitUntil.FINISHED`: job, condition, links, results.

    `changes` go into the job, `job` into the properties of its resource.
    """
    accepted = {"AcceptPartialCompletion": True} if accept else {}
    wish = {**properties(**changes), "WaitUntil": "FINISHED", "WaitTimeoutSeconds": wait, **accepted, **(job or {})}
    return with_results(name, wish, leave=leave, links=links, condition=condition)


def with_results(
    name: str, wish: Properties, *, leave: bool = False, links: int = 0, condition: str = ""
) -> dict[str, Properties | Element]:
    """Return a job's resource with all that waits for its end."""
    # The construct's ends with a digest of what the job is.
    digest = sha256(json.dumps([wish["Job"], wish["RunToken"]]).encode()).hexdigest()[:8]
    condition = condition or f"{name}Finished{digest}"
    waited = {name: wish[name] for name in ("WaitTimeoutSeconds", "AcceptPartialCompletion") if name in wish}
    waited |= {"JobArn": Attribute(name, "JobArn")}
    output = wish["Job"]["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    followers = {f"{name}Link{number}": Custom(LINK, waited, (name,)) for number in range(links)}
    followers[f"{name}Results"] = Custom(RESULTS, {**waited, "LeaveRunning": leave, "OutputUri": output}, (name,))
    before = [condition, *followers]
    return {
        name: {**wish, "WaitCondition": condition, **({"LeaveRunning": True} if leave else {})},
        condition: Condition(after=(name,)),
        **{
            each: Custom(it.type, it.properties, (*it.after, last))
            for last, (each, it) in zip(before, followers.items(), strict=False)
        },
    }


def eventually(holds: Callable[[], object], tell: Callable[[], str] = lambda: "it never came to be") -> None:
    """Wait until something holds, in real time."""
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < end, tell()
        time.sleep(0.01)


@dataclass
class Deployment:
    """A deployment that is under way; `sibling` fails when it is set."""

    aws: Aws
    stack: Stack
    sibling: Event
    result: "Future[str]"

    def done(self) -> str:
        """Return what the stack came to; it has to come to that without another look than one that is due."""
        try:
            return self.result.result(_PATIENCE)
        except TimeoutError:
            raise AssertionError(f"the stack hangs:\n{story(self.aws)}") from None


def begin(aws: Aws, stack: Stack, template: Template, *, cancelable: bool = False, rollback: bool = True) -> Deployment:
    """Deploy a stack while the row goes on; one that is `cancelable` fails when its sibling does."""
    sibling = Event()
    pool = ThreadPoolExecutor(1)
    fails = sibling if cancelable else None
    result = pool.submit(lambda: stack.deploy(template, sibling_fails=fails, rollback=rollback))
    pool.shutdown(wait=False)
    return Deployment(aws, stack, sibling, result)


def waits(aws: Aws, stack: Stack, template: Template | None = None, **options: Any) -> Deployment:
    """Begin a deployment and go on when its condition waits and has been looked at."""
    template = template or finished()
    seen = len(aws.machine.executions)
    deployment = begin(aws, stack, template, **options)
    names = [name for name, element in template.items() if isinstance(element, Condition)]
    eventually(lambda: all(status_of(stack, name) == "CREATE_IN_PROGRESS" for name in names), lambda: story(aws))
    eventually(lambda: all(each.looks for each in aws.machine.executions[seen:]), lambda: story(aws))
    return deployment


def status_of(stack: Stack, name: str) -> str:
    return stack.resources[name].status if name in stack.resources else ""


def the_job(aws: Aws) -> Job:
    """The one job that lives."""
    (job,) = aws.bedrock.live
    return job


def end(aws: Aws, status: Status = Status.COMPLETED, **how: Any) -> None:
    """Let the one job that lives come to its end."""
    aws.bedrock.end(the_job(aws).arn, status, **how)
