"""The role that Bedrock assumes to read the input, call the model and write the output."""

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct


def job_role(scope: Construct) -> iam.Role:
    """Make a role that only Bedrock can assume, and only for a model invocation job of this account and Region.

    The conditions stand in the role's only trust statement; in a second one they would bind nobody.
    Source: "Create a custom service role for batch inference" (batch-iam-sr) in the Bedrock user guide.
    """
    bedrock = iam.ServicePrincipal(
        "bedrock.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
            "ArnEquals": {"aws:SourceArn": any_job_arn(scope)},
        },
    )
    return iam.Role(scope, "JobRole", assumed_by=bedrock, description="Bedrock assumes it to run a batch inference job")


def any_job_arn(scope: IConstruct) -> str:
    """Return the ARN pattern of the jobs of the stack's account and Region; Bedrock chooses the ids."""
    return Stack.of(scope).format_arn(
        service="bedrock",
        resource="model-invocation-job",
        resource_name="*",
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
