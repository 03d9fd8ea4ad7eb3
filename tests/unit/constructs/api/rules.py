"""How a value reaches each field of CreateModelInvocationJob, and what the field's rule makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_bedrock_batch import BatchModel, InputData, OutputData

ACCOUNT = "123456789012"
IN, OUT = "inputDataConfig.s3InputDataConfig", "outputDataConfig.s3OutputDataConfig"


def new_id(stack: Stack) -> str:
    return f"Imported{len(stack.node.children)}"


def groups(stack: Stack, *ids: str) -> list[ec2.ISecurityGroup]:
    return [ec2.SecurityGroup.from_security_group_id(stack, new_id(stack), group) for group in ids]


def network(stack: Stack, subnets: list[str], security_groups: list[str]) -> dict[str, object]:
    found = [ec2.Subnet.from_subnet_id(stack, new_id(stack), subnet) for subnet in subnets]
    return {
        "vpc_subnets": ec2.SubnetSelection(subnets=found),
        "security_groups": groups(stack, *security_groups),
    }


def role(stack: Stack, arn: str) -> dict[str, object]:
    return {"role": iam.Role.from_role_arn(stack, new_id(stack), arn, mutable=False)}


def output_key(stack: Stack, arn: str) -> dict[str, object]:
    key = kms.Key.from_key_arn(stack, new_id(stack), arn)
    return {"output_data": OutputData.to_uri("s3://results/", encryption_key=key)}


#: The lengths of a tag's key and value.
TAG_RULES = {"key": (1, 128), "value": (0, 256)}


@dataclass(frozen=True)
class Rule:
    """A field, how a value gets there, what its rule refuses, and what the rule just lets through."""

    field: str
    prop: str
    give: Callable[[Stack, Any], dict[str, object]]
    refused: list[Any]
    taken: list[Any]


LONG = "s3://bucket/" + "a/" * 510
RULES = [
    Rule(
        "jobName",
        "job_name",
        lambda _, name: {"job_name": name},
        ["", "-a", "a_b", "a b", "é", "a" * 64],
        ["a", "a-b+c.d", "a" * 28],
    ),
    Rule(
        "roleArn",
        "role",
        role,
        [f"arn:aws:iam::{ACCOUNT}:user/x", "arn:aws:iam::12:role/x", f"arn:aws:iam::{ACCOUNT}:role/{'x' * 2048}"],
        ["arn:aws:iam:::role/x", f"arn:aws-us-gov:iam::{ACCOUNT}:role/path/x"],
    ),
    Rule(
        "clientRequestToken",
        "client_request_token",
        lambda _, token: {"client_request_token": token},
        ["", "a_b", "a-", "-a", "a" * 257],
        ["a", "a--b", "a" * 256],
    ),
    Rule(
        "modelId",
        "model",
        lambda _, model: {"model": BatchModel.from_id(model)},
        ["", "no model", "amazon.", "a" * 2049],
        ["amazon.nova-lite-v1:0", "amazon.titan-embed-text-v2:0:8k", "us.meta.llama4-scout-17b-instruct-v1:0"],
    ),
    Rule(
        f"{IN}.s3Uri",
        "input_data",
        lambda _, uri: {"input_data": InputData.from_uri(uri)},
        ["", "s3:///a.jsonl", "s3://b//a.jsonl", "s3://b/a b.jsonl", "s3://B/a.jsonl", LONG],
        ["s3://bucket/", "s3://bucket/-!_*'()./a.jsonl", LONG[:1024]],
    ),
    Rule(
        f"{IN}.s3BucketOwner",
        "input_data",
        lambda _, owner: {"input_data": InputData.from_uri("s3://bucket/", bucket_owner=owner)},
        ["", "12345678901", "1234567890123", "12345678901x"],
        [ACCOUNT],
    ),
    Rule(
        f"{OUT}.s3Uri",
        "output_data",
        lambda _, uri: {"output_data": OutputData.to_uri(uri)},
        ["results", "s3://b//", "s3://bucket/date=1/", LONG],
        ["s3://bucket", "s3://bucket/-!_*'()./"],
    ),
    Rule(
        f"{OUT}.s3BucketOwner",
        "output_data",
        lambda _, owner: {"output_data": OutputData.to_uri("s3://bucket/", bucket_owner=owner)},
        ["", "12345678901", "1234567890123", "12345678901x"],
        [ACCOUNT],
    ),
    Rule(
        f"{OUT}.s3EncryptionKeyId",
        "encryption_key",
        output_key,
        ["arn:aws:kms:us-east-1:12:key/x", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{'a' * 2049}"],
        [f"arn:aws:kms:us-east-1:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"],
    ),
    Rule(
        "vpcConfig.subnetIds",
        "vpc_subnets",
        lambda stack, ids: network(stack, ids, ["sg-1"]),
        [[f"subnet-{n}" for n in range(17)]],
        [["subnet-1"], [f"subnet-{n}" for n in range(16)]],
    ),
    Rule(
        "vpcConfig.subnetIds[]",
        "vpc_subnets",
        lambda stack, subnet: network(stack, [subnet], ["sg-1"]),
        ["subnet 1", "subnet-" + "1" * 26],
        ["subnet-" + "1" * 25],
    ),
    Rule(
        "vpcConfig.securityGroupIds",
        "security_groups",
        lambda stack, ids: network(stack, ["subnet-1"], ids),
        [[f"sg-{n}" for n in range(6)]],
        [["sg-1"], [f"sg-{n}" for n in range(5)]],
    ),
    Rule(
        "vpcConfig.securityGroupIds[]",
        "security_groups",
        lambda stack, group: network(stack, ["subnet-1"], [group]),
        ["sg_1", "sg-" + "1" * 30],
        ["sg-" + "1" * 29],
    ),
    Rule(
        "timeoutDurationInHours", "timeout", lambda _, hours: {"timeout": Duration.hours(hours)}, [23, 169], [24, 168]
    ),
]
