"""Jobs as Bedrock shows them, looked at until they are where they should be."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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
