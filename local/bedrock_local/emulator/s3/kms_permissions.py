"""Server-side encryption of S3 with KMS keys, where ministack keeps it differently: it asks nobody about the key.

Rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ministack.core import responses
from ministack.core.iam_actions import identity_denial_message
from ministack.services import s3

from bedrock_local.names.place import Place
from bedrock_local.services.iam import bucket_owner, denial, verified_caller
from bedrock_local.services.kms import account_of, key_arn, key_context, unusable

_ALGORITHM, _KMS = "x-amz-server-side-encryption", "aws:kms"
_KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"
_PARTITION = "aws"

Headers = Mapping[str, str]
Refusal = tuple[int, dict[str, str], bytes]
_Check = Callable[[Headers, Mapping[str, Any]], Refusal | None]


@dataclass(frozen=True)
class _Request:
    """What S3 is asked for."""

    method: str
    bucket: str
    key: str


# None while nobody asks S3 anything: what other services write in process is not checked.
_request: ContextVar[_Request | None] = ContextVar("s3_request", default=None)


def require_keys() -> None:
    """Let S3 require ``kms:GenerateDataKey`` to write with a key, and ``kms:Decrypt`` to read or to upload in parts.

    The key is the one in the request, or else the bucket's default; of an object, the one it was written with.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    """
    dispatch, resolve = s3._dispatch, s3._resolve_sse_write_headers  # noqa: SLF001 -- no public way in

    def remember_request(method: str, bucket: str, key: str, *rest: Any) -> Refusal:  # noqa: ANN401 -- ministack's
        token = _request.set(_Request(method, bucket, key))
        try:
            answer: Refusal = dispatch(method, bucket, key, *rest)
            return answer
        finally:
            _request.reset(token)

    def written_with(headers: Headers, bucket: str) -> tuple[dict[str, str] | None, Refusal | None]:
        if headers.get(_ALGORITHM) == _KMS and _KEY_ID not in headers:
            # With the account's key for S3, which everybody may use who may use the bucket.
            return {_ALGORITHM: _KMS}, None
        applied, refusal = resolve(headers, bucket)
        if refusal or _KEY_ID not in applied:
            return applied, refusal
        # S3 shows the ARN, whatever names the key.
        applied[_KEY_ID] = key_arn(applied[_KEY_ID])
        refusal = _refusal("kms:GenerateDataKey", applied[_KEY_ID], _object_arn({}))
        return (None, refusal) if refusal else (applied, None)

    s3._dispatch, s3._resolve_sse_write_headers = remember_request, written_with  # noqa: SLF001 -- no public way in
    for name, copies in (
        ("_check_sse_read_headers", False),
        ("_check_sse_c_part", False),
        ("_check_sse_c_copy_source", True),
    ):
        setattr(s3, name, _with_decrypt(getattr(s3, name), copies=copies))


def default_key(bucket: str) -> str | None:
    """Return the key that a bucket encrypts new objects with.

    Parameters
    ----------
    bucket
        The bucket's name.

    Returns
    -------
    str or None
        What its default encryption names; None without one, or for a key that S3 itself manages.
    """
    owner = bucket_owner(f"arn:aws:s3:::{bucket}")
    with responses.request_scope(owner or responses.get_account_id(), responses.get_region()):
        key_id: str | None = s3._bucket_default_sse_headers(bucket).get(_KEY_ID)  # noqa: SLF001 -- no public way in
    return key_id and key_arn(key_id)


def _with_decrypt(check: _Check, *, copies: bool) -> _Check:
    def checked(headers: Headers, stored: Mapping[str, Any]) -> Refusal | None:
        refusal, request = check(headers, stored), _request.get()
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html: metadata need no key, checksums do.
        metadata_only = request and request.method == "HEAD" and "x-amz-checksum-mode" not in headers
        key = stored.get("preserved_headers", {}).get(_KEY_ID)
        if refusal or metadata_only or not key:
            return refusal
        return _refusal("kms:Decrypt", key, _object_arn(headers if copies else {}))

    return checked


def _object_arn(headers: Headers) -> str:
    """Name the object that is encrypted: the source if there is one in the headers, or else the one asked for."""
    request = _request.get()
    source = unquote(headers.get("x-amz-copy-source", "").partition("?")[0]).lstrip("/")
    return f"arn:aws:s3:::{source or (request and f'{request.bucket}/{request.key}')}"


def _refusal(action: str, key: str, object_arn: str) -> Refusal | None:
    """Ask KMS for the signer of the request being answered; answer S3's error."""
    caller, region = verified_caller(), responses.get_region()
    if _request.get() is None:
        return None
    if code := unusable(key):
        return _error(code, f"The key {key} does not exist or cannot be used", 400)
    if not caller:
        return None
    denied = denial(caller, Place(_PARTITION, region, account_of(caller)), action, key, key_context(region, object_arn))
    if denied is None:
        return None
    explicit = getattr(denied, "decision", "") == "Deny"
    message = identity_denial_message(action, getattr(denied, "principal_arn", ""), key, explicit)
    return _error("AccessDenied", message, 403)


def _error(code: str, message: str, status: int) -> Refusal:
    answer: Refusal = s3._error(code, message, status)  # noqa: SLF001 -- no public way in
    return answer
