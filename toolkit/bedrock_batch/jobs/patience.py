"""Patience with a service: it throttles, breaks and cannot be reached, and an hour later it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_TROUBLE_SECONDS = 3600.0
_PASSING = frozenset(
    {
        "InternalServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
    }
)

Answer = TypeVar("Answer")


class Patience:
    """Bears what passes, for an hour without an answer.

    Parameters
    ----------
    on_trouble : callable
        Told each time.
    clock : callable
        Tells seconds.
    """

    def __init__(self, on_trouble: Callable[[Exception], None], clock: Callable[[], float]) -> None:
        self._on_trouble, self._clock = on_trouble, clock
        self._answered = clock()

    def ask(self, call: Callable[[], Answer]) -> Answer | None:
        """Call; return None if the service has trouble that passes."""
        try:
            answer = call()
        except Exception as error:
            if not _passes(error) or self._clock() - self._answered > _TROUBLE_SECONDS:
                raise
            self._on_trouble(error)
            return None
        self._answered = self._clock()
        return answer


def _passes(error: Exception) -> bool:
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004, PLC0415 - slow to import

    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in _PASSING
    return isinstance(error, ConnectionError | HTTPClientError)
