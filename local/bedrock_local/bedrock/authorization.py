"""Who may do what, decided by the emulator's own IAM.

With `bedrock_local.emulator` the only module that knows the emulator; both rely on internals of its pinned version.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from ministack.core import iam_evaluator
from ministack.core.iam_actions import identity_denial_message
from ministack.core.responses import request_scope
from ministack.services import iam, kms, sts

from bedrock_local.bedrock.errors import AccessDeniedException, MissingAuthenticationTokenException
from bedrock_local.bedrock.permissions import SERVICE_PRINCIPAL
from bedrock_local.bedrock.ports import Caller, Context, Place, RoleNotAssumableError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# No proxy of the environment stands between this process and itself.
_LOOPBACK = Config(proxies={}, s3={"addressing_style": "path"}, retries={"mode": "standard"})


class EmulatedIam:
    """An `Authorizer`: decides about the signer of the request that is being answered."""

    def require(self, caller: Caller, action: str, resource: str, context: Context) -> None:
        """Return if the caller may; see `Authorizer`."""
        denied = iam_evaluator.enforce(
            caller.access_key, action, _service(action), caller.place.region, resource, dict(context)
        )
        if isinstance(denied, iam_evaluator.AuthError):
            raise MissingAuthenticationTokenException(denied.message)
        if denied:
            explicit = denied.decision == "Deny"
            raise AccessDeniedException(identity_denial_message(action, denied.principal_arn, resource, explicit))


@dataclass(frozen=True)
class _Session:
    """A `RoleSession` of the emulator's STS."""

    s3: "S3Client"
    access_key: str
    place: Place

    def allows(self, action: str, resource: str) -> bool:
        """Say whether the role may do something; see `RoleSession`."""
        with request_scope(self.place.account, self.place.region):
            iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
            context = {}
            if _service(action) == "kms":
                resource, context = _key_arn(resource), {"kms:ViaService": f"s3.{self.place.region}.amazonaws.com"}
            return (
                iam_evaluator.enforce(self.access_key, action, _service(action), self.place.region, resource, context)
                is None
            )


class EmulatedRoles:
    """`ServiceRoles` of the emulator: sessions are its STS's, S3 is called over HTTP, and so all its policies count.

    Parameters
    ----------
    endpoint_url
        Where the emulator serves.
    """

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url
        self._boto3 = boto3.session.Session()
        # boto3's sessions, unlike its clients, are not for several threads at once.
        self._lock = threading.Lock()

    @contextmanager
    def assume(self, role_arn: str, job_arn: str, place: Place, until: datetime) -> Iterator[_Session]:
        """Assume the service role of a job; see `ServiceRoles`."""
        _check_trust(role_arn, job_arn, place)
        access_key, secret, token = f"ASIA{secrets.token_hex(8).upper()}", secrets.token_hex(20), secrets.token_hex(32)
        role_name, session_name = role_arn.rpartition("/")[2], f"bedrock-{job_arn.rpartition('/')[2]}"
        session = {
            "Arn": f"arn:{place.partition}:sts::{place.account}:assumed-role/{role_name}/{session_name}",
            "UserId": f"{role_name}:{session_name}",
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": until.timestamp(),
        }
        sts.register_session(access_key, session)
        try:
            yield _Session(self._s3(place, access_key, secret, token), access_key, place)
        finally:
            sts._sessions.pop(access_key, None)  # noqa: SLF001 -- STS has no way to end a session

    def _s3(self, place: Place, access_key: str, secret: str, token: str) -> "S3Client":
        with self._lock:
            return self._boto3.client(
                "s3",
                place.region,
                endpoint_url=self._endpoint_url,
                aws_access_key_id=access_key,
                aws_secret_access_key=secret,
                aws_session_token=token,
                config=_LOOPBACK,
            )


def _check_trust(role_arn: str, job_arn: str, place: Place) -> None:
    with request_scope(place.account, place.region):
        role = iam._roles.get(role_arn.rpartition("/")[2])  # noqa: SLF001 -- the role as stored, without a caller
        if role is None or role["Arn"] != role_arn:
            raise RoleNotAssumableError(f"The role {role_arn} does not exist.")
        # The emulator's own trust evaluator lets an account's root pass for every service; its evaluator of resource
        # policies does not.
        request = iam_evaluator.EvalContext(
            principal_arn=SERVICE_PRINCIPAL,
            principal_type="Service",
            principal_account=place.account,
            action="sts:AssumeRole",
            resource_arn=role_arn,
            region=place.region,
            service_context={"aws:sourceaccount": place.account, "aws:sourcearn": job_arn},
        )
        trust = role["AssumeRolePolicyDocument"]
        if iam_evaluator.evaluate_resource_policy(trust, request, SERVICE_PRINCIPAL).decision != "Allow":
            raise RoleNotAssumableError(
                f"The trust policy of {role_arn} does not allow {SERVICE_PRINCIPAL} to perform sts:AssumeRole "
                f"with aws:SourceAccount {place.account} and aws:SourceArn {job_arn}."
            )


def _key_arn(key_id: str) -> str:
    key = kms._resolve_key(key_id)  # noqa: SLF001 -- an id or alias as S3 takes it, to the ARN that policies name
    return str(key["Arn"]) if key else key_id


def _service(action: str) -> str:
    return action.partition(":")[0]
