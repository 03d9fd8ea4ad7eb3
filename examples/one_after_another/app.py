"""Two jobs, of which the second asks about what the first has answered, in one deployment.

Bedrock writes answers and reads questions, so somebody makes the one of the other: the function in `asker/`, which
CloudFormation calls between the jobs, and again whenever the first has been run again.
Costs the tokens of 240 short records. The deployment takes as long as the first job: minutes to hours.
`cdk destroy` leaves the buckets, with all questions and answers.
"""

from collections.abc import Iterator
from pathlib import Path

from aws_cdk import App, CustomResource, Duration, RemovalPolicy, Stack, custom_resources
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, WaitUntil

ASKER = Path(__file__).with_name("asker")


def records() -> Iterator[dict[str, object]]:
    """Ask for more slogans than a job needs: what has no answer is no question of the second job."""
    for number in range(1, 121):
        question = f"Write a slogan for tea blend number {number}."
        yield {
            "recordId": f"blend-{number}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class OneAfterAnotherStack(Stack):
    """The second job reads a folder that is named by the first one's id, so it is run again when that is."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        model = BatchModel.foundation_model("amazon.nova-lite-v1:0")
        slogans = ModelInvocationJob(
            self,
            "Slogans",
            model=model,
            input_data=InputData.from_records(records()),
            wait_until=WaitUntil.FINISHED,
            wait_timeout=Duration.hours(6),
        )
        questions = s3.Bucket(
            self,
            "Questions",
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
        )
        asked = self._asked(slogans, questions)
        translations = ModelInvocationJob(
            self, "Translations", model=model, input_data=InputData.from_bucket(questions, f"{slogans.job_id}/")
        )
        translations.node.add_dependency(asked)

    def _asked(self, job: ModelInvocationJob, questions: s3.Bucket) -> CustomResource:
        asker = lambda_.Function(
            self,
            "Asker",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(ASKER)),
            timeout=Duration.minutes(10),
        )
        job.grant_read_output(asker)
        questions.grant_put(asker)
        provider = custom_resources.Provider(self, "Provider", on_event_handler=asker)
        return CustomResource(
            self,
            "Asked",
            service_token=provider.service_token,
            properties={
                "Answers": job.output_uri,
                "Questions": questions.s3_url_for_object(f"{job.job_id}/questions.jsonl"),
            },
        )


if __name__ == "__main__":
    app = App()
    OneAfterAnotherStack(app, "OneAfterAnother")
    app.synth()
