"""A job whose end is announced: a topic for its events, an alarm on a dashboard, and readers of its results."""

from collections.abc import Iterator

from aws_cdk import App, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob


def records() -> Iterator[dict[str, object]]:
    """Ask for a title for each of a hundred chapters."""
    for chapter in range(1, 101):
        question = f"Invent a title for chapter {chapter} of a travel story."
        yield {
            "recordId": f"chapter-{chapter}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class ReactToTheEndStack(Stack):
    """Who subscribes to the topic is told how the job ended; the editors can read its results."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        job = ModelInvocationJob(
            self,
            "Titles",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_records(records()),
        )

        topic = self._topic()
        job.on_completed("Completed", target=targets.SnsTopic(topic))
        alarm = job.alarm_on_failed("Failed")
        alarm.add_alarm_action(actions.SnsAction(topic))
        cloudwatch.Dashboard(self, "Dashboard", widgets=[[job.widget(), cloudwatch.AlarmWidget(alarm=alarm)]])

        # Who in this account may assume it is said where people are managed.
        editors = iam.Role(self, "Editors", assumed_by=iam.AccountRootPrincipal())
        job.grant_read_output(editors)
        job.grant_describe(editors)

    def _topic(self) -> sns.Topic:
        key = kms.Key(self, "TopicKey", description="Ends of batch inference jobs", enable_key_rotation=True)
        for service in ("events.amazonaws.com", "cloudwatch.amazonaws.com"):
            # Who publishes to an encrypted topic needs its key: "Key management" in the SNS developer guide.
            key.grant_encrypt_decrypt(iam.ServicePrincipal(service))
        return sns.Topic(self, "Ends", master_key=key, enforce_ssl=True)


if __name__ == "__main__":
    app = App()
    ReactToTheEndStack(app, "ReactToTheEnd")
    app.synth()
