"""What the construct declares for a job over things that are there: its parameters, its role's trust and policy."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData
from tests.local_aws.conftest import ACCOUNT, REGION

_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}

Document = dict[str, Any]


@dataclass(frozen=True)
class Things:
    """What is there before the job."""

    bucket: str
    input_key: str
    output_key: str
    vpc: str
    subnet: str
    group: str


@dataclass(frozen=True)
class Declared:
    """A job as a template has it, with what is known before its deployment filled in."""

    parameters: Mapping[str, Any]
    trust: Document
    policy: Document


def declare(things: Things, model: BatchModel) -> Declared:
    """Synthesize a job."""
    stack = Stack(App(), "Stack", env=Environment(account=ACCOUNT, region=REGION))
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", things.bucket)
    ModelInvocationJob(
        stack,
        "Job",
        model=model,
        input_data=InputData.from_bucket(bucket, "in/", encryption_key=_key(stack, "In", things.input_key)),
        output_data=OutputData.to_bucket(bucket, "out", encryption_key=_key(stack, "Out", things.output_key)),
        vpc_subnets=ec2.SubnetSelection(subnets=[ec2.Subnet.from_subnet_id(stack, "Subnet", things.subnet)]),
        security_groups=[ec2.SecurityGroup.from_security_group_id(stack, "Group", things.group)],
    )
    resources = Template.from_stack(stack).to_json()["Resources"].values()
    (job,) = (each for each in resources if each["Type"] == "Custom::BedrockModelInvocationJob")
    (role,) = (each for each in resources if "Bedrock assumes it" in each["Properties"].get("Description", ""))
    (policy,) = (each for each in resources if "bedrock:InvokeModel" in json.dumps(each) and "Policy" in each["Type"])
    return Declared(
        _resolved(job["Properties"]),
        _resolved(role["Properties"]["AssumeRolePolicyDocument"]),
        _resolved(policy["Properties"]["PolicyDocument"]),
    )


def _key(stack: Stack, id: str, arn: str) -> kms.IKey:
    return kms.Key.from_key_arn(stack, id, arn)


def _resolved(value: Any) -> Any:
    match value:
        case {"Ref": str(name)} if name in _PSEUDO:
            return _PSEUDO[name]
        case {"Fn::Join": [str(between), [*parts]]}:
            return between.join(map(_resolved, parts))
        case dict():
            return {name: _resolved(each) for name, each in value.items()}
        case list():
            return [_resolved(each) for each in value]
    return value
