"""AWS's own form of a signature, in a header or in an address, with the emulator's arithmetic.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
import re
from typing import TypeAlias

from ministack.core import sigv4

from bedrock_local.gate.contents import Content, Digest, Seed, SignedChunks
from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import SECONDS, Request

_ALGORITHM = "AWS4-HMAC-SHA256"
_WEEK_SECONDS = 7 * 24 * 3600
#: What may stand in x-amz-content-sha256:
#: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, the table of its values.
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_SIGNED_TRAILER = f"{_SIGNED_CHUNKS}-TRAILER"
_NO_DIGESTS = (sigv4.UNSIGNED_PAYLOAD, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", _SIGNED_CHUNKS, _SIGNED_TRAILER)

Parts: TypeAlias = sigv4.HeaderSignature


def read(request: Request) -> Parts:
    """Take the signature of a request apart.

    Raises
    ------
    RefusedError
        If it cannot be right, whoever signed it: something is missing, or not signed, or its time is over.
    """
    in_header = "authorization" in request.headers
    algorithm = request.headers.get("authorization", "").partition(" ")[0] or request.parameter("X-Amz-Algorithm")
    if algorithm != _ALGORITHM:
        raise RefusedError(
            "UnsupportedSignature", f"The local AWS takes signatures of {_ALGORITHM}, not of {algorithm}."
        )
    parts = sigv4.parse_header_signature(request.headers) if in_header else sigv4.parse_query_signature(request.query)
    if isinstance(parts, tuple):
        raise RefusedError(*parts)
    _check_what_is_signed(request, parts)
    _check_payload(request, parts)
    _check_time(request, parts)
    return parts


def covers_body(request: Request, parts: Parts) -> bool:
    """Say whether the body is needed to tell whether the signature is right."""
    return parts.service != "s3" and not _payload(request)


def content(request: Request, parts: Parts, secret: str) -> Content | None:
    """Return what the body should be, by what was signed; None if that says nothing of it."""
    payload = _payload(request)
    if _DIGEST.fullmatch(payload):
        return Digest(payload)
    if payload in (_SIGNED_CHUNKS, _SIGNED_TRAILER):
        return SignedChunks(_sign(request, parts, secret), trailer=payload == _SIGNED_TRAILER)
    return None


def is_right(request: Request, parts: Parts, secret: str, body: bytes) -> bool:
    """Say whether a request was signed with a secret."""
    signature = _sign(request, parts, secret, body).signature
    return parts.date_stamp == parts.amz_date[:8] and bool(sigv4.signatures_match(signature, parts.signature))


def _payload(request: Request) -> str:
    return request.headers.get("x-amz-content-sha256", "")


def _sign(request: Request, parts: Parts, secret: str, body: bytes = b"") -> Seed:
    presigned = "authorization" not in request.headers
    _, text = sigv4.header_signing_documents(
        parts, request.method, request.raw_path, request.query, request.headers, body, presigned=presigned
    )
    key = sigv4.derive_signing_key(secret, parts.date_stamp, parts.region, parts.service)
    scope = f"{parts.date_stamp}/{parts.region}/{parts.service}/aws4_request"
    return Seed(hmac.new(key, text.encode(), "sha256").hexdigest(), key, parts.amz_date, scope)


def _check_what_is_signed(request: Request, parts: Parts) -> None:
    """Refuse a request to which somebody may have added what its signer never saw, and what the emulator goes by.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: CanonicalHeaders
    """
    signed = parts.signed_headers.split(";")
    unsigned = [
        name for name in ("host", *request.headers) if name.startswith(("host", "x-amz-")) and name not in signed
    ]
    if unsigned:
        raise RefusedError(
            "AccessDenied", f"Sign every x-amz- header, and the host; {', '.join(unsigned)} is not signed."
        )
    if parts.service != request.scope:
        raise RefusedError("InvalidRequest", "Name one credential, with one scope.")


def _check_payload(request: Request, parts: Parts) -> None:
    """Refuse a header that says of the body what AWS does not take, or none of a body that may be large."""
    payload = request.headers.get("x-amz-content-sha256")
    if payload is None and (parts.service != "s3" or "authorization" not in request.headers):
        return
    if payload not in _NO_DIGESTS and not _DIGEST.fullmatch(payload or ""):
        what = f"is {payload!r}" if payload else "is missing"
        message = f"The header x-amz-content-sha256 {what}; send the body's SHA-256, or {', '.join(_NO_DIGESTS)}."
        raise RefusedError("InvalidRequest", message, 400)


def _check_time(request: Request, parts: Parts) -> None:
    lasts = request.parameter("X-Amz-Expires")
    if lasts and "authorization" not in request.headers:
        if not SECONDS.fullmatch(lasts) or int(lasts) > _WEEK_SECONDS or _is_expired(parts.amz_date, lasts):
            raise RefusedError("RequestExpired", "Request has expired")
    elif skewed := sigv4.request_time_failure(parts):
        raise RefusedError(*skewed)


def _is_expired(signed: str, lasts: str) -> bool:
    try:
        return bool(sigv4.presigned_request_is_expired(signed, lasts))
    except ValueError:
        return True
