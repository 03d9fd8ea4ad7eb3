"""Of what comes after a body only checksums count: the rest was not there when the request was let in."""

import base64
import zlib

from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT

from .calls import Call

CRC32 = base64.b64encode(zlib.crc32(b"content").to_bytes(4))
CHUNKED = {
    "Content-Encoding": "aws-chunked",
    "X-Amz-Decoded-Content-Length": "7",
}


def test_a_trailer_that_is_no_checksum_is_no_header(aws: RunningAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="trailers")
    headers = {**CHUNKED, "X-Amz-Trailer": "x-amz-meta-a"}
    body = b"7\r\ncontent\r\n0\r\nx-amz-meta-a: after\r\n\r\n"
    assert Call("/trailers/k", "PUT", headers, body).signed(aws, ACCOUNT, aws.secret).status(aws) == 200
    kept = s3.get_object(Bucket="trailers", Key="k")
    assert (kept["Body"].read(), kept["Metadata"]) == (b"content", {})


def test_a_checksum_in_a_trailer_is_checked_and_kept(aws: RunningAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="checksums")
    headers = {**CHUNKED, "X-Amz-Trailer": "x-amz-checksum-crc32"}
    for checksum, status in ((b"AAAAAA==", 400), (CRC32, 200)):
        body = b"7\r\ncontent\r\n0\r\nx-amz-checksum-crc32: %s\r\n\r\n" % checksum
        assert Call("/checksums/k", "PUT", headers, body).signed(aws, ACCOUNT, aws.secret).status(aws) == status
    assert s3.head_object(Bucket="checksums", Key="k", ChecksumMode="ENABLED")["ChecksumCRC32"] == CRC32.decode()
