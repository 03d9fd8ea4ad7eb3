"""The environment of what runs against the local AWS: its AWS settings, and none of the user's own."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bedrock_local.errors import LocalAwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
# The emulator takes an access key of twelve digits for the root user of the account of that number.
ACCOUNT = "000000000000"
REGION = "us-east-1"
# The emulator's CloudFormation says so for every Region.
PARTITION = "aws"

_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-\d{1,2}")
_OF_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")


def check_region(region: str, what: str) -> str:
    """Return a Region, if the local AWS has it.

    Parameters
    ----------
    region
        For instance ``eu-west-1``.
    what
        What says it, as its user knows it.

    Raises
    ------
    LocalAwsError
        If it is none, or one of another partition.
    """
    if not _REGION.fullmatch(region):
        raise LocalAwsError(f"{what} must be the name of a Region like eu-west-1, got {region!r}")
    if region.startswith(_OF_OTHER_PARTITIONS):
        raise LocalAwsError(
            f"{what} is {region}, which is of another partition than {PARTITION}, and the local AWS has no other; "
            "name a Region like eu-west-1"
        )
    return region


def aws_settings(endpoint_url: str, secret: str, region: str = REGION, account: str = ACCOUNT) -> dict[str, str]:
    """Say what a process needs to talk to the local AWS, and to nothing else.

    Parameters
    ----------
    endpoint_url
        Where the local AWS listens.
    secret
        Its root users' secret access key.
    region, account
        Where the process works. Default: ``us-east-1``, and the account ``000000000000``.

    Returns
    -------
    dict
        Variables that the AWS CLI, the SDKs and the CDK CLI read
        (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html).
    """
    return {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": endpoint_url,
        # Profiles, SSO sessions and services sections in the user's files count for nothing.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def isolated(inherited: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Replace every AWS setting of an environment: credentials, profile, region, endpoints, tokens.

    Parameters
    ----------
    inherited
        An environment, usually this process's own.
    settings
        The AWS settings to have instead.

    Returns
    -------
    dict
        A whole environment, in which no proxy stands between a process and loopback.
    """
    kept = {name: value for name, value in inherited.items() if not name.startswith("AWS_")}
    for name in ("NO_PROXY", "no_proxy"):
        kept[name] = ",".join(filter(None, [kept.get(name), HOST]))
    return {**kept, **settings}
