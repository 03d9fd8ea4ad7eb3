"""Which changes of a resource make another one of it, so that its name is another value.

"Update requires" in the CloudFormation template reference says so of each property. Here stand the types that jobs
refer to, as two sources have them that agree: the database by which ``cdk diff`` says "requires replacement" (AWS's
service specification, ``db.json.gz`` of the CDK CLI 2.1148.1; a test holds the table to it) and the resource schemas of
October 2026 that cfn-lint 1.58 brings (``createOnlyProperties``). Of any other type, and of a property that stands
nowhere here, a change may make another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import arn_in, id_of
from bedrock_batch.plan.template.known import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bedrock_batch.plan.template.differences import Difference

#: Of each type: the properties that make another one.
REPLACED: Mapping[str, frozenset[str]] = {
    "AWS::Bedrock::ApplicationInferenceProfile": frozenset({"Description", "InferenceProfileName", "ModelSource"}),
    "AWS::EC2::SecurityGroup": frozenset({"GroupDescription", "GroupName", "VpcId"}),
    "AWS::EC2::Subnet": frozenset(
        {
            *("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength"),
            *("Ipv6IpamPoolId", "Ipv6Native", "Ipv6NetmaskLength", "OutpostArn", "VpcId"),
        }
    ),
    "AWS::EC2::VPC": frozenset({"CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "VpcEncryptionControl"}),
    "AWS::IAM::Role": frozenset({"Path", "RoleName"}),
    "AWS::KMS::Alias": frozenset({"AliasName"}),
    "AWS::KMS::Key": frozenset(),
    "AWS::KMS::ReplicaKey": frozenset({"PrimaryKeyArn"}),
    "AWS::S3::Bucket": frozenset({"BucketName", "BucketNamePrefix", "BucketNamespace"}),
    "AWS::StepFunctions::StateMachine": frozenset({"StateMachineName", "StateMachineType"}),
}
#: And those that leave it what it is. Not among them: ``Ipv6CidrBlock`` of a subnet and
#: ``InstanceTenancy`` of a VPC, of which it depends;
#: ``ObjectLockEnabled`` of a bucket, of which the sources disagree; and those of a key for which the reference has the
#: update fail.
IN_PLACE: Mapping[str, frozenset[str]] = {
    "AWS::Bedrock::ApplicationInferenceProfile": frozenset({"Tags"}),
    "AWS::EC2::SecurityGroup": frozenset({"SecurityGroupEgress", "SecurityGroupIngress", "Tags"}),
    "AWS::EC2::Subnet": frozenset(
        {
            *("AssignIpv6AddressOnCreation", "EnableDns64", "EnableLniAtDeviceIndex", "MapPublicIpOnLaunch"),
            *("PrivateDnsNameOptionsOnLaunch", "Tags"),
        }
    ),
    "AWS::EC2::VPC": frozenset({"EnableDnsHostnames", "EnableDnsSupport", "Tags"}),
    "AWS::IAM::Role": frozenset(
        {
            *("AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "MaxSessionDuration"),
            *("PermissionsBoundary", "Policies", "Tags"),
        }
    ),
    "AWS::KMS::Alias": frozenset({"TargetKeyId"}),
    "AWS::KMS::Key": frozenset(
        {
            *("BypassPolicyLockoutSafetyCheck", "Description", "EnableKeyRotation", "Enabled", "KeyPolicy"),
            *("PendingWindowInDays", "RotationPeriodInDays", "Tags"),
        }
    ),
    "AWS::KMS::ReplicaKey": frozenset({"Description", "Enabled", "KeyPolicy", "PendingWindowInDays", "Tags"}),
    "AWS::S3::Bucket": frozenset(
        {
            *("AbacStatus", "AccelerateConfiguration", "AccessControl", "AnalyticsConfigurations", "BucketEncryption"),
            *("CorsConfiguration", "IntelligentTieringConfigurations", "InventoryConfigurations"),
            *("LifecycleConfiguration", "LoggingConfiguration", "MetadataConfiguration", "MetadataTableConfiguration"),
            *("MetricsConfigurations", "NotificationConfiguration", "ObjectLockConfiguration", "OwnershipControls"),
            *("PublicAccessBlockConfiguration", "ReplicationConfiguration", "Tags", "VersioningConfiguration"),
            "WebsiteConfiguration",
        }
    ),
    "AWS::StepFunctions::StateMachine": frozenset(
        {
            *("Definition", "DefinitionS3Location", "DefinitionString", "DefinitionSubstitutions"),
            *("EncryptionConfiguration", "LoggingConfiguration", "RoleArn", "Tags", "TracingConfiguration"),
        }
    ),
}
NESTED = "AWS::CloudFormation::Stack"
_JOB = "Custom::BedrockModelInvocationJob"
_CUSTOM = ("AWS::CloudFormation::CustomResource", "Custom::")
# Attributes that no two resources share, but for those of what they are in.
_UNIQUE, _SHARED = ("Arn", "Id", "Name", "Uri"), frozenset({"AvailabilityZoneId", "OutpostArn", "VpcId"})
# Of what is changed in place it is another one each time.
_REVISION = "StateMachineRevisionId"


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
    # What a nested stack tells may change although it is told the same.
    doubt, fate = "", Fate.IN_PLACE if kind == NESTED else Fate.SAME
    for each in changes:
        changed, fate = each.path[0] if each.path else "its properties", Fate.IN_PLACE
        if kind == NESTED or changed in IN_PLACE.get(kind, ()):
            continue
        if changed in REPLACED.get(kind, ()) and not each.doubt:
            return Fate.NEW, f"{name} is another one, for its {changed} is"
        doubt = doubt or each.doubt or f"{name} ({kind}) changes in {changed}, which may make another one"
    return (Fate.UNKNOWN, doubt) if doubt else (fate, "")


def is_unique(kind: str, attribute: str) -> bool:
    """Say whether what a resource is known by is another value for another resource of its type.

    Parameters
    ----------
    kind : str
        Its type.
    attribute : str
        The attribute; empty for what ``Ref`` gives.
    """
    if kind != _JOB and kind.startswith(_CUSTOM):
        # Its function says what it is called.
        return False
    return not attribute or (attribute.endswith(_UNIQUE) and attribute not in _SHARED)


def stays(kind: str, attribute: str) -> bool:
    """Say whether what a resource is known by stays what it is when the resource is changed in place.

    Parameters
    ----------
    kind, attribute : str
        As for `is_unique`.
    """
    return not attribute or (kind != NESTED and is_unique(kind, attribute) and attribute != _REVISION)


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
        (_JOB, "JobArn"): physical_id,
        (_JOB, "JobId"): id_of(physical_id),
    }.get((kind, attribute))
