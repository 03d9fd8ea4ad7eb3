"""Server-side encryption of S3 with KMS keys: ministack asks nobody about the key. Seen in ministack 1.5.33.

Rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ministack.core import iam_evaluator, responses
from ministack.core.iam_actions import identity_denial_message
from ministack.services import s3

from bedrock_local.environment import PARTITION
from bedrock_local.names.place import Place
from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.services.iam import account_of, denial, verified_caller
from bedrock_local.services.kms import key_arn, key_context, unusable
from bedrock_local.services.s3 import BUCKET_KEY, KEY_ID, Refusal, has_bucket_key, refusal

NEEDS = (
    "services.s3._dispatch",
    "services.s3._resolve_sse_write_headers",
    "services.s3._check_sse_read_headers",
    "services.s3._check_sse_c_part",
    "services.s3._check_sse_c_copy_source",
    "services.s3._SSE_STORED_HEADERS",
    "core.iam_evaluator._anonymous",
)

# In the service's words.
_UNSIGNED = "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4."
_ALGORITHM, _KMS = "x-amz-server-side-encryption", "aws:kms"

Headers = Mapping[str, str]
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
        if headers.get(_ALGORITHM) == _KMS and KEY_ID not in headers:
            # With the account's key for S3, which everybody may use who may use the bucket.
            return {_ALGORITHM: _KMS}, None
        applied, refused = resolve(headers, bucket)
        if refused or KEY_ID not in applied:
            return applied, refused
        # S3 shows the ARN, whatever names the key.
        applied[KEY_ID] = key_arn(applied[KEY_ID])
        if headers.get(BUCKET_KEY, str(has_bucket_key(bucket))).lower() == "true":
            applied[BUCKET_KEY] = "true"
        refused = _refusal("kms:GenerateDataKey", applied[KEY_ID], _encrypted_arn({}, applied))
        return (None, refused) if refused else (applied, None)

    s3._SSE_STORED_HEADERS = (*s3._SSE_STORED_HEADERS, BUCKET_KEY)  # noqa: SLF001 -- no public way in
    s3._dispatch, s3._resolve_sse_write_headers = remember_request, written_with  # noqa: SLF001 -- no public way in
    s3._check_sse_read_headers = _with_decrypt(s3._check_sse_read_headers, copies=False)  # noqa: SLF001 -- the same
    s3._check_sse_c_part = _with_decrypt(s3._check_sse_c_part, copies=False)  # noqa: SLF001 -- the same
    s3._check_sse_c_copy_source = _with_decrypt(s3._check_sse_c_copy_source, copies=True)  # noqa: SLF001 -- the same


def _with_decrypt(check: _Check, *, copies: bool) -> _Check:
    def checked(headers: Headers, stored: Mapping[str, Any]) -> Refusal | None:
        refused, request = check(headers, stored), _request.get()
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html: metadata need no key, checksums do.
        metadata_only = request and request.method == "HEAD" and "x-amz-checksum-mode" not in headers
        written = stored.get("preserved_headers", {})
        key = written.get(KEY_ID)
        if refused or metadata_only or not key:
            return refused
        if request and iam_evaluator._anonymous.get():  # noqa: SLF001 -- no public way in
            return refusal("InvalidArgument", _UNSIGNED, 400)
        return _refusal("kms:Decrypt", key, _encrypted_arn(headers if copies else {}, written))

    return checked


def _encrypted_arn(headers: Headers, written: Headers) -> str:
    """Name what is encrypted: the source if there is one in the headers, or else the object asked for; or its bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html#bucket-key-changes
    """
    request = _request.get() or _Request("", "", "")
    source = unquote(headers.get("x-amz-copy-source", "").partition("?")[0]).lstrip("/")
    place = S3Uri.of_path(source) if source else S3Uri(request.bucket, request.key)
    return S3Uri(place.bucket, "").arn if BUCKET_KEY in written else place.arn


def _refusal(action: str, key: str, encrypted_arn: str) -> Refusal | None:
    """Ask KMS for the signer of the request being answered; answer S3's error."""
    caller, region = verified_caller(), responses.get_region()
    if _request.get() is None:
        return None
    if code := unusable(key):
        return refusal(code, f"The key {key} does not exist or cannot be used", 400)
    if not caller:
        return None
    place, context = Place(PARTITION, region, account_of(caller)), key_context(region, encrypted_arn)
    denied = denial(caller, place, action, key, context)
    if denied is None:
        return None
    explicit = getattr(denied, "decision", "") == "Deny"
    message = identity_denial_message(action, getattr(denied, "principal_arn", ""), key, explicit)
    return refusal("AccessDenied", message, 403)
