"""S3's buckets, and what S3 answers."""

import re
from contextvars import ContextVar
from xml.sax.saxutils import escape

from ministack.core import responses
from ministack.services import s3

from bedrock_local.services.kms import key_arn

NEEDS = (
    "services.s3._bucket_owner_account",
    "services.s3._bucket_policies",
    "services.s3._bucket_default_sse_headers",
    "services.s3._bucket_encryption",
    "services.s3._merge_hoisted_amz_headers",
)

#: The header that names the key of an object.
KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"

#: The header that says whether that key only encrypts a key of the bucket's, which encrypts the object.
BUCKET_KEY = "x-amz-server-side-encryption-bucket-key-enabled"

#: Whether S3 alone may answer the request that is being answered; `emulator.s3.routing` sees to it.
only_s3: ContextVar[bool] = ContextVar("only_s3", default=False)

_BUCKET_KEY_ENABLED = re.compile(r"BucketKeyEnabled>\s*true\s*</", re.IGNORECASE)

Refusal = tuple[int, dict[str, str], bytes]


def bucket_owner(bucket: str) -> str | None:
    """Return the account that owns a bucket.

    Parameters
    ----------
    bucket
        The bucket's name.

    Returns
    -------
    str or None
        None if there is no such bucket.
    """
    owner: str | None = s3._bucket_owner_account(bucket)  # noqa: SLF001 -- no public way in
    return owner


def policy_of(bucket: str) -> str | None:
    """Return the policy of a bucket, whosever it is.

    Parameters
    ----------
    bucket
        The bucket's name.

    Returns
    -------
    str or None
        As JSON; None without a bucket or policy.
    """
    owner = bucket_owner(bucket)
    policy: str | None = owner and s3._bucket_policies.get_scoped(owner, None, bucket)  # noqa: SLF001 -- no public way in
    return policy


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
    owner = bucket_owner(bucket)
    with responses.request_scope(owner or responses.get_account_id(), responses.get_region()):
        key_id: str | None = s3._bucket_default_sse_headers(bucket).get(KEY_ID)  # noqa: SLF001 -- no public way in
    return key_id and key_arn(key_id)


def has_bucket_key(bucket: str) -> bool:
    """Say whether a bucket encrypts new objects with an S3 Bucket Key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html

    Parameters
    ----------
    bucket
        The bucket's name.
    """
    owner = bucket_owner(bucket)
    configuration = owner and s3._bucket_encryption.get_scoped(owner, None, bucket)  # noqa: SLF001 -- no public way in
    return bool(configuration and _BUCKET_KEY_ENABLED.search(configuration))


def access_point_alias(host: str, region: str) -> str | None:
    """Return the alias of the request's account's access point that a host names as if it were a bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html

    Parameters
    ----------
    host
        ``NAME-ACCOUNT``, or the name of a bucket.
    region
        Of the request.

    Returns
    -------
    str or None
        None if it is no access point's.
    """
    name, _, account = host.rpartition("-")
    found = s3.resolve_access_point_host(name, account, region)
    if found is None or found[2] is not None:
        return None
    return str(s3.resolve_access_point(name, account, found[1])["Alias"])


def with_headers_of_address(headers: dict[str, str], query: dict[str, list[str]]) -> dict[str, str]:
    """Add the ``x-amz-`` headers that a presigned address brings in its query.

    Parameters
    ----------
    headers, query
        Of a request.

    Returns
    -------
    dict
        All headers.
    """
    merged: dict[str, str] = s3._merge_hoisted_amz_headers(headers, query)  # noqa: SLF001 -- no public way in
    return merged


def refusal(code: str, message: str, status: int) -> Refusal:
    """Answer an error as S3 does: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.

    Parameters
    ----------
    code, message, status
        Of the error.

    Returns
    -------
    Refusal
        Status, headers and body.
    """
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return status, {"Content-Type": "application/xml"}, error.encode()
