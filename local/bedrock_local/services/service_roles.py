"""Service roles of jobs: known, and assumed as sessions of the emulator's STS."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import boto3
from ministack.services import sts

from bedrock_local.names.arn import Arn
from bedrock_local.names.job_arn import job_id_of, session_name
from bedrock_local.names.place import Place
from bedrock_local.services.iam import permissions_age, role_age
from bedrock_local.services.role_session import Clients, Credentials, Session
from bedrock_local.services.trust import require_trust


class EmulatedRoles:
    """`ServiceRoles` of the emulator.

    Parameters
    ----------
    endpoint_url
        Where the emulator serves.
    root_secret
        The secret access key of its accounts' root users.
    """

    def __init__(self, endpoint_url: str, root_secret: str) -> None:
        self._clients = Clients(endpoint_url, boto3.session.Session(), threading.Lock(), root_secret)

    def age(self, role_arn: str) -> float:
        """Return how long a role could be assumed as it can now; see `ServiceRoles`."""
        role = Arn.parse(role_arn)
        return role_age(role.account, role.name)

    def settled(self, role_arn: str) -> float:
        """Return how long a role, its trust and its policies have been as they are; see `ServiceRoles`."""
        role = Arn.parse(role_arn)
        return min(role_age(role.account, role.name), permissions_age(role.account, role.name))

    def check(self, role_arn: str, job_arn: str, place: Place) -> None:
        """Return if Bedrock may assume a role for a job; see `ServiceRoles`."""
        require_trust(role_arn, job_arn, place)

    @contextmanager
    def assume(self, role_arn: str, job_arn: str, place: Place, until: datetime) -> Iterator[Session]:
        """Assume the service role of a job; see `ServiceRoles`."""
        require_trust(role_arn, job_arn, place)
        key = f"ASIA{secrets.token_hex(8).upper()}"
        credentials = Credentials(key, secrets.token_hex(20), secrets.token_hex(32))
        role_name, own_name = Arn.parse(role_arn).name, session_name(job_id_of(job_arn))
        session: dict[str, Any] = {
            "Arn": str(Arn(place.partition, "sts", "", place.account, f"assumed-role/{role_name}/{own_name}")),
            "UserId": f"{role_name}:{own_name}",
            "SecretAccessKey": credentials.secret,
            "SessionToken": credentials.token,
            "Expiration": until.timestamp(),
        }
        sts.register_session(key, session)
        try:
            yield Session(place, session["Arn"], role_arn, job_arn, self._clients, credentials)
        finally:
            # STS has no other way to end a session than to let it expire.
            sts.register_session(key, {**session, "Expiration": 0})
