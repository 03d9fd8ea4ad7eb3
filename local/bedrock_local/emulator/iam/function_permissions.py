"""What Lambda does with the permissions of a function's role; ministack asks nobody about them.

Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html,
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
"""

from collections.abc import Mapping
from contextvars import Context
from typing import Any

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import lambda_svc

from bedrock_local.bedrock.access.ports import NO_CONTEXT
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place
from bedrock_local.services.iam import denial

NEEDS = (
    "services.lambda_svc._emit_lambda_logs",
    "services.lambda_svc._route_async_failure",
    "services.lambda_svc._functions",
)

Record = Mapping[str, Any]


def require_permissions_of_roles() -> None:
    """Write logs, and invoke the destination on failure, only if the function's role allows it."""
    emit, route = lambda_svc._emit_lambda_logs, lambda_svc._route_async_failure  # noqa: SLF001 -- no public way in

    def emit_lambda_logs(function: Record, *about: Any, **more: Any) -> None:  # noqa: ANN401 -- ministack's
        config = function.get("config") or function
        stream = f"{_log_group_arn(config)}:log-stream:any"
        if all(_may(config, action, stream) for action in ("logs:CreateLogStream", "logs:PutLogEvents")):
            emit(function, *about, **more)

    def route_async_failure(target_arn: str, name: str, *about: Any) -> None:  # noqa: ANN401 -- ministack's
        function = lambda_svc._functions.get(name)  # noqa: SLF001 -- no public way in
        # A function that is deleted has no event any more, and nobody to tell of it.
        if function is None:
            return
        config, target = function["config"], Arn.find(target_arn)
        if target is None or target.service != "lambda" or _may(config, "lambda:InvokeFunction", target_arn):
            route(target_arn, name, *about)

    lambda_svc._emit_lambda_logs, lambda_svc._route_async_failure = emit_lambda_logs, route_async_failure  # noqa: SLF001 -- the same


def _log_group_arn(config: Record) -> str:
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    return _place(config).arn(f"log-group:{group}", "logs")


def _may(config: Record, action: str, resource: str) -> bool:
    key = lambda_runtime.execution_credentials(config)["AWS_ACCESS_KEY_ID"]

    def ask() -> bool:
        iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
        return denial(key, _place(config), action, resource, NO_CONTEXT) is None

    # Not as part of the request that made Lambda run the function: that one has another signer.
    return Context().run(ask)


def _place(config: Record) -> Place:
    return Place.of(config["FunctionArn"])
