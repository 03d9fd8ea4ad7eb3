"""The AWS clients of a command: made here, passed on from here."""

import argparse
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
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
    from botocore.exceptions import InvalidRegionError, NoRegionError  # noqa: PLC0415 - slow to import

    try:
        with _nothing_collected():
            made = _session(arguments, region).client(service, arguments.endpoint_url)
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
    region: str | None = _session(arguments).own.get_config_variable("region")
    return region


class _Session:
    """What the clients of a command in one Region share, which is read once."""

    def __init__(self, profile: str | None, region: str | None) -> None:
        from botocore.session import Session  # noqa: PLC0415 - slow to import, and few commands get here

        from bedrock_batch.cli.service_data import ServiceData  # noqa: PLC0415 - the same

        self.own: Any = Session(profile=profile)
        self.own.register_component("data_loader", ServiceData(self.own.get_config_variable("data_path")))
        if region:
            self.own.set_config_variable("region", region)

    @cached_property
    def transferring(self) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """boto3's, whose client of S3 uploads and downloads files in parts."""
        import boto3  # noqa: PLC0415 - slow to import, and only S3 needs it

        return boto3.Session(botocore_session=self.own)

    def client(self, service: str, endpoint_url: str | None) -> Any:  # noqa: ANN401 - as above
        make = self.transferring.client if service == "s3" else self.own.create_client
        return make(service, endpoint_url=endpoint_url)


def _session(arguments: argparse.Namespace, region: str | None = None) -> _Session:
    # With the command line, so that nothing outlives a command.
    sessions: dict[str | None, _Session] = vars(arguments).setdefault("sessions", {})
    named = region or _named_region(arguments)
    if named not in sessions:
        sessions[named] = _Session(arguments.profile, named)
    return sessions[named]


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage while modules and clients are made, of which there is a lot, and none of it is garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _named_region(arguments: argparse.Namespace) -> str | None:
    # Of the environment, botocore itself reads AWS_DEFAULT_REGION only; for the AWS CLI this one goes before it.
    return arguments.region or os.environ.get("AWS_REGION")


def _require_server(url: str) -> None:
    # At which botocore looks when it sends, if at all.
    try:
        parts = urlsplit(url)
        is_server = parts.scheme in ("http", "https") and not parts.query and parts.port != 0
    except ValueError:
        is_server = False
    if not is_server:
        raise ValueError(f"Invalid endpoint: {url}")
