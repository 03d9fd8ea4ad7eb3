"""The tasks that wait for a token: what ends them, and what is said to whoever comes too late.

ministack overlooks that the function which gets the token has failed, waits for it before it counts the task's time,
knows no ``HeartbeatSeconds``, and takes any number of answers to a token until the state has noticed the first. It asks
for ``*`` where policies name the machine whose task it is. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token,
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html,
https://github.com/aws/aws-cdk/pull/8486 (which resource a policy names)
"""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ministack.core import iam_actions
from ministack.core.responses import error_response_json, json_response
from ministack.services import stepfunctions

from bedrock_local.emulator.machines.attempts import current_attempt
from bedrock_local.emulator.machines.waits import settle, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDS = (
    "core.iam_actions.extract_resource_arn",
    "services.stepfunctions._ExecutionError",
    "services.stepfunctions._invoke_resource",
    "services.stepfunctions._send_task_failure",
    "services.stepfunctions._send_task_heartbeat",
    "services.stepfunctions._send_task_success",
)

WAITS = ".waitForTaskToken"
_OVER = ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
_FAILED = "States.TaskFailed"

Request = dict[str, Any]


@dataclass
class _Task:
    machine: str
    outcome: Future[Any] = field(default_factory=Future)
    beat: float = field(default_factory=time.monotonic)


#: Also those that are over: who answers them is told so.
_tasks: dict[str, _Task] = {}


def answer_tasks() -> None:
    """Let an answer to a token count once, and while its task waits."""
    stepfunctions._send_task_success = _answering(stepfunctions._send_task_success, _succeed)  # noqa: SLF001 -- no public way in
    stepfunctions._send_task_failure = _answering(stepfunctions._send_task_failure, _fail)  # noqa: SLF001 -- the same
    stepfunctions._send_task_heartbeat = _answering(stepfunctions._send_task_heartbeat, _beat)  # noqa: SLF001 -- the same
    extract = iam_actions.extract_resource_arn

    def extract_resource_arn(service: str, method: str, path: str, headers: Any, body: bytes, *more: Any) -> str:  # noqa: ANN401 -- ministack's
        if service == "states" and b'"taskToken"' in body:
            task = _tasks.get(json.loads(body).get("taskToken"))
            return _asked(task.machine) if task else "*"
        return str(extract(service, method, path, headers, body, *more))

    iam_actions.extract_resource_arn = extract_resource_arn


def wait_for_token(
    resource: str,
    given: Any,  # noqa: ANN401 -- any JSON
    token: str,
    seconds: float | None,
    heartbeat: float | None,
) -> Any:  # noqa: ANN401 -- any JSON
    """Give a token to somebody, and wait for the answer.

    Parameters
    ----------
    resource, given
        What is called, and with what.
    token
        The token that stands in it.
    seconds, heartbeat
        How long the answer may take, and how long from one heartbeat to the next.

    Returns
    -------
    Any
        The answer.

    Raises
    ------
    ministack's own error of an execution
        If the answer is a failure, if the call itself has failed, or if it takes too long.
    """
    attempt = current_attempt()
    task = _tasks[token] = _Task(attempt.execution["stateMachineArn"] if attempt else "*")

    def give() -> None:
        try:
            stepfunctions._invoke_resource(resource.replace(WAITS, ""), given)  # noqa: SLF001 -- no public way in
        except Exception as error:  # noqa: BLE001 -- for whoever waits
            settle(task.outcome.set_exception, error)

    threading.Thread(target=copy_context().run, args=(give,), daemon=True).start()
    end = task.beat + (seconds or float("inf"))
    while True:
        due = min(end, task.beat + (heartbeat or float("inf")))
        wait_for(task.outcome, max(0, due - time.monotonic()) if due < float("inf") else None)
        late = time.monotonic() >= min(end, task.beat + (heartbeat or float("inf")))
        if task.outcome.done() or (late and not task.outcome.cancel()):
            return task.outcome.result()
        if late:
            raise stepfunctions._ExecutionError("States.Timeout" if due == end else "States.HeartbeatTimeout", "")  # noqa: SLF001 -- no public way in


def _asked(machine: str) -> str:
    # Which of both is asked for a child of a Map Run is not known: a policy that names both is right in either case.
    return "\n".join(dict.fromkeys((machine.partition("/")[0], machine)))


def _answering(send: Callable[[Request], Any], answer: Callable[[_Task, Request], Any]) -> Callable[[Request], Any]:
    def send_task(request: Request) -> Any:  # noqa: ANN401 -- ministack's
        task = _tasks.get(request.get("taskToken", ""))
        # Of an activity, or nobody's.
        return answer(task, request) if task else send(request)

    return send_task


def _succeed(task: _Task, request: Request) -> Any:  # noqa: ANN401 -- ministack's
    try:
        output = json.loads(request.get("output", ""))
    except ValueError:
        return error_response_json("InvalidOutput", "Invalid Output: 'Output is not valid JSON'", 400)
    return json_response({}) if settle(task.outcome.set_result, output) else error_response_json(*_OVER)


def _fail(task: _Task, request: Request) -> Any:  # noqa: ANN401 -- ministack's
    error = stepfunctions._ExecutionError(request.get("error") or _FAILED, request.get("cause") or "")  # noqa: SLF001 -- no public way in
    return json_response({}) if settle(task.outcome.set_exception, error) else error_response_json(*_OVER)


def _beat(task: _Task, _: Request) -> Any:  # noqa: ANN401 -- ministack's
    if task.outcome.done():
        return error_response_json(*_OVER)
    task.beat = time.monotonic()
    return json_response({})
