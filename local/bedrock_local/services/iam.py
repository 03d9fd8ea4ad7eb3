"""One question to the emulator's IAM: whether the holder of an access key may do something; and who holds it.

The answer counts the holder's own policies, boundaries and session policies, and the policy of the resource.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core import iam_evaluator, responses
from ministack.core.iam_evaluator import AuthError, EvalResult
from ministack.services import iam

from bedrock_local.bedrock.access.ports import Context
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place

NEEDS = ("core.iam_evaluator._verified_key", "services.iam._roles", "services.iam._policies")


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
    with responses.request_scope(place.account, place.region):
        service = action.partition(":")[0]
        return iam_evaluator.enforce(access_key, action, service, place.region, resource, dict(context))


def verified_caller() -> str:
    """Return the access key that signed the request being answered; empty for a root user, and outside of requests."""
    key: str = iam_evaluator._verified_key.get()  # noqa: SLF001 -- no public way in
    return key


def account_of(access_key: str) -> str:
    """Return the account that an access key belongs to.

    Parameters
    ----------
    access_key
        Of a user or session; empty for a root user.

    Returns
    -------
    str
        The account; for a root user that of the request.
    """
    identity = iam_evaluator.resolve_caller_identity(access_key)
    session = identity and identity["session"] and Arn.find(identity["userArn"])
    if session:
        return session.account
    return iam_evaluator.find_iam_access_key_account(access_key) or str(responses.get_account_id())


def find_role(account: str, name: str) -> Mapping[str, Any] | None:
    """Return a role as the emulator keeps it.

    Parameters
    ----------
    account, name
        Of the role.

    Returns
    -------
    Mapping or None
        As GetRole describes it; None if there is none.
    """
    role: Mapping[str, Any] | None = iam._roles.get_scoped(account, None, name)  # noqa: SLF001 -- its own answers need a caller
    return role


def role_age(account: str, name: str) -> float:
    """Return how long a role has been as it is; `emulator.iam.young_roles` notes when it changed.

    Parameters
    ----------
    account, name
        Of the role.

    Returns
    -------
    float
        Seconds; endless for a role that does not exist, which is nothing to wait for.
    """
    return time.monotonic() - getattr(find_role(account, name), "changed", float("-inf"))


def permissions_age(account: str, name: str) -> float:
    """Return how long what a role may do has been as it is; `emulator.iam.young_roles` notes when it changed.

    Parameters
    ----------
    account, name
        Of the role.

    Returns
    -------
    float
        Seconds since its policies, their text or its boundary changed; endless for a role that does not exist.
    """
    role = find_role(account, name)
    if role is None:
        return float("inf")
    changes = [getattr(policy["Versions"], "changed", float("-inf")) for policy in _managed(account, role)]
    return time.monotonic() - max(getattr(role, "permissions_changed", float("-inf")), *changes, float("-inf"))


def _managed(account: str, role: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Go through the customer's policies that a role has attached or as its boundary; AWS's own do not change."""
    for arn in (*role["AttachedPolicies"], role.get("PermissionsBoundary")):
        policy = iam._policies.get_scoped(account, None, arn)  # noqa: SLF001 -- no public way in
        if policy:
            yield policy
