"""Records that name pictures in S3."""

import json
from typing import Any

import pytest

from tests.local_aws.conftest import LocalAws, allow, records


def picture(uri: str) -> bytes:
    image = {"image": {"format": "png", "source": {"s3Location": {"uri": uri, "bucketOwner": "000000000000"}}}}
    body = {"messages": [{"role": "user", "content": [{"text": "What is this?"}, image]}]}
    return json.dumps({"recordId": "picture", "modelInput": body}).encode() + b"\n"


def outcome(aws: LocalAws, bucket: str, uri: str = "in/", **changes: Any) -> dict[str, Any]:
    location = {"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/{uri}"}}
    arn = aws.start(bucket, inputDataConfig=location, **changes)
    assert aws.end(arn)["status"] == "Completed"
    (answer,) = [each for each in aws.answers(bucket, arn) if each["recordId"] == "picture"]
    return answer


def bucket_with(aws: LocalAws, path: str) -> str:
    bucket = aws.bucket({"in/pictures/a.png": b"png", "elsewhere/a.png": b"png"})
    content = records(99) + picture(f"s3://{bucket}/{path}")
    aws.client("s3").put_object(Bucket=bucket, Key="in/in.jsonl", Body=content)
    return bucket


@pytest.mark.parametrize("invocation_type", ["InvokeModel", "Converse"])
def test_a_picture_in_the_folder_of_the_input_is_found(aws: LocalAws, invocation_type: str) -> None:
    bucket = bucket_with(aws, "in/pictures/a.png")
    assert "modelOutput" in outcome(aws, bucket, modelInvocationType=invocation_type)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("in/pictures/A.png", "does not exist or can not be read"),
        ("elsewhere/a.png", "is not in the folder of the job's input"),
    ],
)
def test_a_picture_that_is_not_there_is_the_error_of_its_record_only(aws: LocalAws, path: str, words: str) -> None:
    bucket = bucket_with(aws, path)
    error = outcome(aws, bucket)["error"]
    assert error["errorCode"] == 400
    assert error["errorMessage"] == f"The S3 location s3://{bucket}/{path} {words}"


def test_the_input_of_a_job_with_pictures_has_to_be_the_folder(aws: LocalAws) -> None:
    bucket = bucket_with(aws, "in/pictures/a.png")
    assert "is not in the folder" in outcome(aws, bucket, uri="in/in.jsonl")["error"]["errorMessage"]


def test_the_role_has_to_be_allowed_to_read_the_picture(aws: LocalAws) -> None:
    bucket = bucket_with(aws, "in/pictures/a.png")
    role = aws.role(
        allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"),
        allow("s3:GetObject", f"arn:aws:s3:::{bucket}/in/*.jsonl"),
        allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*"),
        allow("bedrock:InvokeModel", "*"),
    )
    assert "can not be read" in outcome(aws, bucket, roleArn=role)["error"]["errorMessage"]
