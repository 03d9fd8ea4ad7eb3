"""A file that cannot be used is refused in one sentence, and makes no job."""

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Stack

from cdk_bedrock_batch import ModelInvocationJob

from .test_cli_input import FILLED, REQUIRED, Write, skeleton, write

__all__ = ["write"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (skeleton(), "job.json must be as the AWS CLI takes it, every field filled in or removed: .*jobName"),
        ("", "'path' must be a JSON file, got '.*job.json': "),
        ("{'jobName': 1}", "'path' must be a JSON file, got '.*job.json': "),
        ([FILLED], "job.json must be as the AWS CLI takes it, .*"),
        ("null", "job.json must be as the AWS CLI takes it, .*"),
        ({}, 'Missing required parameter in input: "jobName"'),
        ({**FILLED, "jobNames": "a"}, 'Unknown parameter in input: "jobNames", must be one of: jobName, '),
        ({**FILLED, "jobName": 5}, "Invalid type for parameter jobName, value: 5"),
        ({**FILLED, "jobName": "my_job"}, "'job_name' must match the API's pattern for jobName, got 'my_job'"),
        ({**FILLED, "roleArn": "Batch"}, "'roleArn' must match the API's pattern for roleArn, got 'Batch': .*job.json"),
        ({**FILLED, "timeoutDurationInHours": 0}, "Invalid value for parameter timeoutDurationInHours, value: 0"),
        ({**FILLED, "timeoutDurationInHours": 169}, "'timeout' must be 24 to 168 whole hours, got 169 hours"),
        ({**FILLED, "modelInvocationType": "Chat"}, "'modelInvocationType' must be one of InvokeModel, Converse, got"),
        (
            {**FILLED, "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://records/", "s3InputFormat": "CSV"}}},
            "'s3InputFormat' must be one of JSONL, got 'CSV'",
        ),
        (
            {**FILLED, "vpcConfig": {"subnetIds": ["subnet-1"]}},
            'Missing required parameter in vpcConfig: "securityGroup',
        ),
        (
            {
                **FILLED,
                "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://results/", "s3EncryptionKeyId": "k"}},
            },
            "'s3EncryptionKeyId' must match the API's pattern for s3EncryptionKeyId, got 'k'",
        ),
        ({**FILLED, "tags": [{"key": "team"}]}, r'Missing required parameter in tags\[0\]: "value"'),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(
    stack: Stack, write: Write, content: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        ModelInvocationJob.from_cli_input_json(stack, "Job", write(content))
    assert "\n" not in str(refused.value)
    assert not stack.node.try_find_child("Job")


@pytest.mark.parametrize("path", ["no-such-file.json", "", 5, None])
def test_a_path_of_no_file_is_shown(stack: Stack, path: Any) -> None:
    with pytest.raises(ValueError, match=r"'path' must be .*, got "):
        ModelInvocationJob.from_cli_input_json(stack, "Job", path)


def test_a_folder_is_no_file(stack: Stack, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'path' must be a JSON file, got "):
        ModelInvocationJob.from_cli_input_json(stack, "Job", tmp_path)


def test_a_parameter_that_nobody_knows_is_named(stack: Stack, write: Write) -> None:
    with pytest.raises(TypeError, match="wait_for"):
        ModelInvocationJob.from_cli_input_json(stack, "Job", write(REQUIRED), wait_for="end")
