"""A job that reads and writes buckets of another account, whose owner has to allow it.

The buckets and the number of the account stand for yours. Costs the tokens of the records that are there. `cdk destroy`
leaves the answers, which are the other account's.
"""

from aws_cdk import App, CfnOutput, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData


class OtherAccountStack(Stack):
    """A job without a bucket of its own.

    The synthesis warns of what the owner must allow in the bucket policies: the ARN of the role is an output for them.
    """

    def __init__(self, scope: Construct, id: str, *, owner: str) -> None:
        super().__init__(scope, id)
        job = ModelInvocationJob(
            self,
            "Reviews",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            # With its owner's number a bucket that somebody else made under the same name is refused.
            input_data=InputData.from_uri("s3://acme-reviews/2026-11/", bucket_owner=owner),
            output_data=OutputData.to_uri("s3://acme-review-summaries/2026-11/", bucket_owner=owner),
        )
        CfnOutput(self, "JobRoleArn", value=job.role.role_arn, description="Who the bucket policies have to allow")


if __name__ == "__main__":
    app = App()
    OtherAccountStack(app, "OtherAccount", owner="111122223333")
    app.synth()
