"""What a run would come to, from a list of its input and the beginning of that."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from bedrock_batch.files.s3_uri import S3Uri
from bedrock_batch.records.input.source import SUFFIX
from bedrock_batch.records.tokens import NO_TEXTS, SAMPLE_BYTES, SAMPLE_FILES, Texts, TextSample
from bedrock_batch.runs.pipeline import RunError
from bedrock_batch.runs.seen import not_taken
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

    from bedrock_batch.runs.pipeline import Pipeline

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
    is_counted : bool
        Whether these are all, so that the number of records is no estimate.
    texts : Texts
        How much text they have.
    """

    objects: int
    bytes: int
    records: int
    jobs: int
    sampled: int
    is_counted: bool
    texts: Texts = NO_TEXTS

    @property
    def tokens(self) -> int:
        """Roughly how many input tokens will be paid for; see `CheckReport.estimated_tokens`."""
        return self.texts.tokens(self.bytes)

    def __str__(self) -> str:
        if not self.objects:
            return "nothing is new since the last run that succeeded"
        there = f"{counted(self.objects, 'object')}, {self.bytes:,} bytes"
        if self.is_counted:
            return f"{there}: {counted(self.records, 'record')} in about {counted(self.jobs, 'job')}"
        about = f"about {counted(self.records, 'record')} in about {counted(self.jobs, 'job')}"
        return f"{there}: {about}, as the first {self.sampled:,} tell, in the first MiB of up to {SAMPLE_FILES} objects"


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
    first: list[ObjectTypeDef] = []
    objects = size = 0
    for each in not_taken(s3, pipeline, _objects(s3, source)):
        objects, size = objects + 1, size + each["Size"]
        first += [each] if objects <= SAMPLE_FILES else []
    if not first and next(_objects(s3, source), None):
        return RunEstimate(0, 0, 0, 0, 0, is_counted=True)
    if not first:
        raise RunError(f"{source} has no object with records whose key ends in {SUFFIX}; upload them first")
    sampled, of_bytes, texts = _sampled(s3, source.bucket, first)
    records = max(round(size * sampled / of_bytes), 1)
    return RunEstimate(
        objects, size, records, _jobs(pipeline, records, size), sampled, is_counted=of_bytes == size, texts=texts
    )


def _sampled(s3: S3Client, bucket: str, objects: Iterable[ObjectTypeDef]) -> tuple[int, int, Texts]:
    """Count the records in the first MiB, an object after another; and the bytes that they are, and their texts."""
    records, size, texts = 0, 0, TextSample()
    for each in objects:
        left = SAMPLE_BYTES - size
        if left <= 0:
            break
        content = s3.get_object(Bucket=bucket, Key=each["Key"], Range=f"bytes=0-{left - 1}")["Body"].read()
        # The last line of an object is one without a newline, too; that of a part of it may be half a line.
        whole = content if len(content) == each["Size"] else content[: content.rfind(b"\n") + 1] or content
        lines = [line for line in whole.split(b"\n") if line.strip()]
        texts.add(lines)
        records, size = records + len(lines), size + len(whole)
        if len(content) < each["Size"]:
            break
    return max(records, 1), size, texts.found


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
