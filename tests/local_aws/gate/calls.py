"""Requests as no SDK would send them: signed by anybody, in any way, with any header."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bedrock_local.running import RunningAws

REGION = "us-east-1"


@dataclass(frozen=True)
class Call:
    """A request for a service."""

    path: str = "/"
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Of the credential's scope.
    service: str = "s3"

    def signed(self, aws: RunningAws, key: str, secret: str, token: str | None = None) -> "Call":
        """Sign in the Authorization header."""
        request = self._request(aws)
        signer = S3SigV4Auth if self.service == "s3" else SigV4Auth
        signer(Credentials(key, secret, token), self.service, REGION).add_auth(request)
        return Call(self.path, self.method, dict(request.headers.items()), self.body, self.service)

    def presigned(self, aws: RunningAws, key: str, secret: str, expires: int = 60) -> "Call":
        """Sign in the address."""
        request = self._request(aws)
        signer = S3SigV4QueryAuth if self.service == "s3" else SigV4QueryAuth
        signer(Credentials(key, secret), self.service, REGION, expires=expires).add_auth(request)
        return self._at(aws, request)

    def presigned_as_before(self, aws: RunningAws, key: str, secret: str, expires: int = 60) -> "Call":
        """Sign in the address in the older form, as boto3 does for S3."""
        request = self._request(aws)
        HmacV1QueryAuth(Credentials(key, secret), expires).add_auth(request)
        return self._at(aws, request)

    def send(self, aws: RunningAws) -> tuple[int, dict[str, str], bytes]:
        """Send it as it is; return status, headers in lower case and body."""
        connection = http.client.HTTPConnection("127.0.0.1", aws.port, timeout=30)
        try:
            connection.request(self.method, self.path, self.body, dict(self.headers))
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def status(self, aws: RunningAws) -> int:
        return self.send(aws)[0]

    def _request(self, aws: RunningAws) -> AWSRequest:
        return AWSRequest(self.method, f"{aws.endpoint_url}{self.path}", dict(self.headers), self.body)

    def _at(self, aws: RunningAws, request: AWSRequest) -> "Call":
        # botocore has put what was in the body into the address.
        path = str(request.url).removeprefix(aws.endpoint_url)
        return Call(path, self.method, self.headers, request.body or b"", self.service)


def answer(connection: socket.socket) -> bytes:
    """Read what comes back, to the end of the connection."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)
