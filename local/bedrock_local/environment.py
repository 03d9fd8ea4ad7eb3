"""The environment of what runs against the local AWS: its AWS settings, and none of the user's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
# The emulator takes an access key of twelve digits for the root user of the account of that number.
ACCOUNT = "000000000000"
REGION = "us-east-1"
# The emulator's CloudFormation says so for every Region.
PARTITION = "aws"


def aws_settings(endpoint_url: str, secret: str) -> dict[str, str]:
    """Say what a process needs to talk to the local AWS, and to nothing else.

    Parameters
    ----------
    endpoint_url
        Where the local AWS listens.
    secret
        Its root users' secret access key.

    Returns
    -------
    dict
        Variables that the AWS CLI, the SDKs and the CDK CLI read
        (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html).
    """
    return {
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
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
