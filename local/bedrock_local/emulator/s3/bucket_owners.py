"""``ExpectedBucketOwner`` of S3, which ministack passes over. Seen in ministack 1.5.33.

Rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ministack.services import s3

from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.services.s3 import Refusal, bucket_owner, refusal

NEEDS = ("services.s3._apply_bucket_scope",)


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
        source = S3Uri.of_path(unquote(headers.get("x-amz-copy-source", "")).lstrip("/")).bucket
        expected = headers.get("x-amz-expected-bucket-owner"), headers.get("x-amz-source-expected-bucket-owner")
        for name, account in zip((bucket, source), expected, strict=True):
            owner = bucket_owner(name)
            if owner and account not in (None, owner):
                return refusal("AccessDenied", "Access Denied", 403)
        refused: Refusal | None = scope(method, bucket, key, headers, *rest, **options)
        return refused

    s3._apply_bucket_scope = apply_bucket_scope  # noqa: SLF001 -- no public way in
