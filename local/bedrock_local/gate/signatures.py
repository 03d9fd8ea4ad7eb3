"""Who signed a request: the emulator believes a root user's access key, whatever the signature is, so it is asked here.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import re
from dataclasses import dataclass

from ministack.core import sigv4
from ministack.core.iam_evaluator import (
    CredentialResolutionError,
    ResolvedCredential,
    is_root_access_key,
    resolve_credential,
)
from ministack.core.router import extract_access_key_id

from bedrock_local.gate import signature_version_2
from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import SECONDS, Request
from bedrock_local.services.iam import account_of

_ALGORITHM = "AWS4-HMAC-SHA256"
#: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
_SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_WEEK_SECONDS = 7 * 24 * 3600
_NOT_OURS = (
    "The signature is not that of this request with the secret of its key. That of an account's number is another one "
    "at each start of the local AWS; `bedrock-local env` prints it."
)


@dataclass(frozen=True)
class Signature:
    """What a request says of its signer, before it is believed.

    Parameters
    ----------
    request
        The request.
    credential
        The signer's, as the emulator knows it.
    parts
        Of SigV4; None for S3's older form of a presigned address, which boto3 still makes.
    """

    request: Request
    credential: ResolvedCredential
    parts: sigv4.HeaderSignature | None

    @property
    def covers_body(self) -> bool:
        """Whether the body is needed to tell whether the signature is right."""
        if self.parts is None or (self.presigned and self.parts.service == "s3"):
            return False
        payload = self.request.headers.get("x-amz-content-sha256", "")
        return not payload or payload.startswith(_SIGNED_CHUNKS)

    @property
    def presigned(self) -> bool:
        """Whether it stands in the address."""
        return "authorization" not in self.request.headers

    def check(self, body: bytes = b"") -> None:
        """Return if the signature is right.

        Parameters
        ----------
        body
            The body as it was sent, where `covers_body`.

        Raises
        ------
        RefusedError
            If it is not.
        """
        try:
            right = self._is_right(body)
        except (TypeError, ValueError):
            # What is compared or taken apart there is no signature: text of other scripts, an address that is none.
            right = False
        if not right:
            raise RefusedError("SignatureDoesNotMatch", _NOT_OURS)

    def _is_right(self, body: bytes) -> bool:
        request, secret = self.request, self.credential.secret_access_key
        if self.parts is None:
            return signature_version_2.is_right(request, secret)
        return not sigv4.header_signature_failure(
            self.parts,
            secret,
            request.method,
            request.raw_path,
            request.query,
            request.headers,
            body,
            presigned=self.presigned,
        )


def signature_of(request: Request) -> Signature | None:
    """Read the signature of a request, and find out whose it would be.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    Signature or None
        None if the request claims to be nobody's.

    Raises
    ------
    RefusedError
        If it cannot be right, whatever the body is.
    """
    in_header, in_query = "authorization" in request.headers, _is_presigned(request)
    if not in_header and not in_query:
        return None
    if in_header and in_query:
        raise RefusedError("InvalidRequest", "Sign in the Authorization header or in the address, not in both.")
    if key := request.parameter("AWSAccessKeyId"):
        signature_version_2.check(request)
        return Signature(request, _credential(request, key, request.parameter("x-amz-security-token")), None)
    algorithm = request.headers.get("authorization", "").partition(" ")[0] or request.parameter("X-Amz-Algorithm")
    if algorithm != _ALGORITHM:
        raise RefusedError(
            "UnsupportedSignature", f"The local AWS takes signatures of {_ALGORITHM}, not of {algorithm}."
        )
    read = sigv4.parse_header_signature(request.headers) if in_header else sigv4.parse_query_signature(request.query)
    if isinstance(read, tuple):
        raise RefusedError(*read)
    _check_what_is_signed(request, read)
    _check_time(request, read, presigned=in_query)
    token = request.parameter("X-Amz-Security-Token") if in_query else request.headers.get("x-amz-security-token", "")
    return Signature(request, _credential(request, read.access_key_id, token), read)


def _is_presigned(request: Request) -> bool:
    return any(
        request.parameter(name) for name in ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "AWSAccessKeyId")
    )


def _credential(request: Request, access_key: str, token: str) -> ResolvedCredential:
    # What the emulator will go by has to be what was checked.
    if not access_key or extract_access_key_id(request.headers, request.query) != access_key:
        raise RefusedError("InvalidClientTokenId", "The request names no access key; sign it.")
    # The account's number is the id of its root user's key. The emulator has more names for it.
    is_account = _ACCOUNT.fullmatch(access_key) is not None
    if is_root_access_key(access_key) and not is_account:
        raise RefusedError("InvalidClientTokenId", "The security token included in the request is invalid.")
    found = resolve_credential(access_key, access_key if is_account else account_of(access_key), token)
    if isinstance(found, CredentialResolutionError):
        raise RefusedError(found.code, found.message)
    return found


def _check_what_is_signed(request: Request, parts: sigv4.HeaderSignature) -> None:
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


def _check_time(request: Request, parts: sigv4.HeaderSignature, *, presigned: bool) -> None:
    lasts = request.parameter("X-Amz-Expires")
    if presigned and lasts:
        if not SECONDS.fullmatch(lasts) or int(lasts) > _WEEK_SECONDS or _is_expired(parts.amz_date, lasts):
            raise RefusedError("RequestExpired", "Request has expired")
    elif skewed := sigv4.request_time_failure(parts):
        raise RefusedError(*skewed)


def _is_expired(signed: str, lasts: str) -> bool:
    try:
        return bool(sigv4.presigned_request_is_expired(signed, lasts))
    except ValueError:
        return True
