"""One app for development and production: the same stack, with another model, other tags, and data kept otherwise.

`cdk deploy Reviews-dev` deploys one of them. Both go to the account of your credentials, each in a Region of its own;
`--context prod-account=...` has production in another account. Either has to be bootstrapped.
Costs the tokens of a hundred short records a stack. `cdk destroy Reviews-dev` leaves nothing; of production the two
buckets stay, with the records, and for a year the answers.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack, Tags
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob


@dataclass(frozen=True)
class Settings:
    """All that is not the same in each environment."""

    name: str
    region: str
    model: BatchModel
    removal_policy: RemovalPolicy
    results_retention: Duration


DEVELOPMENT = Settings(
    name="dev",
    region="us-east-1",
    model=BatchModel.foundation_model("amazon.nova-micro-v1:0"),
    removal_policy=RemovalPolicy.DESTROY,
    results_retention=Duration.days(7),
)
PRODUCTION = Settings(
    name="prod",
    region="us-west-2",
    model=BatchModel.inference_profile("us.amazon.nova-pro-v1:0", regions=["us-east-1", "us-east-2", "us-west-2"]),
    removal_policy=RemovalPolicy.RETAIN,
    results_retention=Duration.days(365),
)


def records() -> Iterator[dict[str, object]]:
    """Ask for a reply to each of a hundred reviews."""
    for number in range(1, 101):
        question = f"Reply politely to review {number}: the tea was cold."
        yield {
            "recordId": f"review-{number}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class ReviewsStack(Stack):
    """A job with the settings of its environment, whose name all of its resources have as a tag."""

    def __init__(self, scope: Construct, id: str, settings: Settings, *, account: str | None) -> None:
        super().__init__(scope, id, env=Environment(account=account, region=settings.region))
        Tags.of(self).add("environment", settings.name)
        ModelInvocationJob(
            self,
            "Replies",
            model=settings.model,
            input_data=InputData.from_records(records()),
            removal_policy=settings.removal_policy,
            results_retention=settings.results_retention,
        )


if __name__ == "__main__":
    app = App()
    own = os.environ.get("CDK_DEFAULT_ACCOUNT")
    ReviewsStack(app, "Reviews-dev", DEVELOPMENT, account=own)
    ReviewsStack(app, "Reviews-prod", PRODUCTION, account=app.node.try_get_context("prod-account") or own)
    app.synth()
