"""The VPC through which a job reaches its data, and what the service role must be allowed for it.

Source: "Protect batch inference jobs using a VPC" (batch-vpc) in the Bedrock user guide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aws_cdk import RemovalPolicy

from cdk_bedrock_batch._access.statements import Statement, allow
from cdk_bedrock_batch._api.arn import any_job_arn, regional_arn
from cdk_bedrock_batch._api.region import check_same
from cdk_bedrock_batch._api.validation import check_construct, check_number_of, check_text, check_type
from cdk_bedrock_batch._cdk.large_modules import ec2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Stack
    from constructs import Construct, IConstruct

_JOB_TAG = "BedrockModelInvocationJobArn"
_DESCRIBE = [
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
]
_USE = [
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
]


@dataclass(frozen=True)
class Network:
    """Subnets and security groups of a job's network interfaces.

    Attributes
    ----------
    vpc
        With its routes and endpoints, which must be there before the interfaces can reach anything; None if unknown.
    subnets
        Each has its own route and what ties it to that.
    """

    subnet_ids: list[str]
    security_groups: list[ec2.ISecurityGroup]
    vpc: ec2.IVpc | None
    subnets: Sequence[ec2.ISubnet]

    def check_region(self, stack: Stack) -> None:
        """Refuse what is known to be in another Region than a stack.

        Raises
        ------
        ValueError
            A job's network interfaces are in its own Region.
        """
        if self.vpc:
            check_same("vpc", "a VPC", self.vpc.env.region, stack)
        for subnet in self.subnets:
            check_same("vpc_subnets", "a subnet", subnet.env.region, stack)
        for group in self.security_groups:
            check_same("security_groups", "a security group", group.env.region, stack)

    @property
    def config(self) -> dict[str, list[str]]:
        """The API field ``vpcConfig``."""
        return {
            "subnetIds": self.subnet_ids,
            "securityGroupIds": [group.security_group_id for group in self.security_groups],
        }

    @property
    def constructs(self) -> list[IConstruct]:
        """What a job of this network holds while it runs, as far as it is known: it is there before and goes after."""
        # A subnet need not be its VPC's: another stack may have made that.
        return [*self.security_groups, *([self.vpc] if self.vpc else ()), *self.subnets]

    def complete(self, scope: Construct, *, kept: bool) -> Network:
        """Return it with a security group of its own if none was given, which stays where ``kept``."""
        if self.security_groups or not self.vpc:
            return self
        description = "Of a Bedrock batch inference job"
        group = ec2.SecurityGroup(scope, "SecurityGroup", vpc=self.vpc, description=description)
        if kept:
            group.apply_removal_policy(RemovalPolicy.RETAIN)
        return replace(self, security_groups=[group])

    def statements(self) -> list[Statement]:
        """Return what the service role must be allowed, for interfaces of batch inference jobs only."""
        interfaces = regional_arn("ec2", "network-interface/*")
        subnets = [regional_arn("ec2", f"subnet/{subnet}") for subnet in self.subnet_ids]
        groups = [regional_arn("ec2", f"security-group/{group}") for group in self.config["securityGroupIds"]]
        tagged = {
            "StringEquals": {"aws:RequestTag/BedrockManaged": "true"},
            "ArnEquals": {f"aws:RequestTag/{_JOB_TAG}": any_job_arn()},
        }
        of_a_job = {
            "StringEquals": {"ec2:Subnet": subnets},
            "ArnEquals": {f"ec2:ResourceTag/{_JOB_TAG}": any_job_arn()},
        }
        while_created = {
            "StringEquals": {"ec2:CreateAction": "CreateNetworkInterface"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["BedrockManaged", _JOB_TAG]},
        }
        return [
            # Describing has no resources of its own in the service authorization reference.
            allow(_DESCRIBE, "*"),
            allow("ec2:CreateNetworkInterface", [interfaces, *subnets, *groups], tagged),
            # The guide's resource: which interfaces they are, the conditions say.
            allow(_USE, "*", of_a_job),
            allow("ec2:CreateTags", interfaces, while_created),
        ]


def choose_network(
    vpc: ec2.IVpc | None,
    vpc_subnets: ec2.SubnetSelection | None,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
) -> Network | None:
    """Return the network that the parameters ask for.

    Raises
    ------
    ValueError
        They are of another kind, do not go together, or name too few or too many subnets or groups.
    """
    _check_kinds(vpc, vpc_subnets, security_groups)
    if not vpc and not vpc_subnets:
        if security_groups:
            raise ValueError("'security_groups' must come with 'vpc', got no 'vpc': give it too")
        return None
    if not vpc and not security_groups:
        raise ValueError("'security_groups' must be given where there is no 'vpc', got none: give them or 'vpc'")
    subnets = _subnets(vpc, vpc_subnets)
    network = Network([subnet.subnet_id for subnet in subnets], list(security_groups or ()), vpc, subnets)
    _check(network)
    return network


def _check_kinds(
    vpc: ec2.IVpc | None,
    vpc_subnets: ec2.SubnetSelection | None,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
) -> None:
    if vpc is not None:
        check_construct("vpc", vpc, "vpc_id", 'ec2.Vpc(self, "Vpc")')
    if vpc_subnets is not None:
        check_type("vpc_subnets", vpc_subnets, ec2.SubnetSelection, "ec2.SubnetSelection(subnets=[...])")
    # A text would be taken by letters.
    for group in [security_groups] if isinstance(security_groups, str) else security_groups or ():
        check_construct("security_groups", group, "security_group_id", 'ec2.SecurityGroup(self, "Group", vpc=vpc)')


def _subnets(vpc: ec2.IVpc | None, selection: ec2.SubnetSelection | None) -> list[ec2.ISubnet]:
    if vpc:
        return list(vpc.select_subnets(**(_arguments(selection) if selection else {})).subnets)
    if selection and not selection.subnets:
        raise ValueError("'vpc_subnets' must come with 'vpc' unless it lists 'subnets', got neither: give 'vpc' too")
    return list(selection.subnets or []) if selection else []


def _arguments(selection: ec2.SubnetSelection) -> dict[str, Any]:
    names = ("availability_zones", "one_per_az", "subnet_filters", "subnet_group_name", "subnets", "subnet_type")
    return {name: getattr(selection, name) for name in names}


def _check(network: Network) -> None:
    advice = "one in each Availability Zone is enough" if network.subnet_ids else "choose some that the VPC has"
    check_number_of("vpc_subnets", network.subnet_ids, "vpcConfig", "subnetIds", advice=advice)
    if network.security_groups:
        check_number_of(
            "security_groups", network.security_groups, "vpcConfig", "securityGroupIds", advice="leave some out"
        )
    for prop, field in {"vpc_subnets": "subnetIds", "security_groups": "securityGroupIds"}.items():
        for item in network.config[field]:
            check_text(prop, item, "vpcConfig", field, advice="give the id of one that exists")
