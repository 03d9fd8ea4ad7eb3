"""A function that reads the results when the job has completed, and writes what it makes of them."""

from collections.abc import Iterator

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

READER = """
import json, os
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    job_id = event["detail"]["batchJobArn"].rpartition("/")[2]
    bucket, _, folder = os.environ["OUTPUT_BASE_URI"].removeprefix("s3://").partition("/")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{folder}{job_id}/")
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    titles = dict(title for key in keys if key.endswith(".jsonl.out") for title in read(bucket, key))
    s3.put_object(Bucket=os.environ["TITLES"], Key=f"{job_id}.json", Body=json.dumps(titles))

def read(bucket, key):
    for line in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_lines():
        record = json.loads(line)
        # A record has an answer or an error; both may be in one file.
        if "modelOutput" in record:
            yield record["recordId"], record["modelOutput"]["output"]["message"]["content"][0]["text"]
"""


def records() -> Iterator[dict[str, object]]:
    """Ask for a title for each of a hundred chapters."""
    for chapter in range(1, 101):
        question = f"Invent a title for chapter {chapter} of a travel story."
        yield {
            "recordId": f"chapter-{chapter}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class ReadResultsStack(Stack):
    """The event names the job, so the reader finds the results of whichever run has completed."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        job = ModelInvocationJob(
            self,
            "Titles",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_records(records()),
        )
        titles = s3.Bucket(self, "TitlesOfAll", enforce_ssl=True, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
        reader = lambda_.Function(
            self,
            "Reader",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            # The usual three seconds may not do for the first one.
            timeout=Duration.minutes(1),
            code=lambda_.Code.from_inline(READER),
            environment={"OUTPUT_BASE_URI": job.output_base_uri, "TITLES": titles.bucket_name},
        )
        job.grant_read_output(reader)
        titles.grant_put(reader)
        job.on_completed("Completed", target=targets.LambdaFunction(reader))


if __name__ == "__main__":
    app = App()
    ReadResultsStack(app, "ReadResults")
    app.synth()
