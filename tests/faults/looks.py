"""Step Functions: the one state machine, which waits where the function does not, and has it look again."""

import json
import re
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .bedrock import ACCOUNT, REGION
from .clock import Clock
from .front import Call, Request, Response
from .table import header

STATE_MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:looks"
#: Seconds after which an execution is ended. Source: the definition in functions.yaml.
MACHINE_TIMEOUT = 50000
_JSON = {"Content-Type": "application/x-amz-json-1.0"}
#: Source: the Step Functions API reference, StartExecution.
_NAME = re.compile(r"[\w+!@.()=',-]{1,80}")

#: Invokes the function and waits: the payload, and the error if there is one.
Invoke = Callable[[Any], tuple[Any, str | None]]


@dataclass
class Execution:
    """One execution. `texts` is all that can be read of it by whoever may describe it, `looks` how often it looked."""

    arn: str
    name: str
    input: str
    status: str = "RUNNING"
    looks: int = 0
    texts: list[str] = field(default_factory=list)


@dataclass
class StateMachine:
    """Pause, look, and so on until it is over.

    `invoke` calls the function; `delay` are seconds by which executions begin late.
    """

    clock: Clock
    invoke: Invoke
    delay: float = 0
    executions: list[Execution] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def open(self) -> list[Execution]:
        """The executions that still wait or look."""
        return [each for each in self.executions if each.status == "RUNNING"]

    def call(self, request: Request) -> Call:
        operation = header(request, "x-amz-target").removeprefix("AWSStepFunctions.")
        return Call(operation, json.loads(request.body or b"{}"))

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        if call.operation != "StartExecution":
            return self.error("UnknownOperationException", "no such operation", 400)
        if call.parameters["stateMachineArn"] != STATE_MACHINE:
            return self.error("StateMachineDoesNotExist", "State Machine Does Not Exist", 400)
        return self._start(call.parameters)

    def error(self, code: str, text: str, status: int) -> Response:
        return status, _JSON, json.dumps({"__type": code, "message": text}).encode()

    def close(self) -> None:
        """End all executions."""
        self._closed = True
        while self._threads:
            self._threads.pop().join()

    def _start(self, parameters: Mapping[str, Any]) -> Response:
        name, text = parameters.get("name") or str(uuid.uuid4()), parameters.get("input", "{}")
        if not _NAME.fullmatch(name):
            return self.error("InvalidName", f"Invalid Name: '{name}'", 400)
        json.loads(text)
        with self._lock:
            execution = next((each for each in self.executions if each.name == name), None)
            if execution and (execution.status != "RUNNING" or execution.input != text):
                return self.error("ExecutionAlreadyExists", f"Execution Already Exists: '{execution.arn}'", 400)
            if execution is None:
                execution = self._begun(name, text)
        body = {"executionArn": execution.arn, "startDate": self.clock.now()}
        return 200, _JSON, json.dumps(body).encode()

    def _begun(self, name: str, text: str) -> Execution:
        arn = f"{STATE_MACHINE.replace(':stateMachine:', ':execution:')}:{name}"
        execution, now = Execution(arn, name, text, texts=[text]), self.clock.now()
        self.executions.append(execution)
        # From when it is asked for: whoever has seen it may let the time pass before its thread has begun.
        thread = threading.Thread(target=self._live, args=(execution, now), daemon=True)
        self._threads.append(thread)
        thread.start()
        return execution

    def _live(self, execution: Execution, asked: float) -> None:
        end, state, looks_at = asked + MACHINE_TIMEOUT, json.loads(execution.input), asked + self.delay
        while execution.status == "RUNNING":
            looks_at += state["seconds"]
            self.clock.sleep(looks_at - self.clock.now(), lambda: self._closed)
            looks_at = max(looks_at, self.clock.now())
            if self._closed:
                execution.status = "ABORTED"
            elif self.clock.now() > end:
                execution.status = "TIMED_OUT"
            else:
                state = self._looked(execution, state)
                execution.status = _after(state)

    def _looked(self, execution: Execution, state: Mapping[str, Any]) -> Any:
        """Return the function's reply; after an error the state is as it was."""
        payload, error = self.invoke({"function": state["function"], "look": state["look"]})
        execution.texts.append(error or json.dumps(payload))
        execution.looks += 1
        return state if error else payload


def _after(state: Any) -> str:
    """Return the status after a look; what the Choice and the Wait cannot read fails the execution."""
    if not isinstance(state, Mapping) or not {"function", "look", "seconds", "over"} <= set(state):
        return "FAILED"
    return "SUCCEEDED" if state["over"] else "RUNNING"
