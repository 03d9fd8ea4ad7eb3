"""What CDK knows to be in another Region than the stack is refused before anything is made."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import BatchModel, InputData, OutputData

from ..conftest import NOVA, MakeJob

ACCOUNT, HERE, THERE = "123456789012", "us-east-1", "eu-west-1"
KEY_ARN = f"arn:aws:kms:{THERE}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
OTHER_ACCOUNT = "111122223333"


@pytest.fixture
def here() -> Stack:
    return Stack(App(), "Stack", env=Environment(account=ACCOUNT, region=HERE))


def there(stack: Stack) -> Stack:
    return Stack(stack.node.root, "There", env=Environment(account=ACCOUNT, region=THERE))  # type: ignore[arg-type]  # an app is a construct


def bucket(stack: Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="records", region=THERE)


def key(stack: Stack) -> kms.IKey:
    return kms.Key.from_key_arn(stack, "Key", KEY_ARN)


def with_key(stack: Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, "Keyed", bucket_name="records", encryption_key=key(stack))


def group(stack: Stack) -> ec2.ISecurityGroup:
    return ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-12345678")


def subnet(stack: Stack) -> ec2.ISubnet:
    return ec2.Subnet.from_subnet_id(stack, "Subnet", "subnet-12345678")


def vpc(stack: Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        region=THERE,
        availability_zones=["eu-west-1a"],
        private_subnet_ids=["subnet-1"],
    )


def arn(kind: str, region: str = THERE, account: str = ACCOUNT) -> str:
    return f"arn:aws:bedrock:{region}:{account}:{kind}"


GIVEN: dict[str, tuple[str, Callable[[Stack], dict[str, Any]]]] = {
    "input bucket": ("input_data", lambda stack: {"input_data": InputData.from_bucket(bucket(stack), "in/")}),
    "output bucket": ("output_data", lambda stack: {"output_data": OutputData.to_bucket(bucket(stack))}),
    "bucket of another stack": (
        "output_data",
        lambda stack: {"output_data": OutputData.to_bucket(s3.Bucket(there(stack), "Data", bucket_name="data"))},
    ),
    "key": ("encryption_key", lambda stack: {"encryption_key": key(stack)}),
    "key of the input": (
        "encryption_key",
        lambda stack: {"input_data": InputData.from_uri("s3://records/in/", encryption_key=key(stack))},
    ),
    "key of the output": (
        "encryption_key",
        lambda stack: {"output_data": OutputData.to_uri("s3://records/out/", encryption_key=key(stack))},
    ),
    "key of the bucket": ("encryption_key", lambda stack: {"output_data": OutputData.to_bucket(with_key(stack))}),
    "alias of the key": (
        "encryption_key",
        lambda stack: {"encryption_key": kms.Alias(stack, "Alias", alias_name="alias/a", target_key=key(stack))},
    ),
    "security group of another stack": (
        "security_groups",
        lambda stack: {
            "vpc_subnets": ec2.SubnetSelection(subnets=[subnet(stack)]),
            "security_groups": [group(there(stack))],
        },
    ),
    "subnet of another stack": (
        "vpc_subnets",
        lambda stack: {
            "vpc_subnets": ec2.SubnetSelection(subnets=[subnet(there(stack))]),
            "security_groups": [group(stack)],
        },
    ),
    "VPC": ("vpc", lambda stack: {"vpc": vpc(stack)}),
    "foundation model": ("model", lambda _: {"model": BatchModel.foundation_model(model_arn(THERE))}),
    "profile": (
        "model",
        lambda _: {"model": BatchModel.inference_profile(arn(f"inference-profile/eu.{NOVA}"))},
    ),
    "application profile": (
        "model",
        lambda _: {
            "model": BatchModel.application_inference_profile(arn("application-inference-profile/abcdefghijkl"))
        },
    ),
    "custom model": (
        "model",
        lambda _: {"model": BatchModel.custom_model(arn(f"custom-model/{NOVA}/abcdefghijkl"))},
    ),
}


def model_arn(region: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{NOVA}"


@pytest.mark.parametrize(("name", "given"), GIVEN.values(), ids=GIVEN)
def test_what_is_in_another_region_is_refused_by_name(
    here: Stack, make_job: MakeJob, name: str, given: Callable[[Stack], dict[str, Any]]
) -> None:
    parameters = given(here)
    before = len(here.node.children)
    with pytest.raises(ValueError, match=f"^'{name}' must be in the Region of .* {HERE}, got .*{THERE}.*: use one"):
        make_job(scope=here, **parameters)
    assert len(here.node.children) == before


@pytest.mark.parametrize("given", [given for name, (_, given) in GIVEN.items() if "another stack" not in name])
def test_where_the_region_of_the_stack_is_not_known_nothing_can_be_said(
    stack: Stack, make_job: MakeJob, given: Callable[[Stack], dict[str, Any]]
) -> None:
    assert make_job(**given(stack))


def test_what_is_in_the_same_region_is_taken(here: Stack, make_job: MakeJob) -> None:
    near = s3.Bucket.from_bucket_attributes(here, "Near", bucket_name="records", region=HERE)
    assert make_job(
        scope=here,
        model=BatchModel.foundation_model(model_arn(HERE)),
        input_data=InputData.from_bucket(near, "in/"),
        output_data=OutputData.to_bucket(s3.Bucket(here, "Results")),
        encryption_key=kms.Key(here, "Key"),
    )


def test_a_model_of_another_account_is_refused(here: Stack, make_job: MakeJob) -> None:
    model = BatchModel.custom_model(arn(f"custom-model/{NOVA}/abcdefghijkl", HERE, OTHER_ACCOUNT))
    with pytest.raises(ValueError, match=f"'model' must be in the account of its stack, {ACCOUNT}, got"):
        make_job(scope=here, model=model)


def test_a_model_of_another_partition_is_refused(here: Stack, make_job: MakeJob) -> None:
    model = BatchModel.foundation_model(model_arn("us-gov-west-1").replace("arn:aws:", "arn:aws-us-gov:"))
    with pytest.raises(ValueError, match="'model' must be in the partition of its stack, aws, got"):
        make_job(scope=here, model=model)


@pytest.mark.parametrize("region", ["us-east1", "Virginia"])
def test_a_stack_of_no_region_is_refused(make_job: MakeJob, region: str) -> None:
    stack = Stack(App(), "Stack", env=Environment(account=ACCOUNT, region=region))
    with pytest.raises(ValueError, match=f"'region' must be a Region of AWS, got '{region}'"):
        make_job(scope=stack)
    assert not stack.node.children


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        (
            f"arn:aws:iam::{OTHER_ACCOUNT}:role/r",
            f"account of its stack, {ACCOUNT}, got one of {OTHER_ACCOUNT}: a role",
        ),
        (f"arn:aws-us-gov:iam::{ACCOUNT}:role/r", "partition of its stack, aws, got"),
    ],
)
def test_a_role_that_cannot_be_passed_is_refused(here: Stack, make_job: MakeJob, arn: str, message: str) -> None:
    role = iam.Role.from_role_arn(here, "Role", arn)
    before = len(here.node.children)
    with pytest.raises(ValueError, match=f"'role' must be in the {message}"):
        make_job(scope=here, role=role)
    assert len(here.node.children) == before


def test_a_role_of_a_stack_of_another_account_is_refused(here: Stack, make_job: MakeJob) -> None:
    other = Stack(here.node.root, "There", env=Environment(account=OTHER_ACCOUNT, region=HERE))  # type: ignore[arg-type]  # an app is a construct
    role = iam.Role(other, "Role", role_name="r", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    with pytest.raises(ValueError, match=f"'role' must be in the account of its stack, {ACCOUNT}, got one of"):
        make_job(scope=here, role=role)


def test_a_role_of_another_account_is_taken_where_that_of_the_stack_is_not_known(
    stack: Stack, make_job: MakeJob
) -> None:
    assert make_job(role=iam.Role.from_role_arn(stack, "Role", f"arn:aws:iam::{OTHER_ACCOUNT}:role/r"))
