"""The policies of buckets and keys for callers of other accounts.

ministack knows the policies of the caller's account only, and takes a caller from another account for its root user: a
policy that names a role is never met. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import kms, s3

from bedrock_local.names.place import Place
from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.services.iam import verified_caller
from bedrock_local.services.s3 import bucket_owner, policy_of

NEEDS = (
    "services.s3.bucket_policy_for_arn",
    "services.s3._foreign_bucket_allows",
    "services.kms.key_policy_for_arn",
)

_PolicyAndOwner = Callable[[str], tuple[str, str] | None]


def ask_the_policies_of_other_accounts() -> None:
    """Let the policies of both sides count; from now on what an ACL grants counts for root users only."""
    bucket_policy: _PolicyAndOwner = s3.bucket_policy_for_arn
    key_policy: _PolicyAndOwner = kms.key_policy_for_arn
    opened: Callable[..., bool] = s3._foreign_bucket_allows  # noqa: SLF001 -- no public way in

    def bucket_policy_for_arn(arn: str) -> tuple[str, str] | None:
        place = S3Uri.of_arn(arn)
        owner = bucket_owner(place.bucket) if place else None
        if place is None or owner is None:
            return bucket_policy(arn)
        return policy_of(place.bucket) or "", owner

    def key_policy_for_arn(arn: str) -> tuple[str, str] | None:
        place = Place.of(arn)
        with request_scope(place.account, place.region):
            return key_policy(arn)

    def foreign_bucket_allows(*request: Any, **options: Any) -> bool:  # noqa: ANN401 -- ministack's
        # Whoever signed as a user or role has been judged already, by the policies of both sides.
        return bool(verified_caller()) or opened(*request, **options)

    s3.bucket_policy_for_arn, kms.key_policy_for_arn = bucket_policy_for_arn, key_policy_for_arn
    s3._foreign_bucket_allows = foreign_bucket_allows  # noqa: SLF001 -- no public way in
