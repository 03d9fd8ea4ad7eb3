"""A body whose chunks are signed is believed chunk by chunk, and not read for whoever cannot sign its head."""

import hashlib
import hmac
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bedrock_local.gate.contents import Seed, SignedChunks
from bedrock_local.gate.refusal import RefusedError
from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT, policy

from .calls import REGION, Call, answer

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
LARGE = str(5 * 1024**3)
CRLF = b"\r\n"

# Key, date, signatures and content of the two examples in AWS's documentation:
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
SECRET, DAY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524"
CONTENTS = (b"a" * 65536, b"a" * 1024, b"")
PLAIN = (
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)
TRAILED = (
    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
)
CHECKSUM = b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
TRAILER_SIGNATURE = b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"


def signing_key(secret: str, day: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for each in (day, REGION, "s3", "aws4_request"):
        key = hmac.digest(key, each.encode(), "sha256")
    return key


def chunk(content: bytes, signature: str) -> bytes:
    end = CRLF if content else b""
    return b"%x;chunk-signature=%s\r\n" % (len(content), signature.encode()) + content + end


def example(signatures: tuple[str, ...]) -> bytes:
    return b"".join(map(chunk, CONTENTS, signatures[1:]))


BODIES = {"plain": example(PLAIN) + CRLF, "trailed": example(TRAILED) + CHECKSUM + TRAILER_SIGNATURE + CRLF}


def read(body: bytes, kind: str, *, step: int = 65536) -> None:
    seed = Seed((PLAIN, TRAILED)[kind == "trailed"][0], signing_key(SECRET, DAY), f"{DAY}T000000Z", SCOPE)
    chunks = SignedChunks(seed, trailer=kind == "trailed")
    for start in range(0, len(body), step):
        chunks.update(body[start : start + step])
    chunks.end()


SCOPE = f"{DAY}/{REGION}/s3/aws4_request"


@pytest.mark.parametrize("step", [1, 7, 90, 65536, 10**6])
@pytest.mark.parametrize("kind", BODIES)
def test_the_documentations_examples_are_right_however_they_come(kind: str, step: int) -> None:
    read(BODIES[kind], kind, step=step)


def wrong_bodies(kind: str) -> Iterator[tuple[str, bytes]]:
    body, signatures = BODIES[kind], {"plain": PLAIN, "trailed": TRAILED}[kind]
    first, second, last = map(chunk, CONTENTS, signatures[1:])
    after = body.removeprefix(first + second + last)
    yield "nothing", b""
    yield "no last chunk", first + second
    yield "a chunk is missing", first + last + after
    yield "the order is another", second + first + last + after
    yield "a byte is another", body.replace(b"aaa", b"aba", 1)
    yield "a signature is another", body.replace(signatures[2].encode(), signatures[1].encode())
    yield "a chunk is longer than it says", body.replace(b"400;", b"3ff;")
    yield "a chunk is shorter than it says", body.replace(b"400;", b"401;")
    yield "no signature", body.replace(b";chunk-signature=" + signatures[1].encode(), b"")
    yield "no size", body.replace(b"10000;", b";")
    yield "a size below nothing", body.replace(b"10000;", b"-1;")
    yield "a head without end", b"1" * 10_000
    yield "more after the end", body + b"x"
    yield "another body after the end", body + body
    yield "a trailer more", body[:-2] + b"x-amz-meta-a:b\r\n\r\n"
    yield "a trailer before", first + second + last + b"x-amz-meta-a:b\r\n" + after
    yield "trailers without end", first + second + last + b"a:b\r\n" * 10_000
    yield "no end", body[:-2]
    if kind == "trailed":
        yield "another checksum", body.replace(b"sOO8", b"sOO9")
        yield "checksum without signature", body.replace(TRAILER_SIGNATURE, b"")
        yield "no trailer", first + second + last + CRLF


@pytest.mark.parametrize("step", [1, 100, 10**6])
@pytest.mark.parametrize("kind", BODIES)
def test_what_is_not_what_was_signed_is_refused(kind: str, step: int) -> None:
    for what, body in wrong_bodies(kind):
        with pytest.raises(RefusedError):
            pytest.fail(f"{what} was taken: {read(body, kind, step=step)}")


class ChunkSigner(S3SigV4Auth):
    """botocore's, of a body that is signed as it goes."""

    def payload(self, _: AWSRequest) -> str:
        return SIGNED


class Upload:
    """A body that is sent chunk by chunk."""

    def __init__(self, aws: RunningAws, path: str, key: str, secret: str, length: str = LARGE) -> None:
        headers = {"Content-Encoding": "aws-chunked", "Content-Length": length, "X-Amz-Decoded-Content-Length": "6"}
        request = AWSRequest("PUT", f"{aws.endpoint_url}{path}", headers)
        ChunkSigner(Credentials(key, secret), "s3", REGION).add_auth(request)
        self._date = request.headers["X-Amz-Date"]
        self._previous = request.headers["Authorization"].rpartition("Signature=")[2]
        self._key = signing_key(secret, self._date[:8])
        lines = [f"{name}: {value}" for name, value in request.headers.items()]
        self.head = "\r\n".join([f"PUT {path} HTTP/1.1", f"Host: 127.0.0.1:{aws.port}", *lines, "", ""]).encode()

    def chunk(self, content: bytes) -> bytes:
        scope = f"{self._date[:8]}/{REGION}/s3/aws4_request"
        digests = [hashlib.sha256(each).hexdigest() for each in (b"", content)]
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", self._date, scope, self._previous, *digests])
        self._previous = hmac.new(self._key, text.encode(), "sha256").hexdigest()
        return chunk(content, self._previous)


@contextmanager
def connection(aws: RunningAws) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", aws.port), timeout=30) as opened:
        yield opened


@pytest.fixture(scope="module", autouse=True)
def bucket(aws: RunningAws) -> None:
    aws.client("s3").create_bucket(Bucket="chunks")


def test_an_upload_in_signed_chunks_arrives(aws: RunningAws) -> None:
    contents = (b"one", b"two", b"")
    length = len(b"".join(chunk(content, "0" * 64) for content in contents) + CRLF)
    upload = Upload(aws, "/chunks/whole", ACCOUNT, aws.secret, str(length))
    with connection(aws) as opened:
        opened.sendall(upload.head + b"".join(map(upload.chunk, contents)) + CRLF)
        opened.shutdown(socket.SHUT_WR)
        answer(opened)
    assert aws.client("s3").get_object(Bucket="chunks", Key="whole")["Body"].read() == b"onetwo"


def test_who_cannot_sign_the_head_sends_no_chunk(aws: RunningAws) -> None:
    for key, secret in ((ACCOUNT, "wrong"), ("123456789012", "test"), ("AKIAIOSFODNN7EXAMPLE", aws.secret)):
        with connection(aws) as opened:
            # Not one byte of the body is sent, and the answer comes all the same.
            opened.sendall(Upload(aws, "/chunks/never", key, secret).head)
            assert answer(opened).split()[1] == b"403"


def test_a_chunk_that_was_not_signed_ends_the_upload(aws: RunningAws) -> None:
    upload = Upload(aws, "/chunks/never", ACCOUNT, aws.secret)
    with connection(aws) as opened:
        opened.sendall(upload.head + upload.chunk(b"good") + upload.chunk(b"worse").replace(b"worse", b"other"))
        # Of the rest, nearly all, nothing is waited for.
        assert answer(opened).split()[1] == b"403"
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket="chunks", Prefix="never")


@pytest.mark.parametrize("digest", [None, "", "yes", "STREAMING-AWS4-HMAC-SHA256-PAYLOADS", "A" * 64, "a" * 63])
def test_s3_is_told_what_a_body_is_before_it_comes(aws: RunningAws, digest: str | None) -> None:
    class Signer(S3SigV4Auth):
        def payload(self, _: AWSRequest) -> str:
            return digest if digest is not None else hashlib.sha256().hexdigest()

        def _modify_request_before_signing(self, request: AWSRequest) -> None:
            super()._modify_request_before_signing(request)
            del request.headers["X-Amz-Content-SHA256"]
            if digest is not None:
                request.headers["X-Amz-Content-SHA256"] = digest

    request = AWSRequest("PUT", f"{aws.endpoint_url}/chunks/never", {"Content-Length": LARGE})
    Signer(Credentials(ACCOUNT, aws.secret), "s3", REGION).add_auth(request)
    with connection(aws) as opened:
        lines = [f"{name}: {value}" for name, value in {"Host": f"127.0.0.1:{aws.port}", **request.headers}.items()]
        opened.sendall("\r\n".join(["PUT /chunks/never HTTP/1.1", *lines, "", ""]).encode())
        told = answer(opened)
    assert told.split()[1] == b"400"
    assert b"x-amz-content-sha256" in told


def test_who_may_not_write_an_object_sends_none_of_it(aws: RunningAws) -> None:
    iam = aws.client("iam")
    iam.create_user(UserName="uploader")
    key = iam.create_access_key(UserName="uploader")["AccessKey"]
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::chunks/theirs/*"}
    iam.put_user_policy(UserName="uploader", PolicyName="p", PolicyDocument=policy(statement))
    user, secret = key["AccessKeyId"], key["SecretAccessKey"]
    with connection(aws) as opened:
        call = Call("/chunks/ours/k", "PUT").signed(aws, user, secret)
        lines = [f"{name}: {value}" for name, value in {"Host": f"127.0.0.1:{aws.port}", **call.headers}.items()]
        opened.sendall("\r\n".join([f"PUT {call.path} HTTP/1.1", *lines, f"Content-Length: {LARGE}", "", ""]).encode())
        told = answer(opened)
    assert told.split()[1] == b"403"
    assert b'user/uploader is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::chunks/ours/k"' in told
    assert Call("/chunks/theirs/k", "PUT", body=b"x").signed(aws, user, secret).status(aws) == 200
