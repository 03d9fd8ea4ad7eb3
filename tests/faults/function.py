"""The function as Lambda runs it: warm and cold, concurrent, killed, delivered again."""

import sys
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .clock import Clock
from .concurrency import REFUSED, USUAL, Concurrency
from .environment import ExecutionEnvironment

#: Seconds between an asynchronous invocation that failed and its next two deliveries; Lambda waits 60 times as long.
#: Source: Lambda developer guide, error handling for asynchronous invocation.
RETRY_DELAYS = (1.0, 2.0)
#: Seconds after which an event that found no place is given up. Source: the EventInvokeConfig of the stack.
MAXIMUM_EVENT_AGE = 2400.0


@dataclass
class Invocation:
    """One delivery of an event.

    `error` is what Lambda reports of it, None when the handler returned; `payload` what the handler returned.
    """

    id: str
    event: Any
    environment: ExecutionEnvironment
    error: str | None = None
    payload: Any = None


@dataclass
class Function:
    """The function behind one name.

    Attributes
    ----------
    timeout
        Seconds of the function's time after which an invocation is killed.
    variables
        Its environment.
    on_failure
        The function that Lambda hands an event to when its last delivery has failed.
    python
        The interpreter of its runtime.
    clock
        The time in which it lives.
    concurrency
        How many environments may run at once.
    retry_delays
        Seconds of the function's time before each further delivery of an event that failed.
    copies
        How often each event arrives, at the same time: Lambda promises once at least.
    spares
        Environments that are started before they are needed.
    warm
        Whether an environment handles a second event.
    """

    asset: Path
    handler: str
    variables: Mapping[str, str]
    on_failure: "Function | None" = None
    python: str = sys.executable
    clock: Clock = field(default_factory=Clock)
    spares: int = 0
    timeout: float = 900
    retry_delays: tuple[float, ...] = RETRY_DELAYS
    warm: bool = True
    copies: int = 1
    invocations: list[Invocation] = field(default_factory=list)
    _idle: list[ExecutionEnvironment] = field(default_factory=list)
    _marks: dict[ExecutionEnvironment, int] = field(default_factory=dict)
    _deliveries: list[threading.Thread] = field(default_factory=list)
    _changes: Mapping[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    concurrency: Concurrency = field(init=False)

    def __post_init__(self) -> None:
        self.concurrency = Concurrency(self.clock)
        self._start_spares()

    @property
    def speed(self) -> float:
        """How many seconds of the function's time pass in one of the tests'."""
        return self.clock.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self.clock.speed = speed

    def invoke(self, event: Any) -> Invocation:
        """Deliver an event once and wait for its end."""
        self.concurrency.wait()
        return self._run(event)

    def call(self, event: Any) -> tuple[Any, str | None]:
        """Invoke it synchronously, as a state machine does: what it returns, and the error if there is one."""
        if not self.concurrency.take():
            return None, REFUSED
        invocation = self._run(event)
        return invocation.payload, invocation.error

    def deliver(self, event: Any) -> None:
        """Deliver an event as CloudFormation does: asynchronously, and after an error up to two more times."""
        for _ in range(self.copies):
            delivery = threading.Thread(target=self._deliver, args=(event, self.clock.now()), daemon=True)
            delivery.start()
            self._deliveries.append(delivery)

    def kill(self) -> None:
        """Kill every environment that handles an event now."""
        with self._lock:
            running = [each.environment for each in self.invocations if each.environment not in self._idle]
        for environment in running:
            environment.kill()

    def redeploy(self, *, python: str = sys.executable, **variables: str) -> None:
        """Give it another runtime or environment, until the row is over."""
        self.python, self._changes = python, variables
        while self._idle:
            self._idle.pop().kill()

    def settle(self) -> None:
        """Wait until no delivery is under way or waits to be repeated."""
        while self._deliveries:
            self._deliveries.pop().join()
        if self.on_failure:
            self.on_failure.settle()

    @property
    def log(self) -> str:
        """What the function wrote since the last reset."""
        own = "".join(environment.log[mark:] for environment, mark in self._marks.items())
        return own + (self.on_failure.log if self.on_failure else "")

    def reset(self) -> None:
        """Let the next row start with a function that has no past but its warm environments."""
        self.settle()
        self.timeout, self.retry_delays, self.warm, self.copies = 900, RETRY_DELAYS, True, 1
        self.concurrency.limit = USUAL
        self.invocations.clear()
        if self._changes or self.python != sys.executable:
            self.redeploy()
        for environment in set(self._marks) - set(self._idle):
            self._marks.pop(environment)
            environment.close()
        self._marks = {environment: len(environment.log) for environment in self._idle}
        self._start_spares()

    def close(self) -> None:
        self.settle()
        for environment in self._marks:
            environment.close()

    def _run(self, event: Any) -> Invocation:
        """Let an environment handle an event for which there is a place."""
        try:
            with self._lock:
                environment = self._idle.pop() if self._idle and self.warm else self._environment()
                invocation = Invocation(uuid.uuid4().hex, event, environment)
                self.invocations.append(invocation)
            marked = _from(invocation.id, event)
            invocation.error = environment.invoke(marked, timeout=self.timeout, speed=self.speed)
            invocation.payload = environment.payload
            with self._lock:
                if environment.alive:
                    self._idle.append(environment)
            return invocation
        finally:
            self.concurrency.give_back()

    def _deliver(self, event: Any, since: float) -> None:
        error = self._delivered(event, since + MAXIMUM_EVENT_AGE)
        if error and self.on_failure:
            self.on_failure.speed = self.speed
            self.on_failure.deliver(_record(event, error))

    def _delivered(self, event: Any, until: float) -> str | None:
        """Deliver an event up to three times; the error of the last time, None when it was handled."""
        error: str | None = "the event was never handled"
        for delay in (*self.retry_delays, 0):
            if not self.concurrency.wait(until - self.clock.now()):
                break
            error = self._run(event).error
            if error is None:
                break
            self.clock.sleep(delay)
        return error

    def _start_spares(self) -> None:
        self._idle += [self._environment() for _ in range(self.spares - len(self._idle))]

    def _environment(self) -> ExecutionEnvironment:
        environment = ExecutionEnvironment(
            self.asset, self.handler, {**self.variables, **self._changes}, self.python, self.clock
        )
        self._marks[environment] = 0
        return environment


def _from(invocation: str, event: Any) -> Any:
    """Mark the signed address, so that the endpoint sees which invocation an answer is from."""
    if not isinstance(event, Mapping):
        return event
    marked = {"ResponseURL": f"{event['ResponseURL']}&invocation={invocation}"} if "ResponseURL" in event else {}
    inner = {"requestPayload": _from(invocation, event["requestPayload"])} if "requestPayload" in event else {}
    return {**event, **marked, **inner}


def _record(event: Any, error: str) -> dict[str, Any]:
    """Make what a destination gets. Source: Lambda developer guide, retaining records of asynchronous invocations."""
    return {
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3, "functionArn": "function"},
        "requestPayload": event,
        "responsePayload": {"errorMessage": error, "errorType": error.partition(":")[0]},
    }
