"""Lambda's contract with CloudFormation and with a function's role, where ministack keeps it differently.

One of the modules that know ministack; see `bedrock_local.application`.
"""

from collections.abc import Mapping
from contextvars import Context, ContextVar
from typing import Any

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import lambda_svc
from ministack.services.cloudformation import custom_resource

from bedrock_local.bedrock.access.ports import NO_CONTEXT
from bedrock_local.names.place import Place
from bedrock_local.services.iam import denial

_PARTITION = "aws"
_by_cloudformation: ContextVar[bool] = ContextVar("by_cloudformation", default=False)

Record = Mapping[str, Any]


def deliver_to_custom_resources() -> None:
    """Invoke the function of a custom resource asynchronously: again after an error, then its destination on failure.

    ministack calls it once and waits for the whole service timeout if it dies.
    https://docs.aws.amazon.com/lambda/latest/dg/services-cloudformation.html
    """
    execute = lambda_svc._execute_function_with_config_scope  # noqa: SLF001 -- no public way in
    invoke = custom_resource.invoke_custom_resource

    def execute_or_deliver(function: Record, event: Any) -> dict[str, Any]:  # noqa: ANN401 -- an event is any JSON
        if _by_cloudformation.get():
            lambda_svc.invoke_async_with_retry(function, event)
            return {}
        answer: dict[str, Any] = execute(function, event)
        return answer

    def invoke_custom_resource(*about: Any, **more: Any) -> tuple[str, Any]:  # noqa: ANN401 -- ministack's
        token = _by_cloudformation.set(True)
        try:
            answer: tuple[str, Any] = invoke(*about, **more)
            return answer
        finally:
            _by_cloudformation.reset(token)

    lambda_svc._execute_function_with_config_scope = execute_or_deliver  # noqa: SLF001 -- no public way in
    custom_resource.invoke_custom_resource = invoke_custom_resource


def require_permissions_of_roles() -> None:
    """Write logs, and invoke the destination on failure, only if the function's role allows it.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html,
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
    """
    emit, route = lambda_svc._emit_lambda_logs, lambda_svc._route_async_failure  # noqa: SLF001 -- no public way in

    def emit_lambda_logs(function: Record, *about: Any, **more: Any) -> None:  # noqa: ANN401 -- ministack's
        config = function.get("config") or function
        stream = f"{_log_group_arn(config)}:log-stream:any"
        if all(_may(config, action, stream) for action in ("logs:CreateLogStream", "logs:PutLogEvents")):
            emit(function, *about, **more)

    def route_async_failure(target_arn: str, name: str, *about: Any) -> None:  # noqa: ANN401 -- ministack's
        config = lambda_svc._functions[name]["config"]  # noqa: SLF001 -- no public way in
        if ":lambda:" not in target_arn or _may(config, "lambda:InvokeFunction", target_arn):
            route(target_arn, name, *about)

    lambda_svc._emit_lambda_logs, lambda_svc._route_async_failure = emit_lambda_logs, route_async_failure  # noqa: SLF001 -- the same


def _log_group_arn(config: Record) -> str:
    place = _place(config)
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    return f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:{group}"


def _may(config: Record, action: str, resource: str) -> bool:
    key = lambda_runtime.execution_credentials(config)["AWS_ACCESS_KEY_ID"]

    def ask() -> bool:
        iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
        return denial(key, _place(config), action, resource, NO_CONTEXT) is None

    # Not as part of the request that made Lambda run the function: that one has another signer.
    return Context().run(ask)


def _place(config: Record) -> Place:
    _, _, _, region, account, _ = config["FunctionArn"].split(":", 5)
    return Place(_PARTITION, region, account)
