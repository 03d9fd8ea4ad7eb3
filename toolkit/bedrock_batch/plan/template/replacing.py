"""Which changes of a resource make another one of it, so that its name is another value.

"Update requires" in the CloudFormation template reference says so of each property. Here stand the types that jobs
refer to; of any other, a change may make another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import arn_in, id_of
from bedrock_batch.plan.template.known import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bedrock_batch.plan.template.differences import Difference

#: Of each type: the properties of which it says "Replacement".
_REPLACED: Mapping[str, frozenset[str]] = {
    "AWS::EC2::SecurityGroup": frozenset({"GroupDescription", "GroupName", "VpcId"}),
    "AWS::EC2::Subnet": frozenset({"AvailabilityZone", "CidrBlock", "OutpostArn", "VpcId"}),
    "AWS::IAM::Role": frozenset({"Path", "RoleName"}),
    "AWS::KMS::Key": frozenset(),
    "AWS::S3::Bucket": frozenset({"BucketName"}),
    "AWS::StepFunctions::StateMachine": frozenset({"StateMachineName", "StateMachineType"}),
}
#: And those of which it says that it depends, or that they cannot be changed.
_DOUBTFUL: Mapping[str, frozenset[str]] = {
    "AWS::EC2::Subnet": frozenset({"AvailabilityZoneId", "Ipv4IpamPoolId", "Ipv6CidrBlock", "Ipv6IpamPoolId"}),
    "AWS::KMS::Key": frozenset({"KeySpec", "KeyUsage", "MultiRegion", "Origin"}),
    "AWS::S3::Bucket": frozenset({"BucketNamePrefix", "BucketNamespace", "ObjectLockEnabled"}),
}
NESTED = "AWS::CloudFormation::Stack"
#: Attributes that no two resources share.
_UNIQUE = ("Arn", "Id", "Name", "Uri")


def fate_of(name: str, kind: str, changes: Iterable[Difference]) -> tuple[Fate, str]:
    """Say what becomes of a resource whose properties change, and why that is not known.

    Parameters
    ----------
    name : str
        Its logical id.
    kind : str
        Its type.
    changes : iterable of Difference
        Of its properties.
    """
    doubt = ""
    for each in changes:
        changed = each.path[0] if each.path else "its properties"
        if kind == NESTED or (kind in _REPLACED and not _matters(kind, changed)):
            continue
        if changed in _REPLACED.get(kind, ()) and not each.doubt:
            return Fate.NEW, f"{name} is another one, for its {changed} is"
        doubt = doubt or each.doubt or f"{name} ({kind}) changes in {changed}, which may make another one"
    return (Fate.UNKNOWN, doubt) if doubt else (Fate.SAME, "")


def _matters(kind: str, changed: str) -> bool:
    return changed in _REPLACED[kind] or changed in _DOUBTFUL.get(kind, ())


def is_unique(attribute: str) -> bool:
    """Say whether an attribute is another value for another resource of the type, whatever that is like."""
    return attribute.endswith(_UNIQUE)


def attribute_of(kind: str, attribute: str, physical_id: str, path: str, place: Mapping[str, str]) -> str | None:
    """Return an attribute that can be told by the physical id; None for any other.

    Parameters
    ----------
    path
        The ``Path`` of a role.
    place
        ``AWS::Partition``, ``AWS::Region`` and ``AWS::AccountId``.
    """
    return {
        ("AWS::EC2::SecurityGroup", "GroupId"): physical_id,
        ("AWS::IAM::Role", "Arn"): arn_in(place, "iam", f"role{path}{physical_id}"),
        ("AWS::KMS::Key", "Arn"): arn_in(place, "kms", f"key/{physical_id}"),
        ("AWS::KMS::Key", "KeyId"): physical_id,
        ("AWS::S3::Bucket", "Arn"): arn_in(place, "s3", physical_id),
        ("Custom::BedrockModelInvocationJob", "JobArn"): physical_id,
        ("Custom::BedrockModelInvocationJob", "JobId"): id_of(physical_id),
    }.get((kind, attribute))
