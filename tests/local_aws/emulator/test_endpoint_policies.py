"""VPC endpoints have the policy that they are made with, and are found by what they are."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import LocalAws, allow, policy

S3 = "com.amazonaws.us-east-1.s3"


def test_an_endpoint_has_its_policy_or_the_default_one(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    narrow = policy({**allow("s3:GetObject", "arn:aws:s3:::<b>&/*"), "Principal": "*"})
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=S3, RouteTableIds=tables, PolicyDocument=narrow)
    name = made["VpcEndpoint"]["VpcEndpointId"]
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.dynamodb")
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"]
    assert (json.loads(found["PolicyDocument"]), found["RouteTableIds"]) == (json.loads(narrow), tables)
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    assert len(ec2.describe_vpc_endpoints(Filters=of_vpc)["VpcEndpoints"]) == 2
    of_dynamodb = [*of_vpc, {"Name": "service-name", "Values": ["com.amazonaws.us-east-1.dynamodb"]}]
    (other,) = ec2.describe_vpc_endpoints(Filters=of_dynamodb)["VpcEndpoints"]
    assert json.loads(other["PolicyDocument"])["Statement"][0]["Action"] == "*"
    assert ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": ["vpc-0"]}])["VpcEndpoints"] == []


def test_a_filter_that_is_not_known_finds_not_everything(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="does not know the filter 'tag:x'"):
        aws.client("ec2").describe_vpc_endpoints(Filters=[{"Name": "tag:x", "Values": ["y"]}])
