"""Another account in the local AWS."""

from typing import Any

import boto3

from bedrock_local.environment import REGION
from bedrock_local.running import RunningAws

OTHER = "111122223333"


def client_of(aws: RunningAws, service: str, account: str, *, region: str = REGION) -> Any:
    """A client as an account's root user, whose access key the emulator takes from the account's number."""
    return boto3.client(
        service, region, endpoint_url=aws.endpoint_url, aws_access_key_id=account, aws_secret_access_key=aws.secret
    )
