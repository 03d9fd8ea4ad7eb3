"""The stacks that are deployed: the one of the README's first lines, and the same one waiting for its results."""

import sys
from typing import Any

from aws_cdk import App, CliCredentialsStackSynthesizer, Stack, Tags

from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, WaitUntil

app = App()


def context(name: str) -> str:
    return str(app.node.get_context(name))


def stack(name: str, **parameters: Any) -> None:
    # The account needs no bootstrap, and nothing of it is touched: the assets go where the records are.
    synthesizer = CliCredentialsStackSynthesizer(file_assets_bucket_name=context("bucket"), bucket_prefix="assets/")
    ModelInvocationJob(
        Stack(app, f"{context('prefix')}{name}", synthesizer=synthesizer),
        "Job",
        model=BatchModel.foundation_model(context("model")),
        input_data=InputData.from_file(context("input")),
        invocation_type=InvocationType.CONVERSE,
        **parameters,
    )


try:
    stack("Quickstart")
    stack("Finished", wait_until=WaitUntil.FINISHED)
except ValueError as refused:
    sys.exit(f"app.py: {refused}")
Tags.of(app).add(context("tag"), context("region"))
app.synth()
