"""Which permissions an operation needs of its caller.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html, and what denials in
practice name beyond it: ``iam:PassRole``, and Create on an inference profile.
"""

from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.access.ports import Authorizer, Caller, Context
from bedrock_local.bedrock.models.model import Model
from bedrock_local.bedrock.service_model.errors import AccessDeniedException
from bedrock_local.names.arn import Arn
from bedrock_local.names.job_arn import job_arn

SERVICE_PRINCIPAL = "bedrock.amazonaws.com"
_CREATE = "bedrock:CreateModelInvocationJob"


def require_create(authorizer: Authorizer, caller: Caller, params: Mapping[str, Any]) -> None:
    """Require what any Create needs: making jobs, tagging them if there are tags, and passing the role.

    Parameters
    ----------
    authorizer
        Says who may do what.
    caller
        Who asks.
    params
        The members of CreateModelInvocationJob.

    Raises
    ------
    AccessDeniedException
        If the caller may not, or the role belongs to another account.
    """
    role_account = Arn.parse(params["roleArn"]).account
    if role_account != caller.place.account:
        raise AccessDeniedException("Cross-account pass role is not allowed.")
    any_job = job_arn(caller.place, "*")
    context = _create_context(params)
    authorizer.require(caller, _CREATE, any_job, context)
    if params.get("tags"):
        authorizer.require(caller, "bedrock:TagResource", any_job, context)
    authorizer.require(caller, "iam:PassRole", params["roleArn"], {"iam:PassedToService": SERVICE_PRINCIPAL})


def require_models(authorizer: Authorizer, caller: Caller, model: Model, params: Mapping[str, Any]) -> None:
    """Require that the caller may make jobs with a model, or with a profile and all models that it routes to.

    Parameters
    ----------
    authorizer
        Says who may do what.
    caller
        Who asks.
    model
        The model.
    params
        The members of CreateModelInvocationJob.

    Raises
    ------
    AccessDeniedException
        If the caller may not.
    """
    for arn in model.arns:
        authorizer.require(caller, _CREATE, arn, _create_context(params))


def resource_tag_context(tags: Mapping[str, str]) -> Context:
    """Return the condition keys of a resource that has tags.

    Parameters
    ----------
    tags
        The tags.

    Returns
    -------
    Context
        ``aws:ResourceTag`` keys.
    """
    return {f"aws:ResourceTag/{key}": value for key, value in tags.items()}


def tag_context(tags: Mapping[str, str]) -> Context:
    """Return the condition keys of a request that passes tags.

    Parameters
    ----------
    tags
        The tags.

    Returns
    -------
    Context
        ``aws:TagKeys`` and ``aws:RequestTag``; nothing without tags, as IAM has it.
    """
    if not tags:
        return {}
    request_tags: dict[str, str | list[str]] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return request_tags | {"aws:TagKeys": list(tags)}


def _create_context(params: Mapping[str, Any]) -> Context:
    return tag_context({tag["key"]: tag["value"] for tag in params.get("tags", [])})
