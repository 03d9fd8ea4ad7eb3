"""What the service needs from the AWS around it: places, callers, and who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

Context = Mapping[str, str | list[str]]
NO_CONTEXT: Context = MappingProxyType({})


@dataclass(frozen=True)
class Place:
    """An account in a Region.

    Parameters
    ----------
    partition, region, account
        As in ARNs.
    """

    partition: str
    region: str
    account: str

    def arn(self, resource: str) -> str:
        """Return the ARN of a Bedrock resource in this place.

        Parameters
        ----------
        resource
            Type and name: ``model-invocation-job/abcdefghwxyz``.

        Returns
        -------
        str
            The ARN.
        """
        return f"arn:{self.partition}:bedrock:{self.region}:{self.account}:{resource}"


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
