"""Stacks that together use everything that a job can be given, and what has to be there before them."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aws_cdk import CfnParameter, Duration, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from bedrock_local.environment import ACCOUNT, REGION
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, OutputData, WaitUntil

from .accounts import OTHER, client_of

MODEL = "amazon.nova-lite-v1:0"
#: There is a global profile of it.
WORLDWIDE = "amazon.nova-2-lite-v1:0"
FOUNDATION = BatchModel.foundation_model(MODEL)
#: Where a geographic profile routes to: "Supported Regions and models for inference profiles" in the user guide.
REGIONS = ["us-east-1", "us-east-2", "us-west-2"]
JPEG = base64.b64decode("/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////2Q==")


def records(count: int = 100, text: str = "Say hello") -> list[dict[str, Any]]:
    return [_record(number, [{"text": f"{text} {number}"}]) for number in range(count)]


def jsonl(items: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(item) + "\n" for item in items).encode()


def job(scope: Construct, id: str, **parameters: Any) -> ModelInvocationJob:
    """A job that does not keep its stack waiting, of whatever is not said otherwise."""
    chosen: dict[str, Any] = {
        "model": FOUNDATION,
        "input_data": InputData.from_records(records()),
        "wait_until": WaitUntil.SUBMITTED,
        **parameters,
    }
    return ModelInvocationJob(scope, id, **chosen)


@dataclass(frozen=True)
class World:
    """What a user has before any stack: data in S3 here and in another account, models, a profile, a key."""

    aws: RunningAws
    folder: Path

    @cached_property
    def own_bucket(self) -> str:
        return self._bucket(self.aws.client("s3"), "own-data")

    @cached_property
    def foreign_bucket(self) -> str:
        """A bucket of another account that lets this one in."""
        client = client_of(self.aws, "s3", OTHER)
        bucket = self._bucket(client, "foreign-data")
        resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": resources, "Principal": {"AWS": ACCOUNT}}
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        return bucket

    @cached_property
    def encrypted_bucket(self) -> str:
        """A bucket whose default is `key_arn`, with records that make results of more than 8 MiB."""
        name, client = self._bucket(self.aws.client("s3"), "encrypted-data"), self.aws.client("s3")
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key_arn}
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        client.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=rules)
        client.put_object(Bucket=name, Key="large.jsonl", Body=jsonl(records(text="hello " * 8_000)))
        return name

    @cached_property
    def key_arn(self) -> str:
        return str(self.aws.client("kms").create_key()["KeyMetadata"]["Arn"])

    @cached_property
    def custom_model(self) -> str:
        source = {"s3DataSource": {"s3Uri": "s3://bucket/model/"}}
        client = self.aws.client("bedrock")
        return str(client.create_custom_model(modelName=f"{MODEL}/abcdefghijkl", modelSourceConfig=source)["modelArn"])

    @cached_property
    def application_profile(self) -> str:
        source = {"copyFrom": f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"}
        client = self.aws.client("bedrock")
        made = client.create_inference_profile(inferenceProfileName="team", modelSource=source)
        return str(made["inferenceProfileArn"])

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def directory(self) -> Path:
        image = {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "images/dot.jpg"}}}}
        self.file("media/images/dot.jpg", JPEG)
        path = self.file("media/seen.jsonl", jsonl(_record(number, [image]) for number in range(100)))
        return path.parent

    def _bucket(self, client: Any, name: str) -> str:
        client.create_bucket(Bucket=name)
        for key in ("one.jsonl", "all/a.jsonl", "all/b.jsonl"):
            client.put_object(Bucket=name, Key=key, Body=jsonl(records()))
        return name


def models(stack: Stack, world: World) -> None:
    job(stack, "Foundation")
    job(stack, "Geographic", model=BatchModel.inference_profile(f"us.{MODEL}", regions=REGIONS))
    job(stack, "Global", model=BatchModel.inference_profile(f"global.{WORLDWIDE}", regions=REGIONS[:1]))
    behind = [f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"]
    profile = BatchModel.application_inference_profile(world.application_profile, model_arns=behind)
    job(stack, "Application", model=profile)
    job(stack, "AnyRegion", model=BatchModel.inference_profile(f"us.{MODEL}"))
    job(stack, "AnyModel", model=BatchModel.application_inference_profile(world.application_profile))
    through = BatchModel.inference_profile(f"us.{MODEL}", regions=REGIONS, only_through_profile=True)
    job(stack, "ThroughProfile", model=through)
    arn = f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"
    for name, make, given in (
        ("Foundation", BatchModel.foundation_model, (MODEL, arn)),
        (
            "Profile",
            BatchModel.inference_profile,
            (f"us.{MODEL}", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/us.{MODEL}"),
        ),
    ):
        for form, value in zip(("Id", "Arn"), given, strict=True):
            job(
                stack,
                f"{name}By{form}",
                model=make(CfnParameter(stack, f"{name}{form}", default=value).value_as_string),
            )
    job(stack, "Custom", model=BatchModel.custom_model(world.custom_model))


def inputs(stack: Stack, world: World) -> None:
    own = s3.Bucket.from_bucket_name(stack, "Own", world.own_bucket)
    files = [world.file(f"{name}.jsonl", jsonl(records(text=name))) for name in ("first", "second")]
    given = {
        "File": InputData.from_file(files[0]),
        "Files": InputData.from_files(files),
        "Directory": InputData.from_directory(world.directory()),
        "Records": InputData.from_records(records()),
        "Key": InputData.from_bucket(own, "one.jsonl"),
        "Prefix": InputData.from_bucket(own, "all/"),
        "Uri": InputData.from_uri(f"s3://{world.own_bucket}/one.jsonl"),
        "Foreign": InputData.from_uri(f"s3://{world.foreign_bucket}/all/", bucket_owner=OTHER),
    }
    for name, data in given.items():
        job(stack, name, input_data=data)
    converse = [{**each, "modelInput": {"messages": each["modelInput"]["messages"]}} for each in records()]
    job(stack, "Converse", input_data=InputData.from_records(converse), invocation_type=InvocationType.CONVERSE)


def outputs(stack: Stack, world: World) -> None:
    bucket = s3.Bucket(stack, "Results", removal_policy=RemovalPolicy.DESTROY)
    foreign = s3.Bucket.from_bucket_attributes(stack, "Other", bucket_name=world.foreign_bucket, account=OTHER)
    job(stack, "Own")
    job(stack, "Bucket", output_data=OutputData.to_bucket(bucket, "below/here"))
    job(stack, "Uri", output_data=OutputData.to_uri(f"s3://{world.own_bucket}/uri/"))
    job(stack, "ForeignUri", output_data=OutputData.to_uri(f"s3://{world.foreign_bucket}/uri/", bucket_owner=OTHER))
    job(stack, "ForeignBucket", output_data=OutputData.to_bucket(foreign, "bucket/"))


def keys(stack: Stack, world: World) -> None:
    """Results of more than 8 MiB are written in parts, which takes a permission of its own."""
    one, other = (kms.Key(stack, name, removal_policy=RemovalPolicy.DESTROY) for name in ("One", "Another"))
    imported = kms.Key.from_key_arn(stack, "Imported", world.key_arn)
    source = s3.Bucket.from_bucket_attributes(
        stack, "Source", bucket_name=world.encrypted_bucket, encryption_key=imported
    )
    target = s3.Bucket(stack, "Target", encryption_key=other)
    large = InputData.from_bucket(source, "large.jsonl")
    job(stack, "OfTheJob", encryption_key=one)
    job(stack, "OfSomebody", encryption_key=imported)
    job(stack, "OfTheBuckets", input_data=large, output_data=OutputData.to_bucket(target))
    named = OutputData.to_bucket(target, "named", encryption_key=one)
    job(stack, "OfTheOutput", input_data=large, output_data=named)


def isolated(stack: Stack) -> tuple[ec2.Vpc, ec2.SubnetSelection]:
    """Make a VPC of two subnets without a way out."""
    kind = ec2.SubnetType.PRIVATE_ISOLATED
    subnets = ec2.SubnetConfiguration(name="isolated", subnet_type=kind)
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0, subnet_configuration=[subnets])
    return vpc, ec2.SubnetSelection(subnet_type=kind)


def network(stack: Stack, world: World) -> None:  # noqa: ARG001 (all builders are called alike)
    vpc, chosen = isolated(stack)
    groups = [ec2.SecurityGroup(stack, name, vpc=vpc) for name in ("Group", "Other")]
    job(stack, "OwnGroup", vpc=vpc, vpc_subnets=chosen)
    job(stack, "Groups", vpc=vpc, vpc_subnets=chosen, security_groups=groups, timeout=Duration.hours(48))
    job(stack, "Without")


#: Each makes its stack, called after itself.
GALLERY: dict[str, Callable[[Stack, World], None]] = {
    each.__name__.title(): each for each in (models, inputs, outputs, keys, network)
}


def _record(number: int, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"recordId": f"r{number}", "modelInput": {"messages": [{"role": "user", "content": content}]}}
