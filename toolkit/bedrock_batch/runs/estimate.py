"""What a run would come to, from a list of its input and the beginning of its first object."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from bedrock_batch.files.s3_uri import S3Uri
from bedrock_batch.records.check_report import estimated_tokens
from bedrock_batch.records.input.source import SUFFIX
from bedrock_batch.runs.pipeline import RunError
from bedrock_batch.runs.seen import not_taken
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

    from bedrock_batch.runs.pipeline import Pipeline

_SAMPLE = 1024 * 1024
#: The share of what a job takes that the pipeline fills.
_TARGET = 0.8


@dataclass(frozen=True)
class RunEstimate:
    """What there is, and about what that comes to.

    Attributes
    ----------
    objects, bytes : int
        What the input has, or what is new of it if the pipeline takes only that.
    records, jobs : int
        About how many.
    sampled : int
        How many records were counted, of which the others are supposed to have the length.
    sample : S3Uri
        In the beginning of which object; the input itself if nothing is new.
    """

    objects: int
    bytes: int
    records: int
    jobs: int
    sampled: int
    sample: S3Uri

    @property
    def tokens(self) -> int:
        """Roughly how many input tokens will be paid for; see `CheckReport.estimated_tokens`."""
        return estimated_tokens(self.bytes)

    def __str__(self) -> str:
        if not self.objects:
            return "nothing is new since the last run that succeeded"
        there = f"{counted(self.objects, 'object')}, {self.bytes:,} bytes"
        about = f"about {counted(self.records, 'record')} in about {counted(self.jobs, 'job')}"
        return f"{there}: {about}, as {self.sampled:,} in the first MiB of {self.sample} tell"


def estimate_run(s3: S3Client, pipeline: Pipeline) -> RunEstimate:
    """Estimate what a run would come to that began now.

    Parameters
    ----------
    s3
        Client.
    pipeline : Pipeline
        The pipeline.

    Raises
    ------
    RunError
        If its input has no records.
    botocore.exceptions.ClientError
        If S3 refuses.
    """
    source = S3Uri.parse(pipeline.input_uri)
    objects, size, first = 0, 0, ""
    for each in not_taken(s3, pipeline, _objects(s3, source)):
        objects, size, first = objects + 1, size + each["Size"], first or each["Key"]
    if not first and next(_objects(s3, source), None):
        return RunEstimate(0, 0, 0, 0, 0, source)
    if not first:
        raise RunError(f"{source} has no object with records whose key ends in {SUFFIX}; upload them first")
    content = s3.get_object(Bucket=source.bucket, Key=first, Range=f"bytes=0-{_SAMPLE - 1}")["Body"].read()
    whole = content[: content.rfind(b"\n") + 1] or content
    sampled = sum(bool(line.strip()) for line in whole.split(b"\n")) or 1
    records = max(round(size * sampled / len(whole)), 1)
    return RunEstimate(objects, size, records, _jobs(pipeline, records, size), sampled, S3Uri(source.bucket, first))


def _jobs(pipeline: Pipeline, records: int, size: int) -> int:
    limits = pipeline.limits
    by_records = records / (_TARGET * min(limits.records_per_file, limits.records_per_job))
    by_bytes = size / (_TARGET * min(limits.bytes_per_file, limits.bytes_per_job))
    return ceil(max(by_records, by_bytes))


def _objects(s3: S3Client, source: S3Uri) -> Iterator[ObjectTypeDef]:
    """List what a run reads: an object, or what a folder and those below have."""
    folder = f"{source.key.rstrip('/')}/" if source.key else ""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=source.bucket, Prefix=source.key):
        for each in page.get("Contents", []):
            key, is_named = each["Key"], each["Key"] == source.key
            if each["Size"] and key.endswith(SUFFIX) and (is_named or key.startswith(folder)):
                yield each
            if is_named and key.endswith(SUFFIX):
                return
