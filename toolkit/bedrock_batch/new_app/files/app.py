"""One stack with one batch inference job over prompts.jsonl."""

import sys

from aws_cdk import App, Stack

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

app = App()
try:
    stack = Stack(app, "BatchInference")
    ModelInvocationJob(
        stack,
        "Job",
        model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
        input_data=InputData.from_file("prompts.jsonl"),
    )
    app.synth()
except (ValueError, RuntimeError) as refused:
    # What the job refuses, and what the CDK does, is said in a sentence: the stack of calls below it would hide it.
    sys.exit(f"app.py: {refused}")
