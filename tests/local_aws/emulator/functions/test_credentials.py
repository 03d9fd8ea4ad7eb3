"""The credentials of a function are its role's, and only the function has them."""

import hashlib
import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.seeing_functions import CREDENTIALS, seen_by_a_function


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        yield running


def test_nobody_can_compute_the_credentials_of_a_function(aws: RunningAws) -> None:
    seen = seen_by_a_function(aws, "secretive")
    arn = seen["_LAMBDA_FUNCTION_ARN"]
    own = tuple(seen[name] for name in CREDENTIALS)
    assert identity(aws, *own) == "arn:aws:sts::000000000000:assumed-role/secretive/secretive"
    # As the emulator makes them by itself.
    digest = sha256(f"{arn}:arn:aws:iam::000000000000:role/secretive")
    computed = (f"ASIA{digest[:16].upper()}", sha256(f"secret:{digest}"), sha256(f"token:{digest}"))
    assert not set(own) & set(computed)
    for key, secret, token in (computed, (own[0], *computed[1:]), (own[0], own[1], computed[2])):
        with pytest.raises(ClientError, match=r"InvalidClientTokenId|SignatureDoesNotMatch"):
            identity(aws, key, secret, token)


def test_a_function_that_has_started_keeps_its_credentials(aws: RunningAws) -> None:
    first = seen_by_a_function(aws, "steady")
    function = aws.client("lambda")
    assert json.loads(function.invoke(FunctionName="steady")["Payload"].read()) == first
    assert identity(aws, *(first[name] for name in CREDENTIALS)).endswith("/steady")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def identity(aws: RunningAws, key: str, secret: str, token: str) -> str:
    client = boto3.client(
        "sts",
        "us-east-1",
        endpoint_url=aws.endpoint_url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(proxies={}),
    )
    return str(client.get_caller_identity()["Arn"])
