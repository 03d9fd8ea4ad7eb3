"""Where a command works: the Region and account that its user or the environment names; and clients for others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from bedrock_local.environment import ACCOUNT, PARTITION, REGION, check_region
from bedrock_local.errors import LocalAwsError
from bedrock_local.names.place import Place

if TYPE_CHECKING:
    import argparse

    from bedrock_local.running import RunningAws

# In the order in which the SDKs look: https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
_REGION_NAMES = ("AWS_REGION", "AWS_DEFAULT_REGION", "CDK_DEFAULT_REGION")
# What the AWS CLI and the SDKs have no variable for.
_ACCOUNT_NAME = "CDK_DEFAULT_ACCOUNT"
_ACCOUNT_DIGITS = 12


def home(options: argparse.Namespace) -> Place:
    """Return the Region and account of who runs a command.

    Parameters
    ----------
    options
        With ``region``, which counts before the environment.

    Raises
    ------
    LocalAwsError
        If the option, or a variable of the environment, says what is none.
    """
    said = next((name for name in _REGION_NAMES if os.environ.get(name)), None)
    if options.region or said is None:
        region = check_region(options.region or REGION, "--region")
    else:
        region = check_region(os.environ[said], said)
    account = os.environ.get(_ACCOUNT_NAME) or ACCOUNT
    if not (len(account) == _ACCOUNT_DIGITS and account.isdecimal()):
        raise LocalAwsError(f"{_ACCOUNT_NAME} must be the twelve digits of an account, got {account!r}; unset it")
    return Place(PARTITION, region, account)


def at_home(running: RunningAws, options: argparse.Namespace) -> RunningAws:
    """Return the local AWS for the Region and account of who runs a command; see `home`."""
    place = home(options)
    return running.at(place.region, place.account)


class Clients:
    """Clients of one service, each made once, for whatever an ARN names.

    Parameters
    ----------
    aws
        The local AWS.
    service
        boto3's name of the service.
    """

    def __init__(self, aws: RunningAws, service: str) -> None:
        self._aws, self._service = aws, service
        self._made: dict[Place, Any] = {}

    def of(self, arn: str) -> Any:  # noqa: ANN401 - boto3 makes the class of a client when it is asked for one
        """Return the client for the account and Region of an ARN."""
        return self.at(Place.of(arn))

    def at(self, place: Place) -> Any:  # noqa: ANN401 - as `of`
        """Return the client for a place."""
        if place not in self._made:
            self._made[place] = self._aws.at(place.region, place.account).client(self._service)
        return self._made[place]
