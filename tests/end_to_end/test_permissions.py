"""Each permission of the function and of the service role is needed: without it the deployment fails and says why."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import DeploymentFailedError, Deployments, app

RecordFile = Callable[..., Path]
FUNCTION, ROLE = "BedrockBatchProviderRole", "JobJobRole"


@pytest.mark.parametrize(
    ("policy", "action", "message"),
    [
        (FUNCTION, "iam:PassRole", "perform: iam:PassRole on resource: arn:aws:iam::000000000000:role/"),
        (FUNCTION, "bedrock:CreateModelInvocationJob", "perform: bedrock:CreateModelInvocationJob on resource: arn:"),
        (ROLE, "s3:GetObject", "Could not validate GetObject permissions to access S3 bucket"),
        (ROLE, "s3:PutObject", "Could not validate PutObject permissions to access S3 bucket"),
        (ROLE, "s3:ListBucket", "Could not validate ListBucket permissions"),
    ],
)
def test_a_missing_permission_fails_the_deployment_with_its_name(
    deployments: Deployments, record_file: RecordFile, policy: str, action: str, message: str
) -> None:
    name = "Without" + action.partition(":")[2]
    with pytest.raises(DeploymentFailedError, match="failed"):
        deployments.deploy(app(record_file()), without=(policy, action), name=name)
    assert message in deployments.reasons(name)
    assert not {"Submitted", "Validating", "Scheduled", "InProgress"} & set(deployments.jobs(name).values())
