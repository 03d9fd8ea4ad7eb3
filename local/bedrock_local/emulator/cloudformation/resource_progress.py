"""The status of a custom resource, wait condition or nested stack while it is waited for: it is in progress.

For ministack there is no such resource during a Create, and during an Update it is as it was before.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDetail.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import custom_resource, provisioners

NEEDS = (
    "services.cloudformation._stacks",
    "services.cloudformation.custom_resource.invoke_custom_resource",
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
)

_WAIT_CONDITION = "AWS::CloudFormation::WaitCondition"


def show_progress() -> None:
    """Let DescribeStackResource say it."""
    invoke = custom_resource.invoke_custom_resource

    def invoke_custom_resource(
        request_type: str,
        logical_id: str,
        props: dict[str, Any],
        stack_name: str,
        *others: Any,  # noqa: ANN401 -- ministack's
        **options: Any,  # noqa: ANN401 -- ministack's
    ) -> tuple[str, Any]:
        _, resource_type, *_ = others
        with in_progress(request_type, logical_id, stack_name, resource_type):
            answer: tuple[str, Any] = invoke(request_type, logical_id, props, stack_name, *others, **options)
        return answer

    custom_resource.invoke_custom_resource = invoke_custom_resource
    _show_wait_conditions()


def _show_wait_conditions() -> None:
    handler = provisioners._RESOURCE_HANDLERS[_WAIT_CONDITION]  # noqa: SLF001 -- no public way in
    create = handler["create"]

    def create_wait_condition(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, Any]:
        with in_progress("Create", logical_id, stack_name, _WAIT_CONDITION):
            made: tuple[str, Any] = create(logical_id, props, stack_name)
        return made

    handler["create"] = create_wait_condition


@contextmanager
def in_progress(request_type: str, logical_id: str, stack_name: str, resource_type: str) -> Iterator[None]:
    """Let a resource be in progress until this ends.

    Parameters
    ----------
    request_type
        ``Create``, ``Update`` or ``Delete``; of a Delete, `deleted_resources` tells.
    logical_id, stack_name, resource_type
        The resource.
    """
    if request_type == "Delete":
        yield
        return
    stack = cloudformation._stacks.get(stack_name) or {}  # noqa: SLF001 -- no public way in
    resources = stack.setdefault("_resources", {})
    before = resources.get(logical_id)
    known = before or {"PhysicalResourceId": "", "ResourceType": resource_type}
    status = f"{request_type.upper()}_IN_PROGRESS"
    resources[logical_id] = {**known, "ResourceStatus": status, "Timestamp": now_iso()}
    try:
        yield
    finally:
        # ministack goes on from what it knew.
        if before:
            resources[logical_id] = before
        else:
            resources.pop(logical_id, None)
