"""The VPC of a job: what the API is told, and exactly what the user guide asks the service role to be allowed."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, RemovalPolicies, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from ..conftest import ACCOUNT, PARTITION, REGION, MakeJob
from ..template import Synthesized, plain, warnings

EC2 = f"arn:{PARTITION}:ec2:{REGION}:{ACCOUNT}"
ANY_JOB = f"arn:{PARTITION}:bedrock:{REGION}:{ACCOUNT}:model-invocation-job/*"


def imported(stack: Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["us-east-1a", "us-east-1b"],
        private_subnet_ids=["subnet-1", "subnet-2"],
        public_subnet_ids=["subnet-3", "subnet-4"],
    )


def group(stack: Stack, id: str = "sg-1") -> ec2.ISecurityGroup:
    return ec2.SecurityGroup.from_security_group_id(stack, id, id)


def subnet(stack: Stack) -> ec2.SubnetSelection:
    return ec2.SubnetSelection(subnets=[ec2.Subnet.from_subnet_id(stack, "Subnet", "subnet-1")])


def config(stack: Stack) -> Any:
    return Synthesized.of(stack).call["vpcConfig"]


def test_without_a_vpc_there_is_none_and_no_right_to_one(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    template = Synthesized.of(stack)
    assert "vpcConfig" not in template.call
    assert not template.all("AWS::EC2::SecurityGroup")
    for role in ("SummariesJobRole", "BedrockBatchProviderRole"):
        assert not any("ec2:" in action for action in template.allowed(role))


def test_the_function_may_see_when_jobs_have_left_their_vpcs(stack: Stack, make_job: MakeJob) -> None:
    vpc = imported(stack)
    for number, name in enumerate(("One", "Two")):
        make_job(name, vpc=vpc, security_groups=[group(stack, f"sg-{number}")])
    template = Synthesized.of(stack)
    (policy,) = (name for name in template.all("AWS::IAM::Policy") if "InterfacesPolicy" in name)
    (statement,) = template.all("AWS::IAM::Policy")[policy]["Properties"]["PolicyDocument"]["Statement"]
    assert statement == {"Action": "ec2:DescribeNetworkInterfaces", "Effect": "Allow", "Resource": "*"}
    # It goes after the last Delete that needs it.
    for job in template.all("Custom::BedrockModelInvocationJob").values():
        assert policy in job["DependsOn"]


def test_who_does_not_stop_a_job_does_not_wait_for_its_end(stack: Stack, make_job: MakeJob) -> None:
    make_job(vpc=imported(stack), stop_on_delete=False)
    assert "ec2:DescribeNetworkInterfaces" not in Synthesized.of(stack).allowed("BedrockBatchProviderRole")


def test_a_vpc_gives_its_private_subnets_and_a_group_of_the_jobs_own(stack: Stack, make_job: MakeJob) -> None:
    make_job(vpc=ec2.Vpc(stack, "Vpc", max_azs=2))
    template = Synthesized.of(stack)
    subnets = ["${VpcPrivateSubnet1Subnet}", "${VpcPrivateSubnet2Subnet}"]
    assert template.call["vpcConfig"] == {
        "subnetIds": subnets,
        "securityGroupIds": ["${SummariesSecurityGroup.GroupId}"],
    }
    (own,) = template.properties("AWS::EC2::SecurityGroup")
    assert plain(own["VpcId"]) == "${Vpc}"
    assert "SecurityGroupIngress" not in own


def test_the_job_comes_after_the_routes_of_its_vpc(stack: Stack, make_job: MakeJob) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    make_job(vpc=vpc)
    template = Synthesized.of(stack)
    before = template.needed(template.job_id)
    for kind in ("AWS::EC2::Route", "AWS::EC2::VPCEndpoint", "AWS::EC2::NatGateway", "AWS::EC2::SecurityGroup"):
        assert template.all(kind).keys() <= before, kind


def test_without_its_vpc_the_job_comes_after_the_routes_of_its_subnets(stack: Stack, make_job: MakeJob) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    chosen = ec2.SubnetSelection(subnets=vpc.private_subnets)
    make_job(vpc_subnets=chosen, security_groups=[ec2.SecurityGroup(stack, "Group", vpc=vpc)])
    template = Synthesized.of(stack)
    private = {
        name
        for kind in ("AWS::EC2::Route", "AWS::EC2::SubnetRouteTableAssociation")
        for name in template.all(kind)
        if "Private" in name
    }
    assert len(private) == 4
    assert private <= template.needed(template.job_id)


def test_the_job_comes_after_the_routes_of_subnets_that_are_added_to_a_vpc(stack: Stack, make_job: MakeJob) -> None:
    added = ec2.PrivateSubnet(stack, "Added", vpc_id="vpc-1", availability_zone="us-east-1a", cidr_block="10.0.9.0/24")
    make_job(vpc=imported(stack), vpc_subnets=ec2.SubnetSelection(subnets=[added]), security_groups=[group(stack)])
    template = Synthesized.of(stack)
    (association,) = template.all("AWS::EC2::SubnetRouteTableAssociation")
    assert association in template.needed(template.job_id)


OTHER_VPC: dict[str, Any] = {"vpc_id": "vpc-1", "availability_zones": ["us-east-1a"]}
HELD: dict[str, tuple[Callable[[Stack], dict[str, Any]], bool]] = {
    "own": (lambda stack: {"vpc": ec2.Vpc(stack, "Vpc", max_azs=1)}, True),
    "subnets of a VPC that stays": (lambda stack: {"vpc": retained(ec2.Vpc(stack, "Vpc", max_azs=1))}, True),
    "a group": (
        lambda stack: {"vpc": imported(stack), "security_groups": [made(stack)]},
        True,
    ),
    "all of it stays": (lambda stack: {"vpc": all_retained(ec2.Vpc(stack, "Vpc", max_azs=1))}, False),
    "of another stack": (lambda stack: {"vpc": ec2.Vpc(Stack(App.of(stack), "Other"), "Vpc", max_azs=1)}, False),  # type: ignore[arg-type]  # it has one
    "imported": (lambda stack: {"vpc": imported(stack)}, False),
}


def made(stack: Stack) -> ec2.ISecurityGroup:
    return ec2.SecurityGroup(stack, "Made", vpc=ec2.Vpc.from_vpc_attributes(stack, "Of", **OTHER_VPC))


def retained(vpc: ec2.Vpc) -> ec2.Vpc:
    vpc.apply_removal_policy(RemovalPolicy.RETAIN)
    return vpc


def all_retained(vpc: ec2.Vpc) -> ec2.Vpc:
    RemovalPolicies.of(vpc).retain()
    return vpc


@pytest.mark.parametrize(("given", "warned"), HELD.values(), ids=HELD)
@pytest.mark.parametrize("stop_on_delete", [True, False], ids=["stopped", "goes on"])
def test_what_a_job_that_goes_on_holds_cannot_go_with_the_stack(
    stack: Stack, make_job: MakeJob, given: Callable[[Stack], dict[str, Any]], *, warned: bool, stop_on_delete: bool
) -> None:
    make_job(**given(stack), stop_on_delete=stop_on_delete)
    found = [text for text in warnings(stack) if "network:goes" in text]
    assert bool(found) == (warned and not stop_on_delete)


def test_an_imported_vpc_gives_its_private_subnets(stack: Stack, make_job: MakeJob) -> None:
    make_job(vpc=imported(stack), security_groups=[group(stack)])
    assert config(stack) == {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]}
    assert not Synthesized.of(stack).all("AWS::EC2::SecurityGroup")


def test_a_selection_chooses_among_the_subnets_of_the_vpc(stack: Stack, make_job: MakeJob) -> None:
    vpc = imported(stack)
    make_job("Public", vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC))
    make_job("Zone", vpc=vpc, vpc_subnets=ec2.SubnetSelection(availability_zones=["us-east-1b"]))
    jobs = [plain(job) for job in Synthesized.of(stack).properties("Custom::BedrockModelInvocationJob")]
    assert [job["Job"]["vpcConfig"]["subnetIds"] for job in jobs] == [["subnet-3", "subnet-4"], ["subnet-2"]]


def test_a_vpc_that_was_looked_up_gives_what_the_lookup_found(make_job: MakeJob) -> None:
    found = {
        "vpcId": "vpc-9",
        "vpcCidrBlock": "10.0.0.0/16",
        "ownerAccountId": "123456789012",
        "availabilityZones": [],
        "subnetGroups": [
            {
                "name": "Private",
                "type": "Private",
                "subnets": [{"subnetId": "subnet-9", "cidr": "10.0.0.0/24", "availabilityZone": "us-east-1a"}],
            }
        ],
    }
    for cached, subnets in ((None, ["p-12345", "p-67890"]), (found, ["subnet-9"])):
        key = "vpc-provider:account=123456789012:filter.isDefault=true:region=us-east-1:returnAsymmetricSubnets=true"
        app = App(context={key: cached} if cached else {})
        stack = Stack(app, "Stack", env={"account": "123456789012", "region": "us-east-1"})
        make_job(scope=stack, vpc=ec2.Vpc.from_lookup(stack, "Vpc", is_default=True))
        # Before the lookup has an answer, synth runs with stand-ins, which must pass too.
        assert config(stack)["subnetIds"] == subnets


def test_subnets_and_groups_do_without_a_vpc(stack: Stack, make_job: MakeJob) -> None:
    make_job(vpc_subnets=subnet(stack), security_groups=[group(stack)])
    assert config(stack) == {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}


def test_the_role_may_use_exactly_these_subnets_and_groups_for_jobs(stack: Stack, make_job: MakeJob) -> None:
    make_job(vpc_subnets=subnet(stack), security_groups=[group(stack)])
    job_arn = "BedrockModelInvocationJobArn"
    found = [s for s in Synthesized.of(stack).statements("SummariesJobRole") if "ec2:" in str(s["Action"])]
    assert found == [
        {
            "Effect": "Allow",
            "Action": [
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Action": "ec2:CreateNetworkInterface",
            "Resource": [f"{EC2}:network-interface/*", f"{EC2}:subnet/subnet-1", f"{EC2}:security-group/sg-1"],
            "Condition": {
                "StringEquals": {"aws:RequestTag/BedrockManaged": "true"},
                "ArnEquals": {f"aws:RequestTag/{job_arn}": ANY_JOB},
            },
        },
        {
            "Effect": "Allow",
            "Action": [
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"ec2:Subnet": [f"{EC2}:subnet/subnet-1"]},
                "ArnEquals": {f"ec2:ResourceTag/{job_arn}": ANY_JOB},
            },
        },
        {
            "Effect": "Allow",
            "Action": "ec2:CreateTags",
            "Resource": f"{EC2}:network-interface/*",
            "Condition": {
                "StringEquals": {"ec2:CreateAction": "CreateNetworkInterface"},
                "ForAllValues:StringEquals": {"aws:TagKeys": ["BedrockManaged", job_arn]},
            },
        },
    ]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            lambda s: {"security_groups": [group(s)]},
            "'security_groups' must come with 'vpc', got no 'vpc': give it too",
        ),
        (
            lambda s: {"vpc_subnets": subnet(s)},
            "'security_groups' must be given where there is no 'vpc', got none: give them or 'vpc'",
        ),
        (
            lambda _: {"vpc_subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)},
            "'security_groups' must be given where there is no 'vpc'",
        ),
        (
            lambda s: {
                "vpc_subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
                "security_groups": [group(s)],
            },
            "'vpc_subnets' must come with 'vpc' unless it lists 'subnets', got neither: give 'vpc' too",
        ),
        (
            lambda s: {"vpc": imported(s), "vpc_subnets": ec2.SubnetSelection(availability_zones=["us-east-1z"])},
            "'vpc_subnets' must have 1 to 16 items, got 0: choose some that the VPC has",
        ),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(make_job: MakeJob, parameters: Any, message: str) -> None:
    elsewhere = Stack(App(), "Elsewhere")
    with pytest.raises(ValueError, match=message):
        make_job(**parameters(elsewhere))
    Template.from_stack(elsewhere).resource_count_is("AWS::EC2::SecurityGroup", 0)
