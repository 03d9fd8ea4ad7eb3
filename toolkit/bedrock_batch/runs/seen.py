"""What of its input a pipeline has not taken yet that takes only what is new: its last run has left a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

    from bedrock_batch.runs.pipeline import Pipeline


def not_taken(s3: S3Client, pipeline: Pipeline, listed: Iterable[ObjectTypeDef]) -> Iterator[ObjectTypeDef]:
    """Yield what a run takes that begins now.

    Parameters
    ----------
    s3
        Client.
    pipeline : Pipeline
        The pipeline.
    listed
        The objects of its input, in the order of their keys, as those of the list are.

    Raises
    ------
    botocore.exceptions.ClientError
        If S3 refuses.
    """
    seen = _seen(s3, pipeline) if pipeline.only_new else iter(())
    known = next(seen, [])
    for each in listed:
        found = [each["Key"], each["ETag"]]
        while known and known[0] < found[0]:
            known = next(seen, [])
        if known != found:
            yield each


def _seen(s3: S3Client, pipeline: Pipeline) -> Iterator[list[str]]:
    last = pipeline.below_output("runs/last.json")
    if s3.list_objects_v2(Bucket=last.bucket, Prefix=last.key, MaxKeys=1).get("KeyCount"):
        run = json.loads(s3.get_object(Bucket=last.bucket, Key=last.key)["Body"].read())["Run"]
        seen = pipeline.below_output(f"runs/{run}/seen.jsonl")
        yield from map(json.loads, s3.get_object(Bucket=seen.bucket, Key=seen.key)["Body"].iter_lines())
