"""Jobs as Bedrock shows them, looked at until they are where they should be."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from bedrock_local.running import RunningAws

ENDED = {"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"}
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Jobs:
    """The jobs of one local AWS."""

    aws: RunningAws

    @cached_property
    def bedrock(self) -> Any:
        return self.aws.client("bedrock")

    def get(self, arn: str) -> Mapping[str, Any]:
        job: Mapping[str, Any] = self.bedrock.get_model_invocation_job(jobIdentifier=arn)
        return job

    def ended(self, arn: str, client: Any = None) -> Mapping[str, Any]:
        """Return a job that has ended; the client is of its account and Region."""
        return self.in_status(arn, *ENDED, client=client)

    def in_status(self, arn: str, *wanted: str, client: Any = None) -> Mapping[str, Any]:
        client, deadline = client or self.bedrock, time.monotonic() + _PATIENCE_SECONDS
        while (job := client.get_model_invocation_job(jobIdentifier=arn))["status"] not in wanted:
            assert time.monotonic() < deadline, f"{arn} is still {job['status']}"
            time.sleep(0.2)
        return job

    def named(self, beginning: str) -> list[str]:
        """The ARNs of the jobs whose names begin so, as those of a stack do, oldest first."""
        return list(self.statuses(beginning))

    def statuses(self, beginning: str) -> dict[str, str]:
        """Their statuses by these ARNs."""
        paginator = self.bedrock.get_paginator("list_model_invocation_jobs")
        pages = paginator.paginate(nameContains=beginning, sortBy="CreationTime", sortOrder="Ascending")
        # A stack may be called as another one ends.
        return {
            job["jobArn"]: job["status"]
            for page in pages
            for job in page["invocationJobSummaries"]
            if job["jobName"].startswith(beginning)
        }


def objects(client: Any, uri: str) -> dict[str, bytes]:
    """Return what is below an S3 URI, by the rest of the key."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    keys = [found["Key"] for found in client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]
    return {key.removeprefix(prefix): client.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def recognised(lines: bytes) -> set[str]:
    """The ids of the records that have an answer."""
    answers = [json.loads(line) for line in lines.splitlines()]
    return {answer["recordId"] for answer in answers if "modelOutput" in answer}


def asked(job: Mapping[str, Any], client: Any) -> dict[str, Any]:
    """The bodies of a job's records by their ids."""
    return {
        each["recordId"]: each["modelInput"] for each in _lines(client, job["inputDataConfig"], "s3InputDataConfig")
    }


def answered(job: Mapping[str, Any], client: Any) -> dict[str, Any]:
    """The outputs of a job by the ids of their records."""
    lines = _lines(client, job["outputDataConfig"], "s3OutputDataConfig", f"{job['jobArn'].rpartition('/')[2]}/")
    return {each["recordId"]: each["modelOutput"] for each in lines if "recordId" in each}


def _lines(client: Any, config: Mapping[str, Any], member: str, below: str = "") -> Iterator[dict[str, Any]]:
    found = objects(client, config[member]["s3Uri"] + below).values()
    return map(json.loads, chain.from_iterable(content.splitlines() for content in found))


def tags(aws: RunningAws, arn: str) -> dict[str, str]:
    """The tags of a job, which may have ended: that Bedrock's own list does not tell them then is no news."""
    client = aws.client("resourcegroupstaggingapi")
    (found,) = client.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
    return {each["Key"]: each["Value"] for each in found["Tags"]}


def text_of(output: Mapping[str, Any]) -> str:
    return str(output["output"]["message"]["content"][0]["text"])
