"""Make the questions of the second job of the answers of the first."""

import json
from collections.abc import Iterator
from typing import Any

import boto3

S3 = boto3.client("s3")


def handler(event: dict[str, Any], context: object) -> None:  # noqa: ARG001 (Lambda calls it so)
    """Write the questions when the resource is made, and when it is told of other answers."""
    if event["RequestType"] == "Delete":
        return
    (source, folder), (target, key) = (place(event["ResourceProperties"][name]) for name in ("Answers", "Questions"))
    lines = [question(record_id, text) for record_id, text in answers(source, folder)]
    S3.put_object(Bucket=target, Key=key, Body="".join(lines).encode())


def question(record_id: str, slogan: str) -> str:
    """Ask about an answer, as a line of input: the id says which answer it was."""
    content = [{"text": f"Translate into Italian: {slogan}"}]
    return (
        json.dumps({"recordId": record_id, "modelInput": {"messages": [{"role": "user", "content": content}]}}) + "\n"
    )


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


def place(uri: str) -> tuple[str, str]:
    """Split an S3 URI into bucket and key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
