"""What a call may meet instead of a healthy service.

>>> front.meet("CreateModelInvocationJob", *[THROTTLED] * 3)
>>> front.always("StopModelInvocationJob", refused("AccessDeniedException", "not authorized"))
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from .front import Exchange, Reply, Response

#: Seconds of real time after which a call that a test forgot is let go.
PATIENCE = 60


def refused(code: str, text: str, status: int = 400) -> Reply:
    """The service says no and does nothing."""
    return lambda exchange: exchange.error(code, text, status)


THROTTLED = refused("ThrottlingException", "Too many requests, please wait before trying again.", 429)
NOT_FOUND = refused("ResourceNotFoundException", "The provided batch inference job was not found.", 404)
BROKEN = refused("InternalServerException", "The service failed to answer. Try again.", 500)


def healthy(exchange: Exchange) -> Response:
    """The service answers: for the gaps between faults."""
    return exchange.commit()


def broken_after_commit(exchange: Exchange) -> Response:
    """The service does what it is asked, then fails."""
    exchange.commit()
    return BROKEN(exchange) or exchange.commit()


def dropped_after_commit(exchange: Exchange) -> None:
    """The service does what it is asked, and its reply is lost."""
    exchange.commit()


def edited(**changes: Any) -> Reply:
    """The answer with other members; None removes one."""

    def reply(exchange: Exchange) -> Response:
        status, headers, content = exchange.commit()
        body = {**json.loads(content), **changes}
        return status, headers, json.dumps({name: value for name, value in body.items() if value is not None}).encode()

    return reply


def dropped(_: Exchange) -> None:
    """The call is lost on its way."""


def before(act: Callable[[], object]) -> Reply:
    """Something happens before the service hears of the call."""

    def reply(exchange: Exchange) -> Response:
        act()
        return exchange.commit()

    return reply


def after(act: Callable[[], object]) -> Reply:
    """Something happens when the service has done it, before anybody hears of that."""

    def reply(exchange: Exchange) -> Response:
        response = exchange.commit()
        act()
        return response

    return reply


@dataclass
class Hold:
    """A call that stays on its way until `release`; `reached` tells that it has come."""

    reached: Event = field(default_factory=Event)
    release: Event = field(default_factory=Event)

    def __call__(self) -> None:
        self.reached.set()
        assert self.release.wait(PATIENCE), "a held call was never released"
