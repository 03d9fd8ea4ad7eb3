"""The account that somebody has named: asked for who it is before anything else, and the clients of it."""

import os
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_EXAMPLE = "make test-aws ACCOUNT=123456789012 REGION=us-east-1"


class RefusedError(Exception):
    """Nothing has been done; the message says why, and what to change."""


@dataclass(frozen=True)
class Account:
    """An account and Region.

    Attributes
    ----------
    id
        Twelve digits.
    caller
        The ARN of whose credentials these are.
    """

    id: str
    region: str
    caller: str
    session: Any = field(repr=False)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the client that all share."""
        region = region or self.region
        return self._clients.get((service, region)) or self._clients.setdefault(
            (service, region), self.new_client(service, region)
        )

    def new_client(self, service: str, region: str | None = None) -> Any:
        """Make a client; it bears throttling, for several trials ask at the same time."""
        config = Config(retries={"mode": "standard", "max_attempts": 10})
        # A session is no affair of several threads; its clients are.
        with self._lock:
            return self.session.client(service, region_name=region or self.region, config=config)

    @property
    def endpoint(self) -> str:
        """The host that answers for Bedrock: AWS's own, or whoever plays it."""
        return urlsplit(self.client("bedrock").meta.endpoint_url).hostname or ""


def open_account(named: str, region: str) -> Account:
    """Return the account that is named.

    Raises
    ------
    RefusedError
        If no account or Region is named, there are no credentials that work, or they are another account's.
    """
    region = region or os.environ.get("AWS_REGION", "")
    try:
        session = boto3.Session(region_name=region or None)
        if not named or not session.region_name:
            lacking = "Region" if named else "account"
            raise RefusedError(f"name the {lacking} that this may use: {_EXAMPLE}")
        caller = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        reason = str(error).rstrip(".")
        raise RefusedError(f"there are no credentials that work ({reason}); log in, or set AWS_PROFILE") from None
    if caller["Account"] != named:
        raise RefusedError(
            f"the credentials are of account {caller['Account']}, and the one that you named is {named}; use its own"
        )
    return Account(named, session.region_name, caller["Arn"], session)
