"""Bedrock acting as the service role of a job, judged at each step."""

import threading
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from ministack.core import iam_evaluator
from ministack.core.iam_actions import identity_denial_message
from ministack.core.iam_evaluator import AuthError, EvalResult
from ministack.core.responses import request_scope

from bedrock_local.bedrock.access.ports import NO_CONTEXT, Context
from bedrock_local.bedrock.access.roles import RoleNotAssumableError
from bedrock_local.names.place import Place
from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.services.changes import CHANGES
from bedrock_local.services.iam import denial
from bedrock_local.services.judgement import Judgement
from bedrock_local.services.kms import key_arn, key_context, unusable
from bedrock_local.services.s3 import default_key, has_bucket_key, policy_of
from bedrock_local.services.trust import require_trust

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import FilterTypeDef, TagTypeDef
    from mypy_boto3_s3 import S3Client

_INVOKE = "bedrock:InvokeModel"
# No proxy of the environment stands between this process and itself.
_LOOPBACK = Config(proxies={}, s3={"addressing_style": "path"}, retries={"mode": "standard"})


class Credentials(NamedTuple):
    """What signs a request."""

    access_key: str
    secret: str
    token: str | None = None


@dataclass(frozen=True)
class Clients:
    """Makes boto3 clients of the emulator.

    Parameters
    ----------
    endpoint_url
        Where the emulator serves.
    maker, lock
        Makes them, one at a time.
    root_secret
        The secret access key of its accounts' root users.
    """

    endpoint_url: str
    maker: boto3.session.Session
    # boto3's sessions, unlike its clients, are not for several threads at once.
    lock: threading.Lock
    root_secret: str

    def make(self, service: str, place: Place, credentials: Credentials) -> Any:  # noqa: ANN401 -- boto3 has no class
        """Make a client of a service, for a place."""
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

    def root(self, place: Place) -> Credentials:
        """Return the credentials of an account's root user."""
        return Credentials(place.account, self.root_secret)


# Not frozen: its clients are made when they are first asked for.
@dataclass
class Session:
    """A `RoleSession` of the emulator's STS, whose calls go over HTTP, and so all its policies count.

    Parameters
    ----------
    place
        Where the job runs.
    arn
        The session's own.
    role_arn, job_arn
        The role, and the job that it is assumed for.
    """

    place: Place
    arn: str
    role_arn: str
    job_arn: str
    _clients: Clients
    _credentials: Credentials

    @cached_property
    def s3(self) -> "S3Client":
        """A client with the role's credentials, each call of which the role's trust has to allow, too."""
        client: S3Client = self._clients.make("s3", self.place, self._credentials)
        client.meta.events.register("before-call.s3", _stay_in_region)
        client.meta.events.register("before-call.s3", self._require_trust)
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

    def state(self, bucket: str) -> Hashable:
        """Return what an answer about an object depends on; see `RoleSession`."""
        return CHANGES.state, policy_of(bucket)

    def allows(self, action: str, resource: str, context: Context = NO_CONTEXT) -> bool:
        """Say whether the role may do something; see `RoleSession`."""
        return self._denial(action, resource, context) is None

    def invocation(self, models: Sequence[tuple[str, Context]]) -> Judgement:
        """Judge whether the role may invoke models; see `RoleSession`."""

        def ask() -> str | None:
            for model_arn, context in models:
                denied = self._denial(_INVOKE, model_arn, context)
                if denied or not self._is_trusted():
                    explicit = isinstance(denied, EvalResult) and denied.decision == "Deny"
                    return str(identity_denial_message(_INVOKE, self.arn, model_arn, explicit))
            return None

        return Judgement(ask)

    def may_put(self, place: S3Uri, key_id: str | None) -> bool:
        """Say whether the role may put an object; see `RoleSession`."""
        with request_scope(self.place.account, self.place.region):
            key = key_id or default_key(place.bucket)
            if key and unusable(key):
                return False
            key = key and key_arn(key)
        encrypted = S3Uri(place.bucket, "") if has_bucket_key(place.bucket) else place
        context = key_context(self.place.region, encrypted.arn)
        may_encrypt = key is None or self.allows("kms:GenerateDataKey", key, context)
        return may_encrypt and self.allows("s3:PutObject", place.arn)

    def attach(self, subnet_id: str, group_ids: Sequence[str], tags: Mapping[str, str]) -> None:
        """Make a network interface; see `RoleSession`."""
        made = self._owner_ec2.create_network_interface(SubnetId=subnet_id, Groups=list(group_ids))["NetworkInterface"]
        named: list[TagTypeDef] = [{"Key": key, "Value": tags[key]} for key in tags]
        self._owner_ec2.create_tags(Resources=[made["NetworkInterfaceId"]], Tags=named)

    def detach(self, tags: Mapping[str, str]) -> None:
        """Delete network interfaces; see `RoleSession`."""
        those: list[FilterTypeDef] = [{"Name": f"tag:{key}", "Values": [tags[key]]} for key in tags]
        for interface in self._owner_ec2.describe_network_interfaces(Filters=those)["NetworkInterfaces"]:
            self._owner_ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])

    def _denial(self, action: str, resource: str, context: Context) -> EvalResult | AuthError | None:
        iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
        return denial(self._credentials.access_key, self.place, action, resource, context)

    def _is_trusted(self) -> bool:
        try:
            require_trust(self.role_arn, self.job_arn, self.place)
        except RoleNotAssumableError:
            return False
        return True

    def _require_trust(self, model: "OperationModel", **_: object) -> None:
        # The emulator's session outlives the role's trust; the service assumes the role again and again.
        if not self._is_trusted():
            refused: Any = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise ClientError(refused, model.name)


def _stay_in_region(params: Mapping[str, Any], **_: object) -> None:
    """Keep botocore from following a bucket into its Region: the service fails there."""
    params["context"].setdefault("s3_redirect", {})["redirected"] = True
