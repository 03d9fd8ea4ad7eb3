"""What a state waits for, which ends with its execution: ministack sleeps a wait out, and waits for a call to its end.

Seen in ministack 1.5.33. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, InvalidStateError, wait
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from ministack.services import stepfunctions

from bedrock_local.emulator.machines.attempts import EndedError, current_attempt

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDS = ("services.stepfunctions._scaled_sleep", "services.stepfunctions._SFN_WAIT_SCALE")


def end_waits() -> None:
    """Let no state sleep longer than its execution runs."""
    sleep = stepfunctions._scaled_sleep  # noqa: SLF001 -- no public way in

    def scaled_sleep(seconds: float) -> None:
        attempt = current_attempt()
        if attempt is None:
            sleep(seconds)
        elif attempt.ended.wait(seconds * stepfunctions._SFN_WAIT_SCALE):  # noqa: SLF001 -- no public way in
            raise EndedError

    stepfunctions._scaled_sleep = scaled_sleep  # noqa: SLF001 -- no public way in


def call(what: Callable[[], Any], seconds: float | None = None) -> Future[Any]:
    """Do something elsewhere, and wait for it as long as the attempt goes on.

    Parameters
    ----------
    what
        Whatever it does, it does to its end.
    seconds
        How long it is waited for at most.

    Returns
    -------
    Future
        Of what it returns or raises; one that is not done was late.
    """
    outcome: Future[Any] = Future()

    def run() -> None:
        try:
            settle(outcome.set_result, what())
        except Exception as error:  # noqa: BLE001 -- for whoever waits
            settle(outcome.set_exception, error)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    wait_for(outcome, seconds)
    return outcome


def wait_for(outcome: Future[Any], seconds: float | None) -> None:
    """Wait until something is settled, which it is by the end of the attempt, or for some seconds."""
    attempt = current_attempt()
    if attempt is None:
        wait([outcome], seconds)
        return

    def give_up() -> None:
        settle(outcome.set_exception, EndedError())

    with attempt.watched(give_up):
        wait([outcome], seconds)


def settle(how: Callable[[Any], None], what: Any) -> bool:  # noqa: ANN401 -- any result
    """Settle what is waited for, unless it is settled; return whether this did."""
    with suppress(InvalidStateError):
        how(what)
        return True
    return False
