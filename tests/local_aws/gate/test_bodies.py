"""Bodies are bounded, and not read before it is known that their sender may."""

import gzip
import hashlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT

from .calls import Call, answer

HUGE = str(64 * 1024**2)
FAULTS = Call("/_bedrock/faults", "POST", service="bedrock")


@contextmanager
def connection(aws: RunningAws) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", aws.port), timeout=30) as opened:
        yield opened


def head(aws: RunningAws, call: Call, **more: str) -> bytes:
    headers = {"Host": f"127.0.0.1:{aws.port}", **call.headers, **{name.replace("_", "-"): more[name] for name in more}}
    lines = [f"{call.method} {call.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def test_who_may_not_is_refused_before_a_body_is_read(aws: RunningAws) -> None:
    refused = {
        "unsigned": FAULTS,
        "another key": FAULTS.signed(aws, "AKIAIOSFODNN7EXAMPLE", "wrong"),
        "an object, unsigned": Call("/some/key", "PUT"),
        "an object, another secret": Call("/some/key", "PUT").signed(aws, ACCOUNT, "wrong"),
        "an open path": Call("/_ministack/cfn-response/x", "PUT"),
        "a closed path": Call("/_ministack/config", "POST"),
    }
    for who, call in refused.items():
        with connection(aws) as opened:
            # Not one byte of the body is sent, and the answer comes all the same.
            opened.sendall(head(aws, call, Content_Length=HUGE))
            assert answer(opened).split()[1] in {b"403", b"413"}, who


@pytest.mark.parametrize("announced", ["65537", str(10**15), "-1", "1_0", "x"])
def test_more_than_a_fault_needs_is_refused_unread(aws: RunningAws, announced: str) -> None:
    with connection(aws) as opened:
        opened.sendall(head(aws, FAULTS.signed(aws, ACCOUNT, aws.secret), Content_Length=announced))
        assert answer(opened).split()[1] in {b"400", b"413"}


def test_a_body_of_unknown_length_is_read_as_far_as_it_may_go(aws: RunningAws) -> None:
    with connection(aws) as opened:
        opened.sendall(head(aws, FAULTS.signed(aws, ACCOUNT, aws.secret), Transfer_Encoding="chunked"))
        chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
        try:
            for _ in range(64):
                opened.sendall(chunk)
        except OSError:
            # It was told to stop; what it was told was on its way before.
            return
        assert answer(opened).split()[1] == b"413"


@pytest.mark.parametrize(
    ("service", "headers"), [("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.PutItem"}), ("iam", {}), ("lambda", {})]
)
def test_a_service_takes_no_more_than_aws_does(aws: RunningAws, service: str, headers: dict[str, str]) -> None:
    call = Call("/", "POST", headers, service=service).signed(aws, ACCOUNT, aws.secret)
    with connection(aws) as opened:
        opened.sendall(head(aws, call, Content_Length=str(80 * 1024**2)))
        assert answer(opened).split()[1] == b"413"


def test_an_object_of_more_than_five_gibibytes_comes_in_parts(aws: RunningAws) -> None:
    call = Call("/some/key", "PUT").signed(aws, ACCOUNT, aws.secret)
    with connection(aws) as opened:
        opened.sendall(head(aws, call, Content_Length=str(5 * 1024**3 + 1)))
        told = answer(opened)
    assert (told.split()[1], b"EntityTooLarge" in told) == (b"413", True)


def test_a_connection_that_ends_within_a_body_leaves_nothing(aws: RunningAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="half")
    call = Call("/half/key", "PUT", body=b"x" * 1000).signed(aws, ACCOUNT, aws.secret)
    with connection(aws) as opened:
        opened.sendall(head(aws, call, Content_Length="1000") + b"x" * 500)
    assert s3.list_objects_v2(Bucket="half")["KeyCount"] == 0


def test_what_is_in_bounds_arrives_as_it_was_sent(aws: RunningAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="whole")
    content = bytes(range(256)) * 40_000
    s3.put_object(Bucket="whole", Key="k", Body=content)
    assert s3.get_object(Bucket="whole", Key="k")["Body"].read() == content
    # A body that the signature covers, which is read before it is handed on.
    aws.client("ssm").put_parameter(Name="p", Value="v" * 4000, Type="String")
    assert aws.client("ssm").get_parameter(Name="p")["Parameter"]["Value"] == "v" * 4000


SMALL = gzip.compress(b"{}", mtime=0)


@pytest.mark.parametrize("encoding", ["gzip", "GZip", "identity, gzip"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SMALL, 200),
        (gzip.compress(b" " * 17 * 2**20, mtime=0), 413),
        # More than one file, which readers take for one: the more of them, the longer each.
        (SMALL * 2, 400),
        (gzip.compress(b"", mtime=0) * 700_000, 400),
        (SMALL + b"\0" * 9, 400),
        (SMALL[:-1], 400),
        (SMALL[:9], 400),
        (b"{}", 400),
    ],
    ids=["small", "large", "two", "very many", "padded", "cut off", "no content", "not compressed"],
)
def test_a_compressed_body_is_bounded_by_what_it_holds(
    aws: RunningAws, encoding: str, body: bytes, expected: int
) -> None:
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Encoding": encoding}
    for more in ({}, {"X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest()}):
        call = Call("/", "POST", headers | more, body, "dynamodb").signed(aws, ACCOUNT, aws.secret)
        assert call.status(aws) == expected


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Encoding": "aws-chunked"},
        {"Content-Encoding": "aws-chunked, gzip"},
        {"Content-Encoding": "gzip", "X-Amz-Decoded-Content-Length": "22"},
        {"Content-Encoding": "gzip", "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
def test_chunks_are_for_s3_alone(aws: RunningAws, headers: dict[str, str]) -> None:
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SMALL), SMALL)
    target = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
    call = Call("/", "POST", target | headers, body, "dynamodb").signed(aws, ACCOUNT, aws.secret)
    status, _, told = call.send(aws)
    assert (status, b"Only S3 takes a body in aws-chunked" in told) == (400, True)


def test_s3_keeps_what_is_compressed_as_it_is(aws: RunningAws) -> None:
    bomb = gzip.compress(b" " * 2**20) * 17
    aws.client("s3").create_bucket(Bucket="compressed")
    aws.client("s3").put_object(Bucket="compressed", Key="k", Body=bomb, ContentEncoding="gzip")
    assert aws.client("s3").head_object(Bucket="compressed", Key="k")["ContentLength"] == len(bomb)


WAITING = """
import asyncio, os
from bedrock_local.bedrock.models.backends.echo import Echo
from bedrock_local.application import build_app
build_app(1, secret="s", backend=Echo())
from bedrock_local.gate import bodies
from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request

async def never():
    await asyncio.Event().wait()

async def main():
    request = Request("PUT", "/b/k", "/b/k", "", {}, {"host": "localhost", "content-length": "10"})
    bodies._IDLE_SECONDS = 0.01
    try:
        await bodies.Body(request, never, 100).whole()
    except RefusedError as refused:
        print(refused.code)

asyncio.run(main())
"""


def test_a_body_that_never_comes_is_not_waited_for(aws: RunningAws) -> None:
    # In a program of its own, whose patience is short.
    told = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, check=True).stdout
    assert told == "RequestTimeout\n"
    # It has not kept others from an answer, nor does one that sends a byte and no more.
    with connection(aws) as slow:
        slow.sendall(head(aws, Call("/a/b", "PUT").signed(aws, ACCOUNT, aws.secret), Content_Length="10") + b"x")
        assert Call(service="sts").signed(aws, ACCOUNT, aws.secret).status(aws) != 0
