"""S3's older form of a presigned address, which boto3 still makes for an endpoint of one's own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
"""

import hmac
import time
from urllib.parse import urlsplit

from botocore.auth import HmacV1QueryAuth
from botocore.awsrequest import HTTPHeaders
from botocore.credentials import Credentials

from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import SECONDS, Request

_NEWER = "signature_version s3v4"
_OF_THE_SIGNATURE = ("AWSAccessKeyId", "Signature", "Expires", "content-md5", "content-type")
#: What a listing is narrowed by, and changes nothing of what may be seen: whoever may list may list all.
_OF_A_LISTING = ("prefix", "delimiter", "marker", "max-keys", "encoding-type", "list-type", "start-after")
_MORE_OF_A_LISTING = ("continuation-token", "fetch-owner", "key-marker", "version-id-marker", "upload-id-marker")


class _Signer(HmacV1QueryAuth):
    """botocore's own, for an address that was made before."""

    def __init__(self, secret: str, expires: str) -> None:
        super().__init__(Credentials("", secret))
        self._at = expires

    def _get_date(self) -> str:
        return self._at


def check(request: Request) -> None:
    """Return while an address may be used, if all that it asks for is signed.

    Raises
    ------
    RefusedError
        If its time is over, or it has none, or it asks for what this form does not sign.
    """
    expires = request.parameter("Expires")
    if not SECONDS.fullmatch(expires) or int(expires) < time.time():
        raise RefusedError("RequestExpired", "Request has expired")
    _check_that_it_is_plain(request)
    signed = (*HmacV1QueryAuth.QSAOfInterest, *_OF_THE_SIGNATURE, *_OF_A_LISTING, *_MORE_OF_A_LISTING)
    for name in request.query:
        if name not in signed and not name.lower().startswith("x-amz-"):
            raise RefusedError("InvalidRequest", f"This form of an address does not sign {name}; use {_NEWER}.")


def _check_that_it_is_plain(request: Request) -> None:
    """Refuse an address that could be read in two ways: by who signs, and by who serves."""
    names = [part.partition("=")[0] for part in request.query_string.split("&")]
    once = len({name.lower() for name in names}) == len(names)
    if not once or "#" in request.query_string or set(names) != set(request.query):
        raise RefusedError("InvalidRequest", f"Write each parameter of this form plainly and once; or use {_NEWER}.")
    for name, (value, *_) in request.query.items():
        if request.headers.get(name.lower(), value) != value:
            raise RefusedError("InvalidRequest", f"The header {name} is not what was signed, {value!r}; send that.")


def is_right(request: Request, secret: str) -> bool:
    """Say whether an address was signed with a secret."""
    headers = HTTPHeaders()
    signed = {name.lower(): values[0] for name, values in request.query.items()}
    for name, value in {**request.headers, **signed}.items():
        if name.startswith("x-amz-") or name in ("content-md5", "content-type"):
            headers[name] = value
    signer = _Signer(secret, request.parameter("Expires"))
    address = urlsplit(f"http://host/?{request.query_string}")
    given = request.parameter("Signature").encode()
    wanted = [
        signer.get_signature(request.method, address, headers, auth_path=path)  # type: ignore[arg-type]  # botocore's
        for path in _signed_paths(request)
    ]
    return any(hmac.compare_digest(each.encode(), given) for each in wanted)


def _signed_paths(request: Request) -> list[str]:
    """Return what botocore may have signed for the path: with the bucket, and behind a bucket alone with a slash."""
    bucket = request.virtual_bucket
    path = f"/{bucket}{request.raw_path}" if bucket else request.raw_path
    return [path] if path.count("/") > 1 else [path, f"{path}/"]
