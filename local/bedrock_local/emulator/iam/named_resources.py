"""The resources for which a caller's policies are asked: for some that a request names, ministack asks for ``*``.

Or for a log group without its streams, where the service asks for ``log-group:NAME:log-stream:STREAM`` and policies say
``log-group:NAME:*``. The roles of the CDK's own functions may no more than they need. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ministack.core import iam_actions, iam_evaluator

from bedrock_local.environment import PARTITION
from bedrock_local.names.arn import Arn

NEEDS = (
    "core.iam_actions.extract_resource_arn",
    "core.iam_actions.logs_service_context",
    "core.iam_evaluator.enforce",
)

Headers = Mapping[str, str]
Query = Mapping[str, Sequence[str]]
Context = Mapping[str, Any] | None

#: Operations on a log group that name it by its ARN alone.
_BY_ARN = ("logs:ListTagsForResource", "logs:TagResource", "logs:UntagResource")
_STREAM = ":log-stream:"
_PARAMETER = "ssm:{region}:{account}:parameter/"
_REPOSITORY = "ecr:{region}:{account}:repository/"
_OIDC_PROVIDER = "iam::{account}:oidc-provider/"
_MAP_RUN = "states:{region}:{account}:mapRun:"
_ALARM = "cloudwatch:{region}:{account}:alarm:"
#: By what operations name resources for which ministack asks for any, and the ARNs before the name.
_NAMED: Mapping[str, tuple[str, str]] = {
    "cloudwatch:DeleteAlarms": ("AlarmNames", _ALARM),
    "cloudwatch:DisableAlarmActions": ("AlarmNames", _ALARM),
    "cloudwatch:EnableAlarmActions": ("AlarmNames", _ALARM),
    "ecr:DescribeRepositories": ("repositoryNames", _REPOSITORY),
    "ecr:ListTagsForResource": ("resourceArn", _REPOSITORY),
    "ecr:TagResource": ("resourceArn", _REPOSITORY),
    "ecr:UntagResource": ("resourceArn", _REPOSITORY),
    "iam:AddClientIDToOpenIDConnectProvider": ("OpenIDConnectProviderArn", _OIDC_PROVIDER),
    "iam:DeleteOpenIDConnectProvider": ("OpenIDConnectProviderArn", _OIDC_PROVIDER),
    "iam:GetOpenIDConnectProvider": ("OpenIDConnectProviderArn", _OIDC_PROVIDER),
    "iam:RemoveClientIDFromOpenIDConnectProvider": ("OpenIDConnectProviderArn", _OIDC_PROVIDER),
    "iam:UpdateOpenIDConnectProviderThumbprint": ("OpenIDConnectProviderArn", _OIDC_PROVIDER),
    "ssm:DeleteParameters": ("Names", _PARAMETER),
    "ssm:GetParameters": ("Names", _PARAMETER),
    "ssm:GetParametersByPath": ("Path", _PARAMETER),
    "states:DescribeMapRun": ("mapRunArn", _MAP_RUN),
    "states:ListExecutions": ("mapRunArn", _MAP_RUN),
    "states:UpdateMapRun": ("mapRunArn", _MAP_RUN),
}
#: Between the resources of one request: no ARN has one.
_AND = "\n"


def judge_what_is_named() -> None:
    """Ask a caller's policies for each resource that a request names, as the services do."""
    extract, context, enforce = (
        iam_actions.extract_resource_arn,
        iam_actions.logs_service_context,
        iam_evaluator.enforce,
    )

    def extract_resource_arn(  # noqa: PLR0917 -- ministack's signature
        service: str, method: str, path: str, headers: Headers, body: bytes, query: Query, region: str, account: str
    ) -> str:
        arn: str = extract(service, method, path, headers, body, query, region, account)
        if service != "logs" and arn != "*":
            return arn
        action = iam_actions.extract_iam_action(service, method, path, headers, body, query) or ""
        members = {**query, **_members(body)}
        if service == "logs":
            return _with_stream(arn, members) if action not in _BY_ARN else arn
        return _AND.join(_arns(action, members, region, account)) or arn

    def logs_service_context(action: str, body: bytes, group: str, *more: str) -> Any:  # noqa: ANN401 -- ministack's
        return context(action, body, group.partition(_STREAM)[0], *more)

    def enforce_each(  # noqa: PLR0917 -- the same
        key: str, action: str, service: str, region: str, resource_arn: str = "*", service_context: Context = None
    ) -> Any:  # noqa: ANN401 -- ministack's
        denied = (enforce(key, action, service, region, arn, service_context) for arn in _each(resource_arn))
        return next(filter(None, denied), None)

    iam_actions.extract_resource_arn = extract_resource_arn
    iam_actions.logs_service_context = logs_service_context
    iam_evaluator.enforce = enforce_each


def _each(named: str) -> list[str]:
    return named.split(_AND)


def _members(body: bytes) -> Mapping[str, Any]:
    """Read a body; one that is none, the service will refuse."""
    try:
        members = json.loads(body)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _with_stream(arn: str, members: Mapping[str, Any]) -> str:
    if ":log-group:" not in arn:
        return arn
    return f"{arn.removesuffix(':*')}{_STREAM}{members.get('logStreamName', '')}"


def _arns(action: str, members: Mapping[str, Any], region: str, account: str) -> Iterator[str]:
    """Give the ARN of each resource that a request names."""
    member, pattern = _NAMED.get(action, ("", ""))
    # A list is one in JSON, and many members of a form.
    for name in sorted(name for name in members if name.split(".")[0] == member):
        values = members[name]
        for value in values if isinstance(values, list) else [values]:
            service, where, whose, kind = pattern.format(region=region, account=account).split(":", 3)
            made = Arn(PARTITION, service, where, whose, f"{kind}{str(value).removeprefix('/')}")
            yield str(Arn.find(str(value)) or made)
