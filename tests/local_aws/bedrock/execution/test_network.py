"""A job in a VPC: its places have to fit, and its role needs every permission of the guide."""

from typing import Any

import pytest

from tests.local_aws.conftest import ACCOUNT, JOBS_ARN, LocalAws, Statement, allow, policy, records, serve

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


def test_a_job_has_a_network_interface_in_each_subnet_until_it_ends() -> None:
    with serve(pace="Pace(scale=0.02, scheduled=3600 / 0.02)") as aws:
        subnets = ["subnet-00000001", "subnet-00000002"]
        (group,) = aws.client("ec2").describe_security_groups()["SecurityGroups"]
        config = {"subnetIds": subnets, "securityGroupIds": [group["GroupId"]]}
        bucket = aws.bucket({"in.jsonl": records()})
        role = aws.service_role(bucket)
        document = policy(allow("ec2:*", "*"))
        aws.client("iam").put_role_policy(RoleName=role.rpartition("/")[2], PolicyName="v", PolicyDocument=document)
        arn = aws.start(bucket, roleArn=role, vpcConfig=config)
        aws.reach(arn, {"Scheduled"})

        def interfaces() -> list[str]:
            found = aws.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
            return sorted(each["SubnetId"] for each in found)

        assert interfaces() == subnets
        aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
        aws.end(arn)
        assert interfaces() == []
