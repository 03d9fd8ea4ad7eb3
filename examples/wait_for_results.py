"""A stack that is complete when the results are there: what uses them is made after them.

The deployment takes as long as the job, minutes to hours, and fails if there are no results within six of them.
Costs the tokens of a hundred short records. `cdk destroy` leaves the two buckets, with the records and the answers.
"""

from collections.abc import Iterator

from aws_cdk import App, CfnOutput, Duration, Stack
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, WaitUntil


def records() -> Iterator[dict[str, object]]:
    """Ask for a translation of each of a hundred labels."""
    for label in range(1, 101):
        yield {
            "recordId": f"label-{label}",
            "modelInput": {
                "messages": [{"role": "user", "content": [{"text": f"Translate to French: label {label}"}]}]
            },
        }


class WaitForResultsStack(Stack):
    """The parameter names results that can be read: it is changed when a run has succeeded, and not before."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        job = ModelInvocationJob(
            self,
            "Translations",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_records(records()),
            wait_until=WaitUntil.FINISHED,
            wait_timeout=Duration.hours(6),
            accept_partial_completion=True,
        )
        ssm.StringParameter(self, "Newest", string_value=job.output_uri, description="Where the translations are")
        CfnOutput(self, "Translated", value=job.succeeded_records, description="Records that have an answer")
        CfnOutput(self, "Failed", value=job.failed_records, description="Records that have none")


if __name__ == "__main__":
    app = App()
    WaitForResultsStack(app, "WaitForResults")
    app.synth()
