"""The VPC of a job: what its subnets and security groups let through, as far as it is looked into."""

from dataclasses import replace
from typing import Any

import pytest

from bedrock_batch import Finding, get_job
from bedrock_batch.diagnosis.account import Account
from bedrock_batch.diagnosis.network import Network
from bedrock_batch.diagnosis.subject import Subject
from tests.diagnosis.world import World
from tests.local_aws.conftest import LocalAws

ANYWHERE = [{"CidrIp": "0.0.0.0/0"}]


class Vpc:
    """A VPC of its own, with a subnet and a group that lets nothing out."""

    def __init__(self, aws: LocalAws) -> None:
        self.ec2 = aws.client("ec2")
        self.id = self.ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
        self.table = self.ec2.create_route_table(VpcId=self.id)["RouteTable"]["RouteTableId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.id, CidrBlock="10.2.0.0/24")["Subnet"]["SubnetId"]
        self.ec2.associate_route_table(RouteTableId=self.table, SubnetId=self.subnet)
        self.group = self.ec2.create_security_group(VpcId=self.id, GroupName="g", Description="of a job")["GroupId"]
        everything = [{"IpProtocol": "-1", "IpRanges": ANYWHERE}]
        self.ec2.revoke_security_group_egress(GroupId=self.group, IpPermissions=everything)

    def lets_out(self, **rule: Any) -> None:
        self.ec2.authorize_security_group_egress(GroupId=self.group, IpPermissions=[rule])

    def routes(self, **target: str) -> None:
        self.ec2.create_route(RouteTableId=self.table, DestinationCidrBlock="0.0.0.0/0", **target)

    def gets_endpoint(self, **options: Any) -> str:
        made = self.ec2.create_vpc_endpoint(VpcId=self.id, ServiceName="com.amazonaws.us-east-1.s3", **options)
        return str(made["VpcEndpoint"]["VpcEndpointId"])


@pytest.fixture(scope="module")
def subject(world: World) -> Subject:
    return Subject.of(get_job(world.aws.bedrock, world.run(world.role()).arn))


@pytest.fixture
def vpc(aws: LocalAws) -> Vpc:
    return Vpc(aws)


def looked_at(aws: LocalAws, subject: Subject, vpc: Vpc, **changes: Any) -> Network:
    there = replace(subject, **{"subnets": (vpc.subnet,), "groups": (vpc.group,), **changes})
    return Network(Account(aws.client), there)


def verdicts(findings: list[Finding]) -> dict[str, str]:
    return {finding.check: finding.verdict.value for finding in findings}


def test_nothing_leads_anywhere(aws: LocalAws, subject: Subject, vpc: Vpc) -> None:
    found = looked_at(aws, subject, vpc)
    assert verdicts(found.findings) == {"the VPC": "right", "the way out": "wrong", "the way to S3": "wrong"}
    assert found.endpoints == []


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ANYWHERE}, "right"),
        ({"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "IpRanges": ANYWHERE}, "right"),
        ({"IpProtocol": "-1", "IpRanges": ANYWHERE}, "right"),
        ({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": ANYWHERE}, "wrong"),
        ({"IpProtocol": "udp", "FromPort": 443, "ToPort": 443, "IpRanges": ANYWHERE}, "wrong"),
        ({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}, "cannot tell"),
    ],
)
def test_security_groups_let_https_out_or_not(
    aws: LocalAws, subject: Subject, vpc: Vpc, rule: dict[str, Any], verdict: str
) -> None:
    vpc.lets_out(**rule)
    assert verdicts(looked_at(aws, subject, vpc).findings)["the way out"] == verdict


def test_an_endpoint_counts_for_the_subnets_whose_table_has_it(aws: LocalAws, subject: Subject, vpc: Vpc) -> None:
    elsewhere = vpc.gets_endpoint()
    found = looked_at(aws, subject, vpc)
    assert (verdicts(found.findings)["the way to S3"], found.endpoints) == ("cannot tell", [])
    vpc.ec2.modify_vpc_endpoint(VpcEndpointId=elsewhere, AddRouteTableIds=[vpc.table])
    found = looked_at(aws, subject, vpc)
    assert verdicts(found.findings)["the way to S3"] == "right"
    assert [name for name, policy in found.endpoints if policy] == [elsewhere]


def test_an_interface_endpoint_has_groups_that_are_not_looked_into(aws: LocalAws, subject: Subject, vpc: Vpc) -> None:
    made = vpc.gets_endpoint(VpcEndpointType="Interface", SubnetIds=[vpc.subnet], PrivateDnsEnabled=True)
    found = looked_at(aws, subject, vpc)
    assert verdicts(found.findings)["the way to S3"] == "cannot tell"
    assert [name for name, _ in found.endpoints] == [made]


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        ({"NatGatewayId": "nat-0a"}, "right"),
        ({"GatewayId": "igw-0a"}, "wrong"),
        ({"TransitGatewayId": "tgw-0a"}, "cannot tell"),
    ],
)
def test_a_default_route_may_lead_to_s3(
    aws: LocalAws, subject: Subject, vpc: Vpc, target: dict[str, str], verdict: str
) -> None:
    vpc.routes(**target)
    assert verdicts(looked_at(aws, subject, vpc).findings)["the way to S3"] == verdict


def test_a_route_to_what_has_been_deleted_leads_nowhere(
    aws: LocalAws, subject: Subject, vpc: Vpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    vpc.routes(NatGatewayId="nat-0a")
    told = Network._ask  # noqa: SLF001 - the local AWS has no blackholes

    def with_blackholes(self: Network, operation: str, member: str, **options: Any) -> Any:
        found = told(self, operation, member, **options)
        for table in found if member == "RouteTables" else []:
            for route in table.get("Routes", []):
                route["State"] = "blackhole" if "NatGatewayId" in route else "active"
        return found

    monkeypatch.setattr(Network, "_ask", with_blackholes)
    assert verdicts(looked_at(aws, subject, vpc).findings)["the way to S3"] == "wrong"


def test_what_is_not_there_or_of_two_vpcs_is_wrong(aws: LocalAws, subject: Subject, vpc: Vpc) -> None:
    gone = looked_at(aws, subject, vpc, subnets=("subnet-00000000",)).findings
    assert verdicts(gone) == {"the VPC": "wrong"}
    (two,) = looked_at(aws, subject, vpc, groups=(Vpc(aws).group,)).findings
    assert (two.verdict, "are of several" in two.says) == ("wrong", True)
