"""What the templates of an app declare: their jobs, and roles, policies, buckets and keys around them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from bedrock_batch.diagnosis.app.resolver import MANAGED_POLICY, Resolver, is_open
from bedrock_batch.diagnosis.declared import Declared, DeclaredRole, Encryption
from bedrock_batch.jobs.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bedrock_batch.assembly import NextStack

_JOB = "Custom::BedrockModelInvocationJob"
_NESTED = "AWS::CloudFormation::Stack"
_POLICIES = ("AWS::IAM::Policy", MANAGED_POLICY, "AWS::IAM::RolePolicy")

#: What a diagnosis starts from.
_NEEDED = ("modelId", "roleArn", "inputDataConfig", "outputDataConfig")

Properties = dict[str, Any]


@dataclass(frozen=True)
class DeclaredJob:
    """A job of a template.

    Attributes
    ----------
    name : str
        Its stack and its logical id.
    call : mapping
        The parameters of CreateModelInvocationJob, as far as they are known.
    partition, region, account : str
        Where it is made.
    """

    name: str
    call: Mapping[str, Any]
    partition: str
    region: str
    account: str


@dataclass
class Gathered:
    """What was found in templates."""

    jobs: list[DeclaredJob] = field(default_factory=list)
    _roles: dict[str, Properties] = field(default_factory=dict)
    _documents: dict[str, list[Any]] = field(default_factory=dict)
    _buckets: dict[str, Encryption] = field(default_factory=dict)
    _bucket_policies: dict[str, object] = field(default_factory=dict)
    _keys: dict[str, object] = field(default_factory=dict)
    _managed: dict[str, object] = field(default_factory=dict)

    @property
    def declared(self) -> Declared:
        """All but the jobs."""
        roles = {arn: self._role(arn, properties) for arn, properties in self._roles.items()}
        return Declared(roles, self._documents, self._buckets, self._bucket_policies, self._keys)

    def add(self, kind: str, properties: Properties, logical_id: str, resolver: Resolver) -> None:
        """Take a resource in, if it is of a kind that is looked at."""
        if kind == _JOB:
            call = properties.get("Job")
            where = (resolver.partition, resolver.region, resolver.account)
            self.jobs.append(
                DeclaredJob(f"{resolver.path}/{logical_id}", call if isinstance(call, dict) else {}, *where)
            )
        elif kind == "AWS::IAM::Role":
            self._roles[resolver.value({"Fn::GetAtt": [logical_id, "Arn"]})] = properties
        elif kind in _POLICIES:
            self._add_policy(properties)
            if kind == MANAGED_POLICY:
                self._managed[resolver.value({"Ref": logical_id})] = properties.get("PolicyDocument")
        elif kind == "AWS::S3::Bucket":
            self._buckets[resolver.value({"Ref": logical_id})] = _encryption(properties)
        elif kind == "AWS::S3::BucketPolicy":
            self._bucket_policies[str(properties.get("Bucket"))] = properties.get("PolicyDocument")
        elif kind == "AWS::KMS::Key":
            self._keys[resolver.value({"Fn::GetAtt": [logical_id, "Arn"]})] = properties.get("KeyPolicy")

    def _add_policy(self, properties: Properties) -> None:
        roles = properties.get("Roles") or [properties.get("RoleName")]
        for role in roles if isinstance(roles, list) else []:
            self._documents.setdefault(str(role), []).append(properties.get("PolicyDocument"))

    def _role(self, arn: str, properties: Properties) -> DeclaredRole:
        inline = [each.get("PolicyDocument") for each in properties.get("Policies", []) if isinstance(each, dict)]
        attached = properties.get("ManagedPolicyArns") or []
        by_arn = [self._managed.get(str(each)) for each in attached] if isinstance(attached, list) else [None]
        statements = _statements([*inline, *by_arn, *self._documents.get(Arn.of(arn).name, [])])
        bounded = "PermissionsBoundary" in properties
        boundary = _statements([self._managed.get(str(properties["PermissionsBoundary"]))]) if bounded else None
        return DeclaredRole(
            properties.get("AssumeRolePolicyDocument"),
            statements.read,
            statements.are_all and (boundary is None or boundary.are_all),
            boundary.read if boundary and boundary.are_all else None,
        )


def gather(found: Sequence[NextStack], account: str, region: str, partition: str) -> Gathered:
    """Gather what templates declare.

    Parameters
    ----------
    found : sequence of NextStack
        Of an app.
    account, region, partition : str
        Where those are deployed that say neither.
    """
    gathered, exports = Gathered(), dict[str, Any]()
    resolvers = [(each, _resolver(each, account, region, partition, exports)) for each in found]
    for stack, resolver in resolvers:
        for output in stack.members("Outputs").values():
            if isinstance(name := output.get("Export", {}).get("Name"), str):
                exports[name] = resolver.value(output.get("Value"))
    for stack, resolver in resolvers:
        _add(gathered, stack, resolver)
    return gathered


def _resolver(stack: NextStack, account: str, region: str, partition: str, exports: Mapping[str, Any]) -> Resolver:
    place = (partition, stack.region or region, stack.account or account)
    return Resolver(*place, stack.members("Resources"), stack.name, exports=exports)


def _add(gathered: Gathered, stack: NextStack, resolver: Resolver) -> None:
    for logical_id, resource in resolver.resources.items():
        properties = resolver.value(resource.get("Properties", {}))
        if not isinstance(properties, dict):
            continue
        kind = str(resource.get("Type"))
        if "Condition" in resource and "PolicyDocument" in properties:
            # Whether it will be there, its parameters decide: it is there, and cannot be read.
            properties["PolicyDocument"] = ""
        gathered.add(kind, properties, logical_id, resolver)
        if kind == _NESTED and (template := stack.nested(resource)):
            nested = replace(stack, template=template)
            inner = Resolver(
                resolver.partition,
                resolver.region,
                resolver.account,
                nested.members("Resources"),
                f"{resolver.path}/{logical_id}",
                properties.get("Parameters", {}),
                resolver.exports,
            )
            _add(gathered, nested, inner)


class _Statements(NamedTuple):
    """Those that can be read of some documents, and whether these are all."""

    read: list[Any]
    are_all: bool


def _statements(documents: Sequence[object]) -> _Statements:
    readable = [each for each in documents if isinstance(each, dict)]
    found = [statement for each in readable for statement in _listed(each.get("Statement"))]
    return _Statements(found, len(readable) == len(documents))


def _listed(value: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever a template has
    yield from value if isinstance(value, list) else [value]


def _encryption(properties: Properties) -> Encryption:
    rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration") or [{}]
    rule = rules[0] if isinstance(rules, list) and isinstance(rules[0], dict) else {}
    default = rule.get("ServerSideEncryptionByDefault", {})
    with_kms = str(default.get("SSEAlgorithm", "")).startswith("aws:kms")
    key = str(default.get("KMSMasterKeyID") or "") if with_kms else ""
    return Encryption(key, with_kms and not key, bool(rule.get("BucketKeyEnabled")))


def is_known(job: DeclaredJob) -> bool:
    """Whether all that a diagnosis starts from is known before the deployment."""
    return all(name in job.call and not _is_open(job.call[name]) for name in _NEEDED)


def has_new_network(job: DeclaredJob) -> bool:
    """Whether a job has a VPC whose parts have no ids before the deployment."""
    return _is_open(job.call.get("vpcConfig"))


def _is_open(value: object) -> bool:
    return any(map(is_open, _texts(value)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
