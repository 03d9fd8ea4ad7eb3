"""The VPC of a job: its subnets and groups, what the role needs there, and the way to S3 with its endpoints' policies.

Source: "Protect batch inference jobs using a VPC" (batch-vpc) in the Bedrock user guide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, cannot_tell, right, wrong
from bedrock_batch.diagnosis.need import Need, session_context
from bedrock_batch.jobs.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bedrock_batch.diagnosis.role import RoleFacts
    from bedrock_batch.diagnosis.subject import Subject

_VPC = "the VPC"
_WHAT = "the network interfaces"
_DESCRIBE = ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")
_USE = ("CreateNetworkInterfacePermission", "DeleteNetworkInterface", "DeleteNetworkInterfacePermission")
_MANAGED, _JOB = "BedrockManaged", "BedrockModelInvocationJobArn"
#: Stands for an interface that has no id yet.
_INTERFACE = "network-interface/eni-00000000000000000"
_HTTPS = 443
_NOT_FOUND = (
    "InvalidGroup.NotFound",
    "InvalidGroupId.NotFound",
    "InvalidSubnetID.NotFound",
    "InvalidSubnetId.NotFound",
)


def needs_in_vpc(subject: Subject, role: RoleFacts) -> Iterator[Need]:
    """Go through what the role must be allowed for the job's network interfaces."""
    if not subject.subnets:
        return
    tags = {_MANAGED: "true", _JOB: subject.arn}
    of_the_region = {"aws:RequestedRegion": (subject.region,)}
    requested = {f"aws:RequestTag/{name}": (value,) for name, value in tags.items()} | {"aws:TagKeys": tuple(tags)}

    def need(action: str, resource: str, known: Mapping[str, tuple[str, ...]]) -> Need:
        context = session_context(subject, role, "ec2", of_the_region | dict(known))
        arn = resource if resource == "*" else _arn(subject, resource)
        shown = arn.replace(_INTERFACE, "network-interface/*")
        return Need(f"ec2:{action}", arn, context, _WHAT, grant=shown, shown=shown)

    for kind in _DESCRIBE:
        yield need(f"Describe{kind}", "*", {})
    places = [f"subnet/{each}" for each in subject.subnets] + [f"security-group/{each}" for each in subject.groups]
    for resource in (_INTERFACE, *places):
        yield need("CreateNetworkInterface", resource, requested)
    yield need("CreateTags", _INTERFACE, {**requested, "ec2:CreateAction": ("CreateNetworkInterface",)})
    for subnet in subject.subnets:
        subnet_arn = _arn(subject, f"subnet/{subnet}")
        made = {f"{kind}:ResourceTag/{name}": (value,) for kind in ("ec2", "aws") for name, value in tags.items()}
        for action in _USE:
            yield need(action, _INTERFACE, {**made, "ec2:Subnet": (subnet_arn,)})


class Network:
    """What the VPC of a job is like.

    Parameters
    ----------
    account : Account
        That of the job.
    subject : Subject
        The job.
    """

    def __init__(self, account: Account, subject: Subject) -> None:
        self._account, self._subject = account, subject
        self.findings: list[Finding] = []
        #: The endpoints that requests to S3 go through, with their policies.
        self.endpoints: list[tuple[str, str | None]] = []
        if subject.subnets:
            self._look()

    def _look(self) -> None:
        try:
            vpc = self._vpc()
            if vpc:
                self.findings.extend(self._groups())
                self.findings.extend(self._ways(vpc))
        except UntoldError as error:
            self.findings.append(cannot_tell(_VPC, f"{', '.join(self._subject.subnets)}: {error}"))
        except AbsentError as error:
            mends = "correct 'vpc', 'vpc_subnets' or 'security_groups', or make them again"
            self.findings.append(wrong(_VPC, f"a subnet or security group is not there ({error})", mends))

    def _vpc(self) -> str | None:
        subnets = self._ask("DescribeSubnets", "Subnets", SubnetIds=list(self._subject.subnets))
        groups = self._ask("DescribeSecurityGroups", "SecurityGroups", GroupIds=list(self._subject.groups))
        vpcs = sorted({each["VpcId"] for each in (*subnets, *groups)})
        if len(vpcs) != 1:
            mends = "name subnets and security groups of one VPC"
            self.findings.append(wrong(_VPC, f"its subnets and groups are of several: {', '.join(vpcs)}", mends))
            return None
        self.findings.append(right(_VPC, f"its subnets and groups are there, in {vpcs[0]}"))
        self._security_groups = groups
        return str(vpcs[0])

    def _groups(self) -> Iterator[Finding]:
        """Say whether the security groups let requests out; all rules of all groups count together."""
        rules = [rule for group in self._security_groups for rule in group.get("IpPermissionsEgress", [])]
        to_https = [rule for rule in rules if _is_to_https(rule)]
        check, names = "the way out", ", ".join(self._subject.groups)
        if not to_https:
            yield wrong(
                check, f"{names}: no rule lets HTTPS out", "let port 443 out, to S3's prefix list or to 0.0.0.0/0"
            )
        elif any(_is_open(rule) for rule in to_https):
            yield right(check, f"{names}: HTTPS may go out")
        else:
            yield cannot_tell(check, f"{names}: whether S3 is among the addresses that HTTPS may go to")

    def _ways(self, vpc: str) -> Iterator[Finding]:
        tables = self._ask("DescribeRouteTables", "RouteTables", Filters=[_filter("vpc-id", vpc)])
        service = f"com.amazonaws.{self._subject.region}.s3"
        found = self._ask("DescribeVpcEndpoints", "VpcEndpoints", Filters=[_filter("vpc-id", vpc)])
        ready = [
            each
            for each in found
            if (each["VpcId"], each["ServiceName"], each["State"].lower()) == (vpc, service, "available")
        ]
        for subnet in self._subject.subnets:
            yield self._way(subnet, _table_of(subnet, tables), ready)

    def _way(self, subnet: str, table: Mapping[str, Any] | None, endpoints: Sequence[Mapping[str, Any]]) -> Finding:
        check = "the way to S3"
        if table is None:
            return cannot_tell(check, f"{subnet}: which route table it has is not told")
        through = [
            each
            for each in endpoints
            if (each["VpcEndpointType"] == "Gateway" and table["RouteTableId"] in each.get("RouteTableIds", []))
            or (each["VpcEndpointType"] == "Interface" and each.get("PrivateDnsEnabled"))
        ]
        for each in through:
            entry = (str(each["VpcEndpointId"]), each.get("PolicyDocument"))
            self.endpoints += [entry] if entry not in self.endpoints else []
        names = ", ".join(each["VpcEndpointId"] for each in through)
        if any(each["VpcEndpointType"] == "Gateway" for each in through):
            return right(check, f"{subnet} has a route to S3 through {names}")
        if through:
            return cannot_tell(check, f"{subnet}: whether the security groups of {names} let the job in")
        return _by_route(check, subnet, table, bool(endpoints))

    def _ask(self, operation: str, member: str, **options: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - the API's own
        ec2 = self._account.client("ec2")
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()

        def call() -> list[Mapping[str, Any]]:
            return [each for page in ec2.get_paginator(name).paginate(**options) for each in page[member]]

        return self._account.ask(f"ec2:{operation}", call, absent=_NOT_FOUND)


def _arn(subject: Subject, resource: str) -> str:
    return str(Arn(subject.partition, "ec2", subject.region, subject.account, resource))


def _filter(name: str, value: str) -> dict[str, Any]:
    return {"Name": name, "Values": [value]}


def _table_of(subnet: str, tables: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    main = None
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return table
            main = table if association.get("Main") else main
    return main


def _by_route(check: str, subnet: str, table: Mapping[str, Any], other_endpoints: bool) -> Finding:  # noqa: FBT001 - a fact
    # Where a route led to something that has been deleted it is a "blackhole": "Route" in the EC2 API reference.
    routes = [each for each in table.get("Routes", []) if each.get("State") != "blackhole"]
    default = next((each for each in routes if each.get("DestinationCidrBlock") == "0.0.0.0/0"), None)
    if default and default.get("NatGatewayId"):
        return right(check, f"{subnet} has a route to S3 through {default['NatGatewayId']}")
    if default and not str(default.get("GatewayId", "")).startswith("igw-"):
        return cannot_tell(check, f"{subnet}: its default route leads where S3 may or may not be")
    if other_endpoints:
        return cannot_tell(check, f"{subnet}: its VPC has an endpoint for S3, but no route of the subnet leads there")
    return wrong(
        check,
        # What Bedrock makes there has no public address, so that an internet gateway leads nowhere.
        f"{subnet} has no route to S3",
        'give its VPC an endpoint: vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)',
    )


def _is_to_https(rule: Mapping[str, Any]) -> bool:
    if rule.get("IpProtocol") == "-1":
        return True
    ports = range(rule.get("FromPort") or 0, (rule.get("ToPort") or 0) + 1)
    return rule.get("IpProtocol") in ("tcp", "6") and _HTTPS in ports


def _is_open(rule: Mapping[str, Any]) -> bool:
    return any(each.get("CidrIp") == "0.0.0.0/0" for each in rule.get("IpRanges", []))
