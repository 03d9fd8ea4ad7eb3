"""Records and results that are in S3: what the API is told, and exactly what the service role may touch."""

import pytest
from aws_cdk import App, CfnParameter, Fn, Stack
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import InputData, OutputData

from ..conftest import ACCOUNT, PARTITION, MakeJob
from ..template import Synthesized, as_list

OWN = {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
OTHER = "111122223333"
THEIRS = {"StringEquals": {"aws:ResourceAccount": OTHER}}


def at(bucket: str, path: str = "") -> str:
    return f"arn:{PARTITION}:s3:::{bucket}{path}"


def access(stack: Stack) -> dict[str, list[tuple[str, object]]]:
    """What the service role may do in S3: action to resource and condition."""
    allowed = Synthesized.of(stack).allowed("SummariesJobRole")
    return {
        action: [(resource, s.get("Condition")) for s in found for resource in as_list(s["Resource"])]
        for action, found in allowed.items()
        if action.startswith("s3:")
    }


@pytest.mark.parametrize(
    ("key", "readable"),
    [("in/prompts.jsonl", "/in/prompts.jsonl"), ("in/", "/in/*"), ("a/b/c/", "/a/b/c/*"), ("", "/*")],
)
def test_a_bucket_is_read_in_the_place_that_is_named_and_nowhere_else(
    stack: Stack, make_job: MakeJob, key: str, readable: str
) -> None:
    bucket = s3.Bucket(stack, "Data")
    job = make_job(input_data=InputData.from_bucket(bucket, key))
    assert job.input_bucket is bucket
    location = Synthesized.of(stack).call["inputDataConfig"]["s3InputDataConfig"]
    assert location == {"s3Uri": f"s3://${{Data}}/{key}", "s3InputFormat": "JSONL"}
    granted = access(stack)
    assert granted["s3:GetObject"] == [(at("${Data}", readable), OWN)]
    assert ("${Data.Arn}", OWN) in granted["s3:ListBucket"]
    assert all("${Data}" not in resource for resource, _ in granted["s3:PutObject"])


@pytest.mark.parametrize(("prefix", "path"), [("", ""), ("out", "out/"), ("/a/b/", "a/b/")])
def test_a_bucket_is_written_below_the_prefix_and_nowhere_else(
    stack: Stack, make_job: MakeJob, prefix: str, path: str
) -> None:
    bucket = s3.Bucket(stack, "Data")
    job = make_job(output_data=OutputData.to_bucket(bucket, prefix))
    assert job.output_bucket is bucket
    template = Synthesized.of(stack)
    assert template.call["outputDataConfig"]["s3OutputDataConfig"] == {"s3Uri": f"s3://${{Data}}/{path}"}
    assert access(stack)["s3:PutObject"] == [(at("${Data}", f"/{path}*"), OWN)]
    assert len(template.all("AWS::S3::Bucket")) == 1


@pytest.mark.parametrize("owner", [None, OTHER])
def test_a_uri_is_read_and_written_in_the_account_that_is_named(
    stack: Stack, make_job: MakeJob, owner: str | None
) -> None:
    make_job(
        input_data=InputData.from_uri("s3://records/in/", bucket_owner=owner),
        output_data=OutputData.to_uri("s3://results/out", bucket_owner=owner),
    )
    call = Synthesized.of(stack).call
    told = {"s3BucketOwner": owner} if owner else {}
    source = {"s3Uri": "s3://records/in/", "s3InputFormat": "JSONL", **told}
    assert call["inputDataConfig"]["s3InputDataConfig"] == source
    assert call["outputDataConfig"]["s3OutputDataConfig"] == {"s3Uri": "s3://results/out/", **told}
    condition = THEIRS if owner else OWN
    assert access(stack) == {
        "s3:GetObject": [(at("records", "/in/*"), condition)],
        "s3:PutObject": [(at("results", "/out/*"), condition)],
        "s3:ListBucket": [(at("records"), condition), (at("results"), condition)],
    }


def test_a_bucket_of_another_account_tells_its_owner(stack: Stack, make_job: MakeJob) -> None:
    bucket = s3.Bucket.from_bucket_attributes(stack, "Theirs", bucket_name="theirs", account=OTHER)
    make_job(input_data=InputData.from_bucket(bucket, "in/"), output_data=OutputData.to_bucket(bucket))
    call = Synthesized.of(stack).call
    assert call["inputDataConfig"]["s3InputDataConfig"]["s3BucketOwner"] == OTHER
    assert call["outputDataConfig"]["s3OutputDataConfig"]["s3BucketOwner"] == OTHER
    assert {condition["StringEquals"]["aws:ResourceAccount"] for _, condition in access(stack)["s3:ListBucket"]} == {
        OTHER
    }


def test_a_bucket_of_the_stacks_own_account_needs_no_owner(make_job: MakeJob) -> None:
    stack = Stack(App(), "Stack", env={"account": OTHER, "region": "us-east-1"})
    bucket = s3.Bucket.from_bucket_attributes(stack, "Ours", bucket_name="ours", account=OTHER)
    make_job(scope=stack, input_data=InputData.from_bucket(bucket, "in/"))
    assert "s3BucketOwner" not in Synthesized.of(stack).call["inputDataConfig"]["s3InputDataConfig"]


def test_a_uri_that_only_cloudformation_knows_is_taken_apart_by_it(stack: Stack, make_job: MakeJob) -> None:
    uri = CfnParameter(stack, "Uri").value_as_string
    make_job(input_data=InputData.from_uri(uri))
    rest, bucket = "${${Uri} split at s3:// [1]}", "${${Uri} split at / [2]}"
    assert Synthesized.of(stack).call["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] == f"s3://{rest}"
    granted = access(stack)
    # Whether it is a key or a prefix is not known either, and a key is its own prefix.
    assert granted["s3:GetObject"] == [(at(rest, "*"), OWN)]
    assert (at(bucket), OWN) in granted["s3:ListBucket"]


def test_a_uri_with_a_token_in_it_keeps_its_known_parts(stack: Stack, make_job: MakeJob) -> None:
    name, day = Fn.import_value("Bucket"), CfnParameter(stack, "Day").value_as_string
    make_job(
        input_data=InputData.from_uri(f"s3://records/{day}/prompts.jsonl"),
        output_data=OutputData.to_bucket(s3.Bucket.from_bucket_name(stack, "Imported", name), day),
    )
    granted = access(stack)
    assert granted["s3:GetObject"] == [(at("records", "/${Day}/prompts.jsonl"), OWN)]
    ((written, _),) = granted["s3:PutObject"]
    assert str(written).endswith("/${Day}/*")


@pytest.mark.parametrize("path", ["date=2026-11-01/", "a//b/", "records.csv", "/a/", "a b.jsonl", "prompts"])
def test_a_path_that_bedrock_refuses_is_refused(stack: Stack, path: str) -> None:
    with pytest.raises(ValueError, match=r"'input_data' must .*, got "):
        InputData.from_bucket(s3.Bucket(stack, "Data"), path)


@pytest.mark.parametrize("prefix", ["date=2026-11-01", "a//b", "a b"])
def test_a_prefix_that_bedrock_refuses_is_refused(stack: Stack, prefix: str) -> None:
    with pytest.raises(ValueError, match=r"'output_data' must .*, got "):
        OutputData.to_bucket(s3.Bucket(stack, "Data"), prefix)
