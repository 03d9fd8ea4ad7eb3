"""A job between other parts of a stack: its records are put into a bucket by the same deployment, before it."""

import json
from collections.abc import Iterator

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData, WaitUntil

MONTH = "2026-11"


def lines() -> Iterator[str]:
    """Ask for a summary of each of a hundred articles."""
    for article in range(1, 101):
        content = [{"text": f"Summarize: article {article} of {MONTH} says that number {article} is a number."}]
        yield json.dumps(
            {
                "recordId": f"article-{article}",
                "modelInput": {"messages": [{"role": "user", "content": content}]},
            }
        )


class LargerStack(Stack):
    """Buckets that others use too; the job comes when its records are there."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        articles = s3.Bucket(self, "Articles", enforce_ssl=True, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
        summaries = s3.Bucket(self, "Summaries", enforce_ssl=True, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
        upload = s3_deployment.BucketDeployment(
            self,
            "Upload",
            sources=[s3_deployment.Source.data("articles.jsonl", "\n".join(lines()))],
            destination_bucket=articles,
            destination_key_prefix=MONTH,
        )
        job = ModelInvocationJob(
            self,
            "Summarize",
            model=BatchModel.inference_profile(
                "us.amazon.nova-lite-v1:0", regions=["us-east-1", "us-east-2", "us-west-2"]
            ),
            input_data=InputData.from_bucket(articles, f"{MONTH}/"),
            output_data=OutputData.to_bucket(summaries, MONTH),
            job_name="summaries",
            timeout=Duration.hours(48),
            wait_until=WaitUntil.SUBMITTED,
        )
        # The bucket is as new as the stack: without this the job might look into it first, and fail.
        job.node.add_dependency(upload)


if __name__ == "__main__":
    app = App()
    LargerStack(app, "LargerStack")
    app.synth()
