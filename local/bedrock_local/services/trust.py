"""Whether a service may assume a role: the role's trust policy decides."""

from ministack.core import iam_evaluator
from ministack.core.responses import request_scope

from bedrock_local.bedrock.access.roles import RoleNotAssumableError
from bedrock_local.bedrock.api.permissions import SERVICE_PRINCIPAL
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place
from bedrock_local.services.denials import DENIALS, Denied, Where
from bedrock_local.services.iam import find_role


def require_trust(role_arn: str, job_arn: str, place: Place) -> None:
    """Return if Bedrock may assume a role for a job.

    Parameters
    ----------
    role_arn
        The role.
    job_arn
        The ``aws:SourceArn`` of the request.
    place
        Where the job runs. Its account is the ``aws:SourceAccount``.

    Raises
    ------
    RoleNotAssumableError
        If the role does not exist or does not trust Bedrock with this job.
    """
    with request_scope(place.account, place.region):
        role = find_role(place.account, Arn.parse(role_arn).name)
    if role is None or role["Arn"] != role_arn:
        raise RoleNotAssumableError(f"The role {role_arn} does not exist.")
    if not is_trusted(role_arn, SERVICE_PRINCIPAL, job_arn, place):
        DENIALS.note(Denied(SERVICE_PRINCIPAL, SERVICE_PRINCIPAL, "sts:AssumeRole", role_arn, Where.TRUST))
        raise RoleNotAssumableError(
            f"The trust policy of {role_arn} does not allow {SERVICE_PRINCIPAL} to perform sts:AssumeRole "
            f"with aws:SourceAccount {place.account} and aws:SourceArn {job_arn}."
        )


def is_trusted(role_arn: str, principal: str, source_arn: str, place: Place) -> bool:
    """Say whether a service may assume a role.

    Parameters
    ----------
    role_arn
        The role.
    principal
        The service: ``bedrock.amazonaws.com``.
    source_arn
        The ``aws:SourceArn`` of the request.
    place
        Where the service acts. Its account is the ``aws:SourceAccount``.
    """
    with request_scope(place.account, place.region):
        role = find_role(place.account, Arn.parse(role_arn).name)
        if role is None or role["Arn"] != role_arn:
            return False
        # The emulator's own trust evaluator lets an account's root pass for every service; its evaluator of resource
        # policies does not.
        return is_let(role["AssumeRolePolicyDocument"], principal, "sts:AssumeRole", role_arn, source_arn, place)


def is_let(policy: object, principal: str, action: str, resource_arn: str, source_arn: str, place: Place) -> bool:  # noqa: PLR0917 -- what a policy is asked for
    """Say whether the policy of a resource lets a service do something with it.

    Parameters
    ----------
    policy
        The document: of a role its trust, of a function what its permissions are.
    principal
        The service.
    action
        What it does.
    resource_arn
        The resource.
    source_arn
        The ``aws:SourceArn`` of the request.
    place
        Where the service acts. Its account is the ``aws:SourceAccount``.
    """
    request = iam_evaluator.EvalContext(
        principal_arn=principal,
        principal_type="Service",
        principal_account=place.account,
        action=action,
        resource_arn=resource_arn,
        region=place.region,
        service_context={"aws:sourceaccount": place.account, "aws:sourcearn": source_arn},
    )
    return bool(iam_evaluator.evaluate_resource_policy(policy, request, principal).decision == "Allow")
