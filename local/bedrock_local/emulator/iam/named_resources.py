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

NEEDS = (
    "core.iam_actions.extract_resource_arn",
    "core.iam_actions.logs_service_context",
    "core.iam_evaluator.enforce",
)

Headers = Mapping[str, str]
Query = Mapping[str, Sequence[str]]
Context = Mapping[str, Any] | None

#: Operations on a log group that name it by its ARN alone.
_BY_ARN = ("ListTagsForResource", "TagResource", "UntagResource")
_STREAM = ":log-stream:"
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
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        match service:
            case "logs" if operation not in _BY_ARN and ":log-group:" in arn:
                return f"{arn.removesuffix(':*')}{_STREAM}{_members(body).get('logStreamName', '')}"
            case "ssm" if arn == "*":
                parameters = f"arn:aws:ssm:{region}:{account}:parameter"
                return _AND.join(sorted(_named(_members(body), parameters))) or arn
            case "iam" if arn == "*":
                provider = query.get("OpenIDConnectProviderArn") or [arn]
                return str(provider[0])
        return arn

    def logs_service_context(action: str, body: bytes, arn: str, *more: str) -> Any:  # noqa: ANN401 -- ministack's
        return context(action, body, arn.partition(_STREAM)[0], *more)

    def enforce_each(  # noqa: PLR0917 -- the same
        key: str, action: str, service: str, region: str, resource_arn: str = "*", service_context: Context = None
    ) -> Any:  # noqa: ANN401 -- ministack's
        arns = resource_arn.split(_AND)
        denied = (enforce(key, action, service, region, arn, service_context) for arn in arns)
        return next(filter(None, denied), None)

    iam_actions.extract_resource_arn = extract_resource_arn
    iam_actions.logs_service_context = logs_service_context
    iam_evaluator.enforce = enforce_each


def _members(body: bytes) -> Mapping[str, Any]:
    """Read a body; one that is none, the service will refuse."""
    try:
        members = json.loads(body)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _named(members: Mapping[str, Any], parameters: str) -> Iterator[str]:
    """Give the ARNs of the parameters of Parameter Store that a request is about."""
    for name in members.get("Names") or [members.get("Path")]:
        if isinstance(name, str):
            yield name if name.startswith("arn:") else f"{parameters}/{name.lstrip('/')}"
