"""A job whose results the same deployment tells, with all that waits for its end."""

from collections.abc import Iterator

from aws_cdk import App, CfnOutput, CfnParameter, Duration, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, WaitUntil


def records() -> Iterator[dict[str, object]]:
    """Ask a hundred times for a rhyme."""
    for number in range(1, 101):
        question = f"Make a rhyme on the number {number}."
        yield {
            "recordId": f"rhyme-{number}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class FinishedStack(Stack):
    """The first job is known at synth; of the second only CloudFormation knows what it reads."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        model = BatchModel.foundation_model("amazon.nova-lite-v1:0")
        rhymes = ModelInvocationJob(
            self,
            "Rhymes",
            model=model,
            input_data=InputData.from_records(records()),
            wait_until=WaitUntil.FINISHED,
            accept_partial_completion=True,
        )
        CfnOutput(self, "RhymesUri", value=rhymes.output_uri)
        CfnOutput(self, "RhymesTokens", value=rhymes.output_tokens)

        month = CfnParameter(self, "Month", default="2026-11").value_as_string
        ModelInvocationJob(
            self,
            "Verses",
            model=model,
            input_data=InputData.from_uri(f"s3://records/{month}/"),
            wait_until=WaitUntil.FINISHED,
            wait_timeout=Duration.hours(2),
        )


if __name__ == "__main__":
    app = App()
    FinishedStack(app, "Finished")
    app.synth()
