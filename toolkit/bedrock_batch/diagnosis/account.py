"""The account that is asked, by somebody who may not be allowed to ask everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

#: The codes with which services refuse who may not ask.
_DENIED = frozenset(
    {"403", "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "Forbidden", "UnauthorizedOperation"}
)

Answer = TypeVar("Answer")


class UntoldError(Exception):
    """A question has no answer; the message says why, and which permission is missing if one is."""


class AbsentError(Exception):
    """What a question is about is not there; the message has the service's code."""


class Account:
    """Clients of the account and Region of a job, and what they answer.

    Parameters
    ----------
    client : callable
        Makes a client of a service, by boto3's name of it.
    """

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client, self._made = client, dict[str, Any]()

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """Return the client of a service; there is one."""
        if service not in self._made:
            self._made[service] = self._client(service)
        return self._made[service]

    def ask(self, permission: str, call: Callable[[], Answer], *, absent: tuple[str, ...] = ()) -> Answer:
        """Ask a question.

        Parameters
        ----------
        permission : str
            What it takes to ask it, such as ``iam:GetRole``.
        call : callable
            Asks it.
        absent : tuple of str
            The codes with which the service says that it is not there.

        Raises
        ------
        AbsentError
            The service says so.
        UntoldError
            The caller may not ask, or the service refuses otherwise.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        try:
            return call()
        except ClientError as error:
            code = str(error.response["Error"].get("Code", ""))
            if code in absent:
                raise AbsentError(code) from None
            if code in _DENIED:
                raise UntoldError(f"you are not allowed {permission}") from None
            raise UntoldError(f"{permission} is refused: {error.response['Error'].get('Message') or code}") from None
        except BotoCoreError as error:
            raise UntoldError(f"{permission} has no answer: {error}") from None
