"""The AWS clients of a command: made here, passed on from here."""

import argparse
import os
from typing import Any
from urllib.parse import urlsplit

from bedrock_batch.errors import BedrockBatchError


def client(service: str, arguments: argparse.Namespace, *, region: str | None = None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Make a boto3 client with the ``--profile``, ``--region`` and ``--endpoint-url`` of the command line.

    Parameters
    ----------
    region : str
        For a service that is not in every Region. Default: that of the command line.

    Raises
    ------
    BedrockBatchError
        If the endpoint is no URL of a server, or the Region is missing or none.
    botocore.exceptions.BotoCoreError
        If the profile is unknown.
    """
    import boto3  # noqa: PLC0415 - slow to import, and few commands get here
    from botocore.exceptions import InvalidRegionError, NoRegionError  # noqa: PLC0415 - the same

    session: Any = boto3.Session(profile_name=arguments.profile, region_name=region or _named_region(arguments))
    try:
        made = session.client(service, endpoint_url=arguments.endpoint_url)
        _require_server(made.meta.endpoint_url)
    except (InvalidRegionError, NoRegionError) as error:
        raise BedrockBatchError(
            f"{str(error).rstrip('.')}; name one such as us-east-1 with --region, AWS_REGION or the profile"
        ) from None
    except ValueError as error:
        # Also what the environment and ~/.aws say; each error of the service's own is one of botocore's.
        raise BedrockBatchError(f"{error}; name an endpoint such as http://127.0.0.1:4566, or none for AWS") from None
    return made


def region_name(arguments: argparse.Namespace) -> str | None:
    """Tell the Region that clients are made for; None if nobody names one."""
    import boto3  # noqa: PLC0415 - slow to import, and few commands get here

    session: Any = boto3.Session(profile_name=arguments.profile, region_name=_named_region(arguments))
    region: str | None = session.region_name
    return region


def _named_region(arguments: argparse.Namespace) -> str | None:
    # Of the environment, boto3 itself reads AWS_DEFAULT_REGION only; for the AWS CLI this one goes before it.
    return arguments.region or os.environ.get("AWS_REGION")


def _require_server(url: str) -> None:
    # At which boto3 looks when it sends, if at all.
    try:
        parts = urlsplit(url)
        is_server = parts.scheme in ("http", "https") and not parts.query and parts.port != 0
    except ValueError:
        is_server = False
    if not is_server:
        raise ValueError(f"Invalid endpoint: {url}")
