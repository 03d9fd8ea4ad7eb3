"""A dataset of any size, every night: what is new below a prefix, in as many jobs as it takes.

`bedrock-batch run --stack NightlyPipeline` does not wait for the night. Deploying runs nothing; a run costs the tokens
of its records, a night without new ones next to nothing. `cdk destroy` leaves both buckets, with records and results.
"""

from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData, OutputData


class NightlyPipelineStack(Stack):
    """Two buckets, the pipeline between them, and a schedule; `alarm_when_late` tells of nights without results."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        articles, summaries = self._bucket("Articles"), self._bucket("Summaries")
        nightly = BatchInferencePipeline(
            self,
            "Nightly",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_bucket(articles, "incoming/"),
            output_data=OutputData.to_bucket(summaries, "nightly"),
            only_new=True,
        )
        nightly.on_schedule("EveryNight", events.Schedule.cron(hour="2", minute="0"))

    def _bucket(self, id: str) -> s3.Bucket:
        return s3.Bucket(
            self,
            id,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
        )


if __name__ == "__main__":
    app = App()
    NightlyPipelineStack(app, "NightlyPipeline")
    app.synth()
