"""Retry and Catch: how long a state waits before it tries again, and what neither sees.

ministack waits a minute at most, knows neither ``MaxDelaySeconds`` nor ``JitterStrategy``, and lets ``States.ALL`` and
``States.TaskFailed`` catch what ends an execution in any case. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from ministack.services import stepfunctions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bedrock_local.emulator.machines.walks import Context, State

NEEDS = (
    "services.stepfunctions._apply_catcher",
    "services.stepfunctions._error_matches",
    "services.stepfunctions._ExecutionError",
    "services.stepfunctions._find_matching_catcher",
    "services.stepfunctions._find_matching_retrier",
    "services.stepfunctions._scaled_sleep",
    "services.stepfunctions._state_query_language",
    "services.stepfunctions._with_retry_and_catch",
)

#: What no Retry and no Catch sees; and what it takes to see an exceeded quota.
_FATAL = "States.Runtime"
_BY_NAME = "States.DataLimitExceeded"


def retry_as_told() -> None:
    """Try states again when their Retry says so, and catch what can be caught."""
    matches = stepfunctions._error_matches  # noqa: SLF001 -- no public way in

    def error_matches(names: Sequence[str], error: str) -> bool:
        if error in {_FATAL, _BY_NAME}:
            return error != _FATAL and error in names
        return bool(matches(names, error))

    stepfunctions._error_matches = error_matches  # noqa: SLF001 -- no public way in
    stepfunctions._with_retry_and_catch = _with_retry_and_catch  # noqa: SLF001 -- the same


def _with_retry_and_catch(
    state: State,
    given: Any,  # noqa: ANN401 -- any JSON
    context: Context,
    attempt: Callable[[], tuple[Any, str | None]],
) -> tuple[Any, str | None]:
    entered, counts = context["State"], dict[int, int]()
    while True:
        # Branches leave a state of their own here.
        context["State"] = {**entered, "RetryCount": sum(counts.values())}
        try:
            return attempt()
        except stepfunctions._ExecutionError as error:  # noqa: SLF001 -- no public way in
            retrier, index = stepfunctions._find_matching_retrier(state.get("Retry", []), error.error, counts)  # noqa: SLF001 -- the same
            if retrier is None:
                return _catch(state, given, context, error)
            count = counts.get(index, 0)
            counts[index] = count + 1
            stepfunctions._scaled_sleep(pause(retrier, count))  # noqa: SLF001 -- the same


def pause(retrier: Mapping[str, Any], count: int) -> float:
    """Say how long a state waits before it tries again.

    Parameters
    ----------
    retrier
        Of its Retry.
    count
        How often it has tried again for that already.

    Returns
    -------
    float
        Seconds.
    """
    seconds = float(retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** count)
    seconds = min(seconds, retrier.get("MaxDelaySeconds", seconds))
    return random.uniform(0, seconds) if retrier.get("JitterStrategy") == "FULL" else seconds  # noqa: S311 -- no secret


def _catch(
    state: State,
    given: Any,  # noqa: ANN401 -- any JSON
    context: Context,
    error: Any,  # noqa: ANN401 -- ministack's
) -> tuple[Any, str | None]:
    catcher = stepfunctions._find_matching_catcher(state.get("Catch", []), error.error)  # noqa: SLF001 -- no public way in
    if catcher is None:
        raise error
    language = stepfunctions._state_query_language(state, context)  # noqa: SLF001 -- the same
    told = {"Error": error.error, "Cause": error.cause}
    return stepfunctions._apply_catcher(catcher, given, context, language, told), catcher["Next"]  # noqa: SLF001 -- the same
