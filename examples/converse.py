"""The same records for every family of models, in the form of the Converse API, and a model of several Regions.

Most of the newest models take batch inference through a cross-Region inference profile only. Nobody waits here for
Bedrock to look at the records: `bedrock-batch watch --stack Converse` does that.
Costs the tokens of a hundred short records. `cdk destroy` leaves the two buckets, with the records and the answers.
"""

from collections.abc import Iterator

from aws_cdk import App, Duration, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, WaitUntil


def records() -> Iterator[dict[str, object]]:
    """Ask as Converse is asked, whatever the model: with a system prompt, and no more than a short answer."""
    for year in range(1901, 2001):
        question = f"Name one invention of the year {year}."
        yield {
            "recordId": f"year-{year}",
            "modelInput": {
                "system": [{"text": "Answer in one sentence."}],
                "messages": [{"role": "user", "content": [{"text": question}]}],
                "inferenceConfig": {"maxTokens": 60},
            },
        }


class ConverseStack(Stack):
    """Another model is another id here, and nothing else."""

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
    ConverseStack(app, "Converse")
    app.synth()
