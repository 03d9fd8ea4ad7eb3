"""One question to the emulator's IAM: whether the holder of an access key may do something.

The answer counts the holder's own policies, boundaries and session policies, and the policy of the resource. What AWS
decides otherwise is changed here, one function each; `bedrock_local.application` installs them.
"""

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError, EvalContext, EvalResult
from ministack.core.responses import request_scope
from ministack.services import iam, kms, s3

from bedrock_local.bedrock.access.ports import Context
from bedrock_local.names.place import Place

_BUCKET = "arn:aws:s3:::"

_PolicyAndOwner = Callable[[str], tuple[str, str] | None]


def denial(
    access_key: str, place: Place, action: str, resource: str, context: Context
) -> EvalResult | AuthError | None:
    """Ask whether the holder of an access key may do something.

    Parameters
    ----------
    access_key
        Of a user, or of a session of a role.
    place
        The account of the holder, and the Region of the request.
    action
        An IAM action: ``s3:PutObject``.
    resource
        The ARN that it acts on, or ``*``.
    context
        Condition keys of this request.

    Returns
    -------
    EvalResult or AuthError or None
        None if it is allowed.
    """
    with request_scope(place.account, place.region):
        service = action.partition(":")[0]
        return iam_evaluator.enforce(access_key, action, service, place.region, resource, dict(context))


def ask_the_policies_of_other_accounts() -> None:
    """Let the policies of buckets and keys count for callers of other accounts.

    ministack knows the policies of the caller's account only, and takes a caller from another account for its root
    user: a policy that names a role is never met. From now on what an ACL grants counts for root users only.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    bucket_policy: _PolicyAndOwner = s3.bucket_policy_for_arn
    key_policy: _PolicyAndOwner = kms.key_policy_for_arn
    opened: Callable[..., bool] = s3._foreign_bucket_allows  # noqa: SLF001 -- no public way in

    def bucket_policy_for_arn(arn: str) -> tuple[str, str] | None:
        owner = bucket_owner(arn)
        if owner is None:
            return bucket_policy(arn)
        name = arn.removeprefix(_BUCKET).partition("/")[0]
        return s3._bucket_policies.get_scoped(owner, None, name) or "", owner  # noqa: SLF001 -- no public way in

    def key_policy_for_arn(arn: str) -> tuple[str, str] | None:
        _, _, _, region, account, _ = arn.split(":", 5)
        with request_scope(account, region):
            return key_policy(arn)

    def foreign_bucket_allows(*request: Any, **options: Any) -> bool:  # noqa: ANN401 -- ministack's
        # Whoever signed as a user or role has been judged already, by the policies of both sides.
        return bool(verified_caller()) or opened(*request, **options)

    s3.bucket_policy_for_arn, kms.key_policy_for_arn = bucket_policy_for_arn, key_policy_for_arn
    s3._foreign_bucket_allows = foreign_bucket_allows  # noqa: SLF001 -- no public way in


def know_accounts_and_roles() -> None:
    """Give condition keys the values that IAM documents.

    ``aws:ResourceAccount`` is the owner of the bucket, and of a foundation model never the caller's account, which is
    why conditions on it break access to models; ``aws:PrincipalArn`` of a session is its role's ARN. ministack answers
    the caller's account and the session's ARN.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    resolve: Callable[[str, EvalContext], Any] = iam_evaluator._resolve_condition_key  # noqa: SLF001 -- no public way in

    def resolve_condition_key(key: str, request: EvalContext) -> Any:  # noqa: ANN401 -- ministack's
        match key.lower():
            case "aws:resourceaccount" | "s3:resourceaccount" if owner := bucket_owner(request.resource_arn):
                return owner
            case "aws:resourceaccount" if "::foundation-model/" in request.resource_arn:
                return None
            case "aws:principalarn" if request.principal_type == "AssumedRole":
                return _role_arn(request.principal_arn)
        return resolve(key, request)

    iam_evaluator._resolve_condition_key = resolve_condition_key  # noqa: SLF001 -- no public way in


def bucket_owner(arn: str) -> str | None:
    """Return the account that owns a bucket.

    Parameters
    ----------
    arn
        Of the bucket or of an object in it.

    Returns
    -------
    str or None
        None if there is no such bucket, or the ARN is of something else.
    """
    if not arn.startswith(_BUCKET):
        return None
    owner: str | None = s3._bucket_owner_account(arn.removeprefix(_BUCKET).partition("/")[0])  # noqa: SLF001 -- no public way in
    return owner


def verified_caller() -> str:
    """Return the access key that signed the request being answered; empty for a root user, and outside of requests."""
    key: str = iam_evaluator._verified_key.get()  # noqa: SLF001 -- no public way in
    return key


def _role_arn(session_arn: str) -> str:
    account, name = session_arn.split(":")[4], session_arn.split("/")[1]
    role = iam._roles.get_scoped(account, None, name) or {}  # noqa: SLF001 -- no public way in
    return str(role.get("Arn", session_arn))
