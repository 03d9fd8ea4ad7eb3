"""Write the answers of a job that has completed into a table."""

import json
import os
from collections.abc import Iterator
from typing import Any

import boto3

S3 = boto3.client("s3")
TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event: dict[str, Any], context: object) -> None:  # noqa: ARG001 (Lambda calls it so)
    """Find the results by the job that the event names, and write an item for each answer."""
    job_id = event["detail"]["batchJobArn"].rpartition("/")[2]
    bucket, _, folder = os.environ["OUTPUT_BASE_URI"].removeprefix("s3://").partition("/")
    with TABLE.batch_writer() as items:
        for chapter, title in answers(bucket, f"{folder}{job_id}/"):
            items.put_item(Item={"chapter": chapter, "title": title, "job": job_id})


def answers(bucket: str, folder: str) -> Iterator[tuple[str, str]]:
    """Read the id and the text of each record that has an answer."""
    pages = S3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    for key in keys:
        if key.endswith(".jsonl.out"):
            for line in S3.get_object(Bucket=bucket, Key=key)["Body"].iter_lines():
                record = json.loads(line)
                # A record has an answer or an error; both may be in one file.
                if "modelOutput" in record:
                    yield record["recordId"], record["modelOutput"]["output"]["message"]["content"][0]["text"]
