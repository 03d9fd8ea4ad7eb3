"""Service roles of jobs: sessions of the emulator's STS, whose calls go over HTTP, and so all its policies count."""

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.config import Config
from ministack.core import iam_evaluator
from ministack.core.responses import request_scope
from ministack.services import sts

from bedrock_local.bedrock.access.ports import NO_CONTEXT, Context
from bedrock_local.bedrock.access.roles import RoleNotAssumableError
from bedrock_local.bedrock.api.permissions import SERVICE_PRINCIPAL
from bedrock_local.names.arn import Arn
from bedrock_local.names.job_arn import job_id_of
from bedrock_local.names.place import Place
from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.services.iam import denial, find_role, permissions_age, role_age
from bedrock_local.services.kms import key_arn, key_context, unusable
from bedrock_local.services.s3 import default_key

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_s3 import S3Client

# No proxy of the environment stands between this process and itself.
_LOOPBACK = Config(proxies={}, s3={"addressing_style": "path"}, retries={"mode": "standard"})


class _Credentials(NamedTuple):
    access_key: str
    secret: str
    token: str | None = None


@dataclass(frozen=True)
class _Clients:
    """Makes boto3 clients of the emulator."""

    endpoint_url: str
    maker: boto3.session.Session
    # boto3's sessions, unlike its clients, are not for several threads at once.
    lock: threading.Lock
    root_secret: str

    def make(self, service: str, place: Place, credentials: _Credentials) -> Any:  # noqa: ANN401 -- boto3 has no class
        with self.lock:
            maker: Any = self.maker
            return maker.client(
                service,
                place.region,
                endpoint_url=self.endpoint_url,
                aws_access_key_id=credentials.access_key,
                aws_secret_access_key=credentials.secret,
                aws_session_token=credentials.token,
                config=_LOOPBACK,
            )

    def root(self, place: Place) -> _Credentials:
        return _Credentials(place.account, self.root_secret)


# Not frozen: its clients are made when they are first asked for.
@dataclass
class _Session:
    """A `RoleSession` of the emulator's STS."""

    place: Place
    _clients: _Clients
    _credentials: _Credentials

    @cached_property
    def s3(self) -> "S3Client":
        """A client with the role's credentials."""
        client: S3Client = self._clients.make("s3", self.place, self._credentials)
        client.meta.events.register("before-call.s3", _stay_in_region)
        return client

    @cached_property
    def ec2(self) -> "EC2Client":
        """A client with the role's credentials."""
        client: EC2Client = self._clients.make("ec2", self.place, self._credentials)
        return client

    @cached_property
    def _owner_ec2(self) -> "EC2Client":
        """The account's own client: the emulator would ask for the role's permission on other resources than EC2."""
        client: EC2Client = self._clients.make("ec2", self.place, self._clients.root(self.place))
        return client

    def allows(self, action: str, resource: str, context: Context = NO_CONTEXT) -> bool:
        """Say whether the role may do something; see `RoleSession`."""
        iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
        return denial(self._credentials.access_key, self.place, action, resource, context) is None

    def may_put(self, place: S3Uri, key_id: str | None) -> bool:
        """Say whether the role may put an object; see `RoleSession`."""
        with request_scope(self.place.account, self.place.region):
            key = key_id or default_key(place.bucket)
            if key and unusable(key):
                return False
            key = key and key_arn(key)
        context = key_context(self.place.region, place.arn)
        may_encrypt = key is None or self.allows("kms:GenerateDataKey", key, context)
        return may_encrypt and self.allows("s3:PutObject", place.arn)

    @contextmanager
    def network_interface(self, subnet_id: str, group_ids: Sequence[str], tags: Mapping[str, str]) -> Iterator[str]:
        """Make a network interface; see `RoleSession`."""
        owner = self._owner_ec2
        made = owner.create_network_interface(SubnetId=subnet_id, Groups=list(group_ids))["NetworkInterface"]
        interface_id = made["NetworkInterfaceId"]
        try:
            owner.create_tags(Resources=[interface_id], Tags=[{"Key": key, "Value": tags[key]} for key in tags])
            yield interface_id
        finally:
            owner.delete_network_interface(NetworkInterfaceId=interface_id)


def _stay_in_region(params: Mapping[str, Any], **_: object) -> None:
    """Keep botocore from following a bucket into its Region: the service fails there."""
    params["context"].setdefault("s3_redirect", {})["redirected"] = True


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
        self._clients = _Clients(endpoint_url, boto3.session.Session(), threading.Lock(), root_secret)

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
        _check_trust(role_arn, job_arn, place)

    @contextmanager
    def assume(self, role_arn: str, job_arn: str, place: Place, until: datetime) -> Iterator[_Session]:
        """Assume the service role of a job; see `ServiceRoles`."""
        _check_trust(role_arn, job_arn, place)
        key = f"ASIA{secrets.token_hex(8).upper()}"
        credentials = _Credentials(key, secrets.token_hex(20), secrets.token_hex(32))
        role_name, session_name = Arn.parse(role_arn).name, f"bedrock-{job_id_of(job_arn)}"
        session = {
            "Arn": str(Arn(place.partition, "sts", "", place.account, f"assumed-role/{role_name}/{session_name}")),
            "UserId": f"{role_name}:{session_name}",
            "SecretAccessKey": credentials.secret,
            "SessionToken": credentials.token,
            "Expiration": until.timestamp(),
        }
        sts.register_session(key, session)
        try:
            yield _Session(place, self._clients, credentials)
        finally:
            # STS has no other way to end a session than to let it expire.
            sts.register_session(key, {**session, "Expiration": 0})


def _check_trust(role_arn: str, job_arn: str, place: Place) -> None:
    with request_scope(place.account, place.region):
        role = find_role(place.account, Arn.parse(role_arn).name)
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
