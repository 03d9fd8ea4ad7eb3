"""A job for each language: one service role, one function and two buckets for all of them.

Costs the tokens of five hundred short records; a language whose records have changed is all that the next deployment
pays for. `cdk destroy` leaves the two buckets, with the records and the answers.
"""

from collections.abc import Iterator

from aws_cdk import App, Stack, Tags
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

LANGUAGES = ["Dutch", "French", "Greek", "Polish", "Swedish"]


def records(language: str) -> Iterator[dict[str, object]]:
    """Ask for the same hundred numbers in a language."""
    for number in range(1, 101):
        question = f"Write the number {number} in {language} words."
        yield {
            "recordId": f"number-{number}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class ManyJobsStack(Stack):
    """Jobs that share what they can; each is replaced when its own records change."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        role = None
        for language in LANGUAGES:
            job = ModelInvocationJob(
                self,
                language,
                model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
                input_data=InputData.from_records(records(language)),
                role=role,
            )
            Tags.of(job).add("language", language)
            role = job.role


if __name__ == "__main__":
    app = App()
    ManyJobsStack(app, "ManyJobs")
    app.synth()
