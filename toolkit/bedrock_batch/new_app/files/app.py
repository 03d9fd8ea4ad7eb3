"""One stack with one batch inference job over prompts.jsonl."""

import sys

from aws_cdk import App, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

RECORDS = "prompts.jsonl"


class BatchInference(Stack):
    """The job, and the buckets and the role that come with it."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.job = ModelInvocationJob(
            self,
            "Job",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_file(RECORDS),
        )


if __name__ == "__main__":
    app = App()
    try:
        BatchInference(app, "BatchInference")
        app.synth()
    except (ValueError, RuntimeError) as refused:
        # What the job refuses, and what the CDK does, is said in a sentence: the stack of calls below it would hide it.
        sys.exit(f"app.py: {refused}")
