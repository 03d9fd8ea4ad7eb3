"""Who signed a request: the emulator believes a root user's key, whatever the signature is, so it is asked here."""

import re
from dataclasses import dataclass

from ministack.core.iam_evaluator import (
    CredentialResolutionError,
    ResolvedCredential,
    is_root_access_key,
    resolve_credential,
)
from ministack.core.router import extract_access_key_id

from bedrock_local.gate import signature_version_2, signature_version_4
from bedrock_local.gate.contents import Content
from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request
from bedrock_local.services.iam import account_of

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
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
        Of version 4; None for S3's older form of a presigned address, which boto3 still makes.
    """

    request: Request
    credential: ResolvedCredential
    parts: signature_version_4.Parts | None

    @property
    def covers_body(self) -> bool:
        """Whether the body is needed to tell whether the signature is right."""
        return self.parts is not None and signature_version_4.covers_body(self.request, self.parts)

    @property
    def content(self) -> Content | None:
        """What the body should be, by what was signed; None if that says nothing of it."""
        secret = self.credential.secret_access_key
        return signature_version_4.content(self.request, self.parts, secret) if self.parts else None

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
        return signature_version_4.is_right(request, self.parts, secret, body)


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
    parts = signature_version_4.read(request)
    token = request.parameter("X-Amz-Security-Token") if in_query else request.headers.get("x-amz-security-token", "")
    return Signature(request, _credential(request, parts.access_key_id, token), parts)


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
