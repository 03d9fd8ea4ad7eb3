"""DescribeNetworkInterfaces finds what is asked for, and nothing else."""

from typing import Any

import pytest

from tests.local_aws.conftest import ACCOUNT, LocalAws

FILTERS = {
    "status": ("in-use", []),
    "availability-zone": ("us-east-1a", ["first"]),
    "description": ("of the second", ["second"]),
    "owner-id": (ACCOUNT, ["first", "second"]),
    "interface-type": ("lambda", []),
    "private-ip-address": ("192.0.2.1", []),
    "attachment.status": ("attached", []),
    "tag:team": ("bl*", ["first"]),
    "tag:Team": ("blue", []),
    "source-dest-check": ("false", []),
    "subnet-id": ("subnet-*", ["first", "second"]),
}


@pytest.fixture(scope="module")
def made(aws: LocalAws) -> dict[str, str]:
    """Two interfaces of a VPC, by their names."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    found = {"vpc": vpc}
    for number, name in enumerate(("first", "second")):
        place = {"CidrBlock": f"10.7.{number}.0/24", "AvailabilityZone": f"us-east-1{'ab'[number]}"}
        subnet = ec2.create_subnet(VpcId=vpc, **place)["Subnet"]["SubnetId"]
        made = ec2.create_network_interface(SubnetId=subnet, Description=f"of the {name}")["NetworkInterface"]
        found[name] = made["NetworkInterfaceId"]
    ec2.create_tags(Resources=[found["first"]], Tags=[{"Key": "team", "Value": "blue"}])
    return found


def described(aws: LocalAws, made: dict[str, str], *filters: tuple[str, str], **asked: Any) -> list[str]:
    """The names of those that are found in the VPC."""
    those = [{"Name": name, "Values": [value]} for name, value in (("vpc-id", made["vpc"]), *filters)]
    found = aws.client("ec2").describe_network_interfaces(Filters=those, **asked)["NetworkInterfaces"]
    ids = {each["NetworkInterfaceId"] for each in found}
    assert ids <= set(made.values())
    return sorted(name for name, each in made.items() if each in ids)


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_counts(aws: LocalAws, made: dict[str, str], name: str) -> None:
    value, names = FILTERS[name]
    assert described(aws, made, (name, value)) == names


def test_several_filters_and_ids_count_together(aws: LocalAws, made: dict[str, str]) -> None:
    second = {"NetworkInterfaceIds": [made["second"]]}
    assert described(aws, made, **second) == ["second"]
    assert described(aws, made, ("tag:team", "blue"), **second) == []
    assert described(aws, made, ("tag:team", "blue"), ("availability-zone", "us-east-1b")) == []


def test_a_filter_that_is_not_known_is_refused(aws: LocalAws, made: dict[str, str]) -> None:
    """Passed over, it would find everything."""
    with pytest.raises(aws.client("ec2").exceptions.ClientError, match="The filter 'subnetid' is invalid"):
        described(aws, made, ("subnetid", "subnet-1"))


def test_a_filter_that_asks_for_what_the_local_aws_does_not_know_is_refused(
    aws: LocalAws, made: dict[str, str]
) -> None:
    words = "The local AWS does not know .* 'requester-managed' asks for"
    with pytest.raises(aws.client("ec2").exceptions.ClientError, match=words):
        described(aws, made, ("requester-managed", "true"))


def test_a_security_group_of_the_default_vpc_is_deleted_by_its_name_and_others_are_not(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    group = ec2.create_security_group(GroupName="named", Description="of the default VPC")["GroupId"]
    interface = ec2.create_network_interface(SubnetId="subnet-00000001", Groups=[group])["NetworkInterface"]
    with pytest.raises(ec2.exceptions.ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupName="named")
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    ec2.delete_security_group(GroupName="named")
    for asked, words in (({"GroupName": "named"}, "'named' does not exist"), ({}, "GroupName or GroupId")):
        with pytest.raises(ec2.exceptions.ClientError, match=words):
            ec2.delete_security_group(**asked)
    with pytest.raises(ec2.exceptions.ClientError, match=f"'{group}' does not exist"):
        ec2.delete_security_group(GroupId=group)


def test_an_interface_that_is_not_there_cannot_be_described(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    with pytest.raises(ec2.exceptions.ClientError, match="The networkInterface ID 'eni-1' does not exist"):
        ec2.describe_network_interfaces(NetworkInterfaceIds=["eni-1"])
