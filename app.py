"""The example app: one stack with one job over the records that examples/stdlib_modules.py makes."""

import sys
from pathlib import Path

from aws_cdk import App, Stack

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

INPUT = Path(__file__).parent / "build" / "local" / "input" / "stdlib-modules.jsonl"

app = App()
stack = Stack(app, "BedrockBatchExample", description="Summaries of Python's standard library, by batch inference")
try:
    ModelInvocationJob(
        stack,
        "Summaries",
        model=BatchModel.foundation_model(app.node.try_get_context("model") or "amazon.nova-lite-v1:0"),
        input_data=InputData.from_file(app.node.try_get_context("input") or str(INPUT)),
        run_token=app.node.try_get_context("run"),
    )
except ValueError as refused:
    # What is wrong with the input is said in one sentence; the stack of calls below it would only hide it.
    sys.exit(f"app.py: {refused}")
app.synth()
