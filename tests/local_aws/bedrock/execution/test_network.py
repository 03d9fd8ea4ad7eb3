"""A job in a VPC: its places have to fit, and its role needs every permission of the guide."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.local_aws.conftest import ACCOUNT, JOBS_ARN, LocalAws, Statement, allow, policy, records, serve
from tests.local_aws.processes import eventually

EC2 = f"arn:aws:ec2:us-east-1:{ACCOUNT}"
DESCRIBE = [f"ec2:Describe{what}" for what in ("NetworkInterfaces", "Vpcs", "DhcpOptions", "Subnets", "SecurityGroups")]
ON_AN_INTERFACE = [
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
]
TAGS = ["BedrockManaged", "BedrockModelInvocationJobArn"]
EVERY = [*DESCRIBE, *ON_AN_INTERFACE, "ec2:CreateNetworkInterface", "ec2:CreateTags"]


@pytest.fixture(scope="module")
def vpc(aws: LocalAws) -> dict[str, Any]:
    ec2 = aws.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=f"us-east-1{'ab'[n]}")["Subnet"]
        for n in range(2)
    ]
    group = ec2.create_security_group(GroupName="jobs", Description="jobs", VpcId=vpc_id)["GroupId"]
    return {"subnetIds": [subnet["SubnetId"] for subnet in subnets], "securityGroupIds": [group]}


def guide(vpc: dict[str, Any], without: str = "", **changes: Any) -> list[Statement]:
    """Return the statements of the user guide, without an action, or with the value of a condition key changed."""
    values = {
        "aws:RequestTag/BedrockManaged": "true",
        "aws:RequestTag/BedrockModelInvocationJobArn": JOBS_ARN,
        "ec2:ResourceTag/BedrockModelInvocationJobArn": JOBS_ARN,
        "ec2:Subnet": [f"{EC2}:subnet/{subnet}" for subnet in vpc["subnetIds"]],
        "ec2:CreateAction": "CreateNetworkInterface",
        "aws:TagKeys": TAGS,
        **changes,
    }

    def condition(operator: str, *keys: str) -> dict[str, Any]:
        return {operator: {key: values[key] for key in keys}}

    job_tag = condition("ArnEquals", "aws:RequestTag/BedrockModelInvocationJobArn")
    places = [f"{EC2}:subnet/*", f"{EC2}:security-group/{vpc['securityGroupIds'][0]}"]
    statements = [
        allow(DESCRIBE, "*"),
        allow(
            ["ec2:CreateNetworkInterface"],
            f"{EC2}:network-interface/*",
            *places,
            **condition("StringEquals", "aws:RequestTag/BedrockManaged"),
            **job_tag,
        ),
        allow(
            ON_AN_INTERFACE,
            "*",
            **condition("StringEquals", "ec2:Subnet"),
            **condition("ArnEquals", "ec2:ResourceTag/BedrockModelInvocationJobArn"),
        ),
        allow(
            ["ec2:CreateTags"],
            f"{EC2}:network-interface/*",
            **condition("StringEquals", "ec2:CreateAction"),
            **condition("ForAllValues:StringEquals", "aws:TagKeys"),
        ),
    ]
    return [{**each, "Action": [name for name in each["Action"] if name != without]} for each in statements]


def end(aws: LocalAws, vpc: dict[str, Any], *statements: Statement) -> dict[str, Any]:
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket)
    name = role.rpartition("/")[2]
    for index, statement in enumerate(each for each in statements if each["Action"]):
        aws.client("iam").put_role_policy(RoleName=name, PolicyName=f"vpc{index}", PolicyDocument=policy(statement))
    return aws.end(aws.start(bucket, roleArn=role, vpcConfig=vpc))


def test_a_role_with_the_policy_of_the_guide_is_enough(aws: LocalAws, vpc: dict[str, Any]) -> None:
    job = end(aws, vpc, *guide(vpc))
    assert (job["status"], job["vpcConfig"]) == ("Completed", vpc)


@pytest.mark.parametrize("action", EVERY)
def test_without_any_one_of_its_actions_the_job_fails(aws: LocalAws, vpc: dict[str, Any], action: str) -> None:
    job = end(aws, vpc, *guide(vpc, without=action))
    assert job["status"] == "Failed"
    assert job["message"].startswith(f"Could not validate {action} permissions on ")


@pytest.mark.parametrize("kind", ["network-interface", "subnet", "security-group"])
def test_an_interface_is_made_of_three_kinds_of_resources(aws: LocalAws, vpc: dict[str, Any], kind: str) -> None:
    describe, create, *others = guide(vpc)
    create = {**create, "Resource": [arn for arn in create["Resource"] if f":{kind}/" not in arn]}
    message = end(aws, vpc, describe, create, *others)["message"]
    assert message.startswith(f"Could not validate ec2:CreateNetworkInterface permissions on {EC2}:{kind}/")


@pytest.mark.parametrize(
    ("key", "value", "action"),
    [
        ("aws:RequestTag/BedrockManaged", "false", "ec2:CreateNetworkInterface"),
        ("aws:RequestTag/BedrockModelInvocationJobArn", f"{JOBS_ARN}/x", "ec2:CreateNetworkInterface"),
        ("ec2:ResourceTag/BedrockModelInvocationJobArn", f"{JOBS_ARN}/x", ON_AN_INTERFACE[0]),
        ("ec2:Subnet", f"{EC2}:subnet/other", ON_AN_INTERFACE[0]),
        ("ec2:CreateAction", "RunInstances", "ec2:CreateTags"),
        ("aws:TagKeys", TAGS[:1], "ec2:CreateTags"),
    ],
)
def test_its_conditions_are_put_to_the_test(
    aws: LocalAws, vpc: dict[str, Any], key: str, value: str, action: str
) -> None:
    assert action in end(aws, vpc, *guide(vpc, **{key: value}))["message"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subnetIds": ["subnet-0123456789abcdef0"]}, "'subnet-0123456789abcdef0' does not exist"),
        ({"securityGroupIds": ["sg-0a1b2c3d4e5f60718"]}, "'sg-0a1b2c3d4e5f60718' does not exist"),
        ({"subnetIds": ["subnet-00000001"]}, "belong to several VPCs"),
    ],
)
def test_places_that_do_not_fit_fail_the_job(
    aws: LocalAws, vpc: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    job = end(aws, {**vpc, **changes}, allow("ec2:*", "*"))
    assert job["status"] == "Failed"
    assert message in job["message"]


@pytest.fixture(scope="module")
def lasting() -> Iterator[LocalAws]:
    """Jobs run until they are stopped, and leave their VPC a second later."""
    pace, behaviours = (
        "Pace(scale=0.02, scheduled=3600 / 0.02)",
        "Behaviours(role_propagation=0, lingering_interfaces=1)",
    )
    with serve(pace=pace, behaviours=behaviours) as aws:
        yield aws


def running(aws: LocalAws) -> tuple[str, str, dict[str, list[str]]]:
    """Start a job in two subnets with a security group of its own; return its ARN, its role's name and its network."""
    group = aws.client("ec2").create_security_group(GroupName=uuid4().hex, Description="jobs")["GroupId"]
    config = {"subnetIds": ["subnet-00000001", "subnet-00000002"], "securityGroupIds": [group]}
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket)
    name = role.rpartition("/")[2]
    aws.client("iam").put_role_policy(RoleName=name, PolicyName="v", PolicyDocument=policy(allow("ec2:*", "*")))
    arn = aws.start(bucket, roleArn=role, vpcConfig=config)
    aws.reach(arn, {"Scheduled"})
    return arn, name, config


def subnets(aws: LocalAws, name: str, value: str) -> list[str]:
    """Return where the interfaces are that a filter finds."""
    found = aws.client("ec2").describe_network_interfaces(Filters=[{"Name": name, "Values": [value]}])
    return sorted(each["SubnetId"] for each in found["NetworkInterfaces"])


def test_a_job_has_a_network_interface_in_each_subnet_until_a_while_after_its_end(lasting: LocalAws) -> None:
    (arn, _, config), (other, *_) = running(lasting), running(lasting)
    assert subnets(lasting, f"tag:{TAGS[1]}", arn) == config["subnetIds"]
    lasting.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    lasting.end(arn)
    assert subnets(lasting, f"tag:{TAGS[1]}", arn) == config["subnetIds"]
    assert eventually(lambda: not subnets(lasting, f"tag:{TAGS[1]}", arn))
    assert subnets(lasting, f"tag:{TAGS[1]}", other) == config["subnetIds"]


def test_its_security_group_cannot_go_before_its_interfaces(lasting: LocalAws) -> None:
    arn, _, config = running(lasting)
    ec2, (group,) = lasting.client("ec2"), config["securityGroupIds"]
    with pytest.raises(ec2.exceptions.ClientError, match=f"DependencyViolation.*{group} has a dependent object"):
        ec2.delete_security_group(GroupId=group)
    with pytest.raises(ec2.exceptions.ClientError, match="subnet-00000001' has dependencies and cannot be deleted"):
        ec2.delete_subnet(SubnetId="subnet-00000001")
    lasting.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    assert eventually(lambda: not subnets(lasting, "group-id", group))
    ec2.delete_security_group(GroupId=group)


def test_without_its_role_its_interfaces_stay(lasting: LocalAws) -> None:
    arn, role, config = running(lasting)
    lasting.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    lasting.end(arn)
    iam = lasting.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    iam.delete_role(RoleName=role)
    # Longer than they would be there.
    time.sleep(3)
    assert subnets(lasting, f"tag:{TAGS[1]}", arn) == config["subnetIds"]
