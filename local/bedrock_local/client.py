"""boto3 clients that talk to the local AWS and nothing else, whatever the user's environment and AWS files say."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.session import Session

_UNSET = (None, None, None, None)

_CONFIG = Config(  # type: ignore[call-arg]  # the published types lack auth_scheme_preference
    # Said here, or a bearer token for Bedrock in the environment would be sent instead of a signature.
    auth_scheme_preference="aws.auth#sigv4",
    # Each of these can be in the environment, and does not go with an endpoint on loopback.
    proxies={},
    use_fips_endpoint=False,
    use_dualstack_endpoint=False,
)


@cache
def make_client(service: str, endpoint_url: str, secret: str, region: str, account: str) -> Any:  # noqa: ANN401 - boto3 makes the class when it is asked
    """Make a client as the root user of an account, for a Region; the same one again for whoever asks again.

    To make one takes 0.1 s of a processor, and who follows jobs or a deployment asks several times a second. Threads
    may share it: https://docs.aws.amazon.com/boto3/latest/guide/clients.html, "Multithreading or multiprocessing".
    """
    session = Session()
    for file in ("config_file", "credentials_file"):
        session.set_config_variable(file, os.devnull)
    # No profile: setting it to nothing would still look for AWS_PROFILE.
    session.session_var_map["profile"] = _UNSET
    maker: Any = boto3.Session(account, secret, region_name=region, botocore_session=session)
    return maker.client(service, endpoint_url=endpoint_url, config=_CONFIG)
