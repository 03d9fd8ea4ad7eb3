"""The least that makes a job: a model and records.

Costs the tokens of a hundred short records. `cdk destroy` leaves the two buckets, with the records and the answers.
"""

from collections.abc import Iterator

from aws_cdk import App, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob


def records() -> Iterator[dict[str, object]]:
    """Ask for the numbers from 1 to 100, which is as few records as most models take."""
    for number in range(1, 101):
        question = f"Write the number {number} in French words."
        yield {
            "recordId": f"number-{number}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class MinimalStack(Stack):
    """A job with buckets and a service role of its own; the stack has its ARN as an output."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ModelInvocationJob(
            self,
            "Numbers",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_records(records()),
        )


if __name__ == "__main__":
    app = App()
    MinimalStack(app, "Minimal")
    app.synth()
