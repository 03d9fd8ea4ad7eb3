"""How CloudFormation invokes the function of a custom resource: asynchronously.

It is invoked again after an error, then its destination on failure is. ministack calls it once and waits for the whole
service timeout if it dies. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/services-cloudformation.html
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc
from ministack.services.cloudformation import custom_resource

NEEDS = (
    "services.lambda_svc._execute_function_with_config_scope",
    "services.cloudformation.custom_resource.invoke_custom_resource",
)

_by_cloudformation: ContextVar[bool] = ContextVar("by_cloudformation", default=False)

Record = Mapping[str, Any]


def deliver_to_custom_resources() -> None:
    """Invoke the function of a custom resource asynchronously."""
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
