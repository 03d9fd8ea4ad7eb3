"""What the service needs from the AWS around it: callers, and who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from bedrock_local.names.place import Place

Context = Mapping[str, str | list[str]]
NO_CONTEXT: Context = MappingProxyType({})


@dataclass(frozen=True)
class Caller:
    """Who signed a request.

    Parameters
    ----------
    access_key
        The access key id; empty when the request is not signed.
    place
        The account and Region that the signature names.
    """

    access_key: str
    place: Place


class Authorizer(Protocol):
    """Says whether a caller may do something."""

    def require(self, caller: Caller, action: str, resource: str, context: Context) -> None:
        """Return if the caller may.

        Parameters
        ----------
        caller
            Who asks.
        action
            An IAM action: ``iam:PassRole``.
        resource
            The ARN that it acts on, or ``*``.
        context
            Condition keys of this request.

        Raises
        ------
        AccessDeniedException
            If no policy allows it, or one denies it.
        MissingAuthenticationTokenException
            If the request is not signed.
        """
