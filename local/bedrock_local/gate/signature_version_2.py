"""S3's older form of a presigned address, which boto3 still makes for an endpoint of one's own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
"""

import hmac
import time
from urllib.parse import urlencode, urlsplit

from botocore.auth import HmacV1QueryAuth
from botocore.awsrequest import HTTPHeaders
from botocore.credentials import Credentials

from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request


class _Signer(HmacV1QueryAuth):
    """botocore's own, for an address that was made before."""

    def __init__(self, secret: str, expires: str) -> None:
        super().__init__(Credentials("", secret))
        self._at = expires

    def _get_date(self) -> str:
        return self._at


def check_time(request: Request) -> None:
    """Return while an address may be used.

    Raises
    ------
    RefusedError
        If its time is over, or it has none.
    """
    expires = request.parameter("Expires")
    if not expires.isdecimal() or int(expires) < time.time():
        raise RefusedError("RequestExpired", "Request has expired")


def is_right(request: Request, secret: str) -> bool:
    """Say whether an address was signed with a secret."""
    headers = HTTPHeaders()
    signed = {name.lower(): values[0] for name, values in request.query.items()}
    for name, value in {**request.headers, **signed}.items():
        if name.startswith("x-amz-") or name in ("content-md5", "content-type"):
            headers[name] = value
    signer = _Signer(secret, request.parameter("Expires"))
    address = urlsplit(f"http://{request.headers['host']}{request.raw_path}?{urlencode(request.query, doseq=True)}")
    bucket = request.virtual_bucket
    path = f"/{bucket}{request.raw_path}" if bucket else None
    wanted = signer.get_signature(request.method, address, headers, auth_path=path)  # type: ignore[arg-type]  # botocore's own headers
    return hmac.compare_digest(wanted.encode(), request.parameter("Signature").encode())
