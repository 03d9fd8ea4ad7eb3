"""A dataset of any size, every night: all records below a prefix, in as many jobs as they take."""

from aws_cdk import App, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData, OutputData


class NightlyPipelineStack(Stack):
    """Two buckets, the pipeline between them, and a schedule."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        articles = s3.Bucket(self, "Articles", enforce_ssl=True, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
        summaries = s3.Bucket(self, "Summaries", enforce_ssl=True, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
        nightly = BatchInferencePipeline(
            self,
            "Nightly",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_bucket(articles, "incoming/"),
            output_data=OutputData.to_bucket(summaries, "nightly"),
        )
        nightly.on_schedule("EveryNight", events.Schedule.cron(hour="2", minute="0"))


if __name__ == "__main__":
    app = App()
    NightlyPipelineStack(app, "NightlyPipeline")
    app.synth()
