"""``ExpectedBucketOwner`` of S3, which ministack passes over.

Rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ministack.services import s3

from bedrock_local.services.iam import bucket_owner

Refusal = tuple[int, dict[str, str], bytes]


def expect_bucket_owners() -> None:
    """Refuse a request whose bucket, or whose source of a copy, belongs to another account than it says."""
    scope = s3._apply_bucket_scope  # noqa: SLF001 -- no public way in

    def apply_bucket_scope(
        method: str,
        bucket: str,
        key: str,
        headers: Mapping[str, str],
        *rest: Any,  # noqa: ANN401 -- ministack's
        **options: Any,  # noqa: ANN401 -- ministack's
    ) -> Refusal | None:
        source = unquote(headers.get("x-amz-copy-source", "")).lstrip("/").partition("/")[0]
        expected = headers.get("x-amz-expected-bucket-owner"), headers.get("x-amz-source-expected-bucket-owner")
        for name, account in zip((bucket, source), expected, strict=True):
            owner = bucket_owner(f"arn:aws:s3:::{name}")
            if owner and account not in (None, owner):
                denied: Refusal = s3._error("AccessDenied", "Access Denied", 403, f"/{name}")  # noqa: SLF001 -- no public way in
                return denied
        refusal: Refusal | None = scope(method, bucket, key, headers, *rest, **options)
        return refusal

    s3._apply_bucket_scope = apply_bucket_scope  # noqa: SLF001 -- no public way in
