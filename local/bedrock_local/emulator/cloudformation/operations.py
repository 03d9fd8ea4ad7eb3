"""The creates and updates of stacks that run now, and how those end whose resources nobody wants any more.

For ministack each wait is a thread of its own that nothing ends but what it waits for, or its time: up to twelve hours
after another resource has failed, or the stack has been deleted. Seen in ministack 1.5.33. CloudFormation gives up what
is in progress: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1814
"""

import asyncio
import threading
from contextvars import ContextVar
from typing import Any

from ministack.services.cloudformation import custom_resource, wait_conditions

NEEDS = (
    "services.cloudformation.custom_resource._pending",
    "services.cloudformation.custom_resource._lock",
    "services.cloudformation.custom_resource.register_token",
    "services.cloudformation.custom_resource.invoke_custom_resource",
    "services.cloudformation.wait_conditions._changed",
    "services.cloudformation.wait_conditions._handles",
    "services.cloudformation.wait_conditions.wait_for",
)

# What CloudFormation says of a resource that it gives up.
_GIVEN_UP = {"CREATE": "Resource creation cancelled", "UPDATE": "Resource update cancelled"}

_running: dict[str, "Operation"] = {}
_of_this_thread: ContextVar["Operation | None"] = ContextVar("operation", default=None)


class Operation:
    """A create or an update while its resources are made."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.is_deleted = False
        self.ended = asyncio.Event()
        self._is_given_up = False
        self._lock = threading.Lock()
        self._requests: set[str] = set()
        self._conditions: set[str] = set()
        self._nested: list[Operation] = []

    @property
    def is_given_up(self) -> bool:
        """Whether nothing more of it is begun."""
        return self._is_given_up

    @property
    def reason(self) -> str:
        """Why a resource of it failed that was given up."""
        return _GIVEN_UP[self.kind]

    def give_up(self) -> None:
        """End each wait at once."""
        with self._lock:
            self._is_given_up = True
            requests, conditions, nested = [*self._requests], [*self._conditions], [*self._nested]
        for token in requests:
            self._end_request(token)
        for token in conditions:
            self._end_condition(token)
        for each in nested:
            each.give_up()

    def note_request(self, token: str) -> None:
        """Remember what a custom resource waits for."""
        with self._lock:
            self._requests.add(token)
        if self._is_given_up:
            self._end_request(token)

    def note_condition(self, token: str) -> None:
        """Remember what a wait condition waits for."""
        with self._lock:
            self._conditions.add(token)
        if self._is_given_up:
            self._end_condition(token)

    def note_nested(self, operation: "Operation") -> None:
        """Remember that of a nested stack."""
        with self._lock:
            self._nested.append(operation)
        if self._is_given_up:
            operation.give_up()

    def _end_request(self, token: str) -> None:
        # Not as an answer of the function: what it answered before stands.
        with custom_resource._lock:  # noqa: SLF001 -- no public way in
            entry = custom_resource._pending.get(token)  # noqa: SLF001 -- the same
            if entry and entry["result"] is None:
                entry["result"] = {"Status": "FAILED", "Reason": self.reason}
                entry["event"].set()

    def _end_condition(self, token: str) -> None:
        signal = {"Status": "FAILURE", "Reason": self.reason, "Data": ""}
        with wait_conditions._changed:  # noqa: SLF001 -- no public way in
            entry = wait_conditions._handles.get(token)  # noqa: SLF001 -- the same
            if entry:
                entry["signals"]["given up"] = signal
                wait_conditions._changed.notify_all()  # noqa: SLF001 -- the same


def begin(stack_id: str, kind: str, parent_id: str | None = None) -> Operation:
    """Note that the resources of a stack are made from now on.

    Parameters
    ----------
    stack_id
        The stack.
    kind
        ``CREATE`` or ``UPDATE``.
    parent_id
        The stack that a nested one belongs to: given up is the one with the other.
    """
    operation = _running[stack_id] = Operation(kind)
    if parent_id and (parent := running(parent_id)):
        parent.note_nested(operation)
    return operation


def end(stack_id: str) -> None:
    """Note that they are made, or have failed."""
    _running.pop(stack_id).ended.set()


def running(stack_id: str) -> Operation | None:
    """Find what runs of a stack; None if nothing does, or it rolls back already."""
    return _running.get(stack_id)


def end_waits() -> None:
    """Let the waits of custom resources and wait conditions be ended."""
    _end_waits_for_answers()
    _end_waits_for_signals()


def _end_waits_for_answers() -> None:
    register, invoke = custom_resource.register_token, custom_resource.invoke_custom_resource

    def invoke_custom_resource(*about: Any, **more: Any) -> tuple[str, Any]:  # noqa: ANN401 -- ministack's
        _, _, _, _, stack_id, *_ = about
        token = _of_this_thread.set(running(stack_id))
        try:
            answer: tuple[str, Any] = invoke(*about, **more)
            return answer
        finally:
            _of_this_thread.reset(token)

    def register_token(token: str) -> threading.Event:
        event: threading.Event = register(token)
        if operation := _of_this_thread.get():
            operation.note_request(token)
        return event

    custom_resource.register_token, custom_resource.invoke_custom_resource = register_token, invoke_custom_resource


def _end_waits_for_signals() -> None:
    wait_for = wait_conditions.wait_for

    def wait_for_signals(token: str, stack_id: str, *about: Any) -> dict[str, Any]:  # noqa: ANN401 -- ministack's
        operation = running(stack_id)
        if operation:
            operation.note_condition(token)
        try:
            signals: dict[str, Any] = wait_for(token, stack_id, *about)
        except RuntimeError:
            if operation and operation.is_given_up:
                raise RuntimeError(operation.reason) from None
            raise
        return signals

    wait_conditions.wait_for = wait_for_signals
