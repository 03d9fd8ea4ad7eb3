"""A job that runs wherever its geography has capacity, with the same records for every family of models."""

from collections.abc import Iterator

from aws_cdk import App, Duration, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, WaitUntil


def records() -> Iterator[dict[str, object]]:
    """Ask in the form of the Converse API, which no model wants differently."""
    for year in range(1901, 2001):
        question = f"Name one invention of the year {year}."
        yield {
            "recordId": f"year-{year}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class CrossRegionProfileStack(Stack):
    """A job by a cross-Region inference profile; nobody waits for Bedrock to look at the records."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ModelInvocationJob(
            self,
            "Inventions",
            # Where the profile routes to; the service role may call the profile, and the model there.
            model=BatchModel.inference_profile(
                "us.anthropic.claude-haiku-4-5-20251001-v1:0", regions=["us-east-1", "us-east-2", "us-west-2"]
            ),
            input_data=InputData.from_records(records()),
            invocation_type=InvocationType.CONVERSE,
            timeout=Duration.hours(72),
            wait_until=WaitUntil.SUBMITTED,
        )


if __name__ == "__main__":
    app = App()
    CrossRegionProfileStack(app, "CrossRegionProfile")
    app.synth()
