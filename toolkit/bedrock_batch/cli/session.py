"""The AWS clients of a command: made here, passed on from here."""

import argparse
import os
from typing import Any


def client(service: str, arguments: argparse.Namespace) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Make a boto3 client with the ``--profile``, ``--region`` and ``--endpoint-url`` of the command line.

    Raises
    ------
    botocore.exceptions.BotoCoreError
        If the profile or the Region is missing or unknown.
    """
    import boto3  # noqa: PLC0415 - slow to import, and few commands get here

    # Of the environment, boto3 itself reads AWS_DEFAULT_REGION only; for the AWS CLI this one goes before it.
    region = arguments.region or os.environ.get("AWS_REGION")
    session: Any = boto3.Session(profile_name=arguments.profile, region_name=region)
    return session.client(service, endpoint_url=arguments.endpoint_url)
