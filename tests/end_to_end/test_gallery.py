"""Every kind of model, data, key and network is deployed, and its job ends with the results where they should be."""

import json
from typing import Any

import pytest

from bedrock_local.environment import ACCOUNT, REGION

from .accounts import OTHER, client_of
from .gallery import MODEL, WORLDWIDE, World
from .jobs import Jobs, objects, recognised
from .stacks import Deployed, Stacks

ALL = {f"r{number}" for number in range(100)}
ARN = f"arn:aws:bedrock:{REGION}"
MODELS = {
    "Foundation": f"{ARN}::foundation-model/{MODEL}",
    "Geographic": f"{ARN}:{ACCOUNT}:inference-profile/us.{MODEL}",
    "AnyRegion": f"{ARN}:{ACCOUNT}:inference-profile/us.{MODEL}",
    "Global": f"{ARN}:{ACCOUNT}:inference-profile/global.{WORLDWIDE}",
    "Application": "application_profile",
    "AnyModel": "application_profile",
    "Custom": "custom_model",
}
INPUTS = {
    "File": ["first.jsonl"],
    "Files": ["first.jsonl", "second.jsonl"],
    "Directory": ["seen.jsonl"],
    "Records": ["records.jsonl"],
    "Key": ["one.jsonl"],
    "Prefix": ["a.jsonl", "b.jsonl"],
    "Uri": ["one.jsonl"],
    "Foreign": ["a.jsonl", "b.jsonl"],
    "Converse": ["records.jsonl"],
}
OUTPUTS = {
    "Own": "s3://BedrockBatchOutput/Outputs-Own-",
    "Bucket": "s3://Results/below/here/",
    "Uri": "s3://own-data/uri/",
    "ForeignUri": "s3://foreign-data/uri/",
    "ForeignBucket": "s3://foreign-data/bucket/",
}
#: The keys of the objects that the function puts in place, and of those that the job writes.
KEYS = {
    "OfTheJob": ("One", "One"),
    "OfSomebody": ("key_arn", "key_arn"),
    "OfTheBuckets": ("key_arn", "Another"),
    "OfTheOutput": ("key_arn", "One"),
}


def completed(jobs: Jobs, deployed: Deployed, name: str) -> Any:
    job = jobs.ended(deployed.jobs[name])
    assert job["status"] == "Completed", job.get("message")
    return job


def places(job: Any) -> tuple[str, str]:
    """The URIs of the input and of the job's own results."""
    source = job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]
    target = job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    return source, f"{target}{job['jobArn'].rpartition('/')[2]}/"


@pytest.mark.parametrize("name", MODELS)
def test_each_kind_of_model_answers(
    gallery: dict[str, Deployed], jobs: Jobs, stacks: Stacks, world: World, name: str
) -> None:
    job = completed(jobs, gallery["Models"], name)
    assert job["modelId"] == getattr(world, MODELS[name], MODELS[name])
    results = objects(stacks.s3, places(job)[1])
    assert recognised(results["records.jsonl.out"]) == ALL


@pytest.mark.parametrize("name", INPUTS)
def test_each_kind_of_input_is_read(gallery: dict[str, Deployed], jobs: Jobs, stacks: Stacks, name: str) -> None:
    job = completed(jobs, gallery["Inputs"], name)
    results = objects(stacks.s3, places(job)[1])
    assert sorted(results) == sorted(["manifest.json.out", *(f"{file}.out" for file in INPUTS[name])])
    for file in INPUTS[name]:
        assert recognised(results[f"{file}.out"]) == ALL
    assert json.loads(results["manifest.json.out"])["successRecordCount"] == 100 * len(INPUTS[name])


def test_media_stand_beside_the_records_that_refer_to_them(
    gallery: dict[str, Deployed], jobs: Jobs, stacks: Stacks, world: World
) -> None:
    source, _ = places(completed(jobs, gallery["Inputs"], "Directory"))
    staged = objects(stacks.s3, source)
    image = "images/dot.jpg"
    assert staged[image] == (world.directory() / image).read_bytes()
    first = json.loads(staged["seen.jsonl"].splitlines()[0])
    (content,) = first["modelInput"]["messages"][0]["content"]
    assert content["image"]["source"]["s3Location"]["uri"] == source + image


def test_a_record_may_have_the_shape_of_converse(gallery: dict[str, Deployed], jobs: Jobs) -> None:
    assert completed(jobs, gallery["Inputs"], "Converse")["modelInvocationType"] == "Converse"
    assert completed(jobs, gallery["Inputs"], "Records")["modelInvocationType"] == "InvokeModel"


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_kind_of_output_is_written(gallery: dict[str, Deployed], jobs: Jobs, stacks: Stacks, name: str) -> None:
    job = completed(jobs, gallery["Outputs"], name)
    target = places(job)[1]
    bucket, _, rest = OUTPUTS[name].removeprefix("s3://").partition("/")
    if "-" not in bucket:
        bucket = gallery["Outputs"].of_type("AWS::S3::Bucket", bucket)
    assert target.startswith(f"s3://{bucket}/{rest}")
    foreign = bucket == "foreign-data"
    assert job["outputDataConfig"]["s3OutputDataConfig"]["s3BucketOwner"] == (OTHER if foreign else ACCOUNT)
    results = objects(client_of(stacks.aws, "s3", OTHER) if foreign else stacks.s3, target)
    assert recognised(results["records.jsonl.out"]) == ALL


@pytest.mark.parametrize("name", KEYS)
def test_input_and_results_are_encrypted_with_the_key_that_was_asked_for(
    gallery: dict[str, Deployed], jobs: Jobs, stacks: Stacks, world: World, name: str
) -> None:
    for uri, key in zip(places(completed(jobs, gallery["Keys"], name)), KEYS[name], strict=True):
        expected = world.key_arn if key == "key_arn" else _key_arn(gallery["Keys"].of_type("AWS::KMS::Key", key))
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        for found in stacks.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]:
            assert stacks.s3.head_object(Bucket=bucket, Key=found["Key"])["SSEKMSKeyId"] == expected


@pytest.mark.parametrize(("name", "groups"), [("OwnGroup", 1), ("Groups", 2)])
def test_a_job_is_in_the_subnets_and_groups_of_its_vpc(
    gallery: dict[str, Deployed], jobs: Jobs, stacks: Stacks, name: str, groups: int
) -> None:
    config = completed(jobs, gallery["Network"], name)["vpcConfig"]
    vpc = gallery["Network"].of_type("AWS::EC2::VPC")
    ec2 = stacks.aws.client("ec2")
    subnets = ec2.describe_subnets(SubnetIds=config["subnetIds"])["Subnets"]
    found = ec2.describe_security_groups(GroupIds=config["securityGroupIds"])["SecurityGroups"]
    assert (len(subnets), len(found)) == (2, groups)
    assert {each["VpcId"] for each in (*subnets, *found)} == {vpc}
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 2


def test_a_job_without_a_vpc_has_no_vpc_config(gallery: dict[str, Deployed], jobs: Jobs) -> None:
    assert "vpcConfig" not in completed(jobs, gallery["Network"], "Without")


def test_hours_reach_the_job(gallery: dict[str, Deployed], jobs: Jobs) -> None:
    assert completed(jobs, gallery["Network"], "Groups")["timeoutDurationInHours"] == 48
    assert completed(jobs, gallery["Network"], "Without")["timeoutDurationInHours"] == 24


def _key_arn(id: str) -> str:
    return id if id.startswith("arn:") else f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{id}"
