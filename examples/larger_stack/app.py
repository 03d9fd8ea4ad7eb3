"""A job as a part of an application: its answers come into a table, and its failure to a topic.

When the job has completed, the function in `reader/` writes an item for each answer. When it fails, an alarm tells the
topic, to which people subscribe: `aws sns subscribe --topic-arn <the output TopicArn> --protocol email ...`.
Costs the tokens of a hundred short records, and a KMS key by the month.
`cdk destroy` leaves the table, and the two buckets with the records and the answers.
"""

from collections.abc import Iterator
from pathlib import Path

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

READER = Path(__file__).with_name("reader")


def records() -> Iterator[dict[str, object]]:
    """Ask for a title for each of a hundred chapters."""
    for chapter in range(1, 101):
        question = f"Invent a title for chapter {chapter} of a travel story."
        yield {
            "recordId": f"chapter-{chapter}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class LargerStack(Stack):
    """All that hears of the job is there before it, and finds the run that it is told of: also the next one."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        job = ModelInvocationJob(
            self,
            "Titles",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_records(records()),
        )
        self._write_answers(job)

        topic = self._failures()
        job.alarm_on_failed("Failed").add_alarm_action(actions.SnsAction(topic))
        CfnOutput(self, "TopicArn", value=topic.topic_arn, description="Who subscribes to it is told of a failure")

    def _write_answers(self, job: ModelInvocationJob) -> None:
        table = dynamodb.TableV2(
            self,
            "Chapters",
            partition_key=dynamodb.Attribute(name="chapter", type=dynamodb.AttributeType.STRING),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )
        reader = lambda_.Function(
            self,
            "Reader",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(READER)),
            # The usual three seconds may not do for the first one.
            timeout=Duration.minutes(1),
            environment={"OUTPUT_BASE_URI": job.output_base_uri, "TABLE": table.table_name},
        )
        job.grant_read_output(reader)
        table.grant(reader, "dynamodb:BatchWriteItem")
        job.on_completed("Completed", target=targets.LambdaFunction(reader))

    def _failures(self) -> sns.Topic:
        # An alarm tells no topic that SNS's own key encrypts, and has to be let use another.
        key = kms.Key(
            self,
            "FailuresKey",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        key.grant_encrypt_decrypt(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
        return sns.Topic(self, "Failures", master_key=key, enforce_ssl=True)


if __name__ == "__main__":
    app = App()
    LargerStack(app, "LargerStack")
    app.synth()
