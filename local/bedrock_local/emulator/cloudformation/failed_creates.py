"""A Create that answers FAILED, or nothing in time, or was given up: CloudFormation sends a Delete after it.

ministack forgets such a resource and the physical id in its answer; whatever the Create had begun would live on.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html
"""

from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import Any

from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import custom_resource, handlers, provisioners, stacks

NEEDS = (
    "services.cloudformation.custom_resource.deliver_response",
    "services.cloudformation.provisioners._custom_resource_create",
    "services.cloudformation.provisioners._cr_stack_id",
    "services.cloudformation.stacks._roll_back_operation",
    "services.cloudformation.stacks._delete_stack_async",
    "services.cloudformation.handlers._roll_back_operation",
    "services.cloudformation.handlers._delete_stack_async",
    "services.cloudformation._stacks",
)

Created = Callable[[str, dict[str, Any], str, str], tuple[str, Any]]
StackId = Callable[[str], str]

#: What Creates had begun that failed, by the ids of the stack and of the resource in it.
_begun: dict[tuple[str, str], dict[str, Any]] = {}


def remember(stack_id: str, logical_id: str, resource_type: str, physical_id: str, props: dict[str, Any]) -> None:
    """Note what a Create had begun that failed, to be deleted with what its stack made.

    Parameters
    ----------
    stack_id
        The stack.
    logical_id, resource_type, physical_id, props
        The resource.
    """
    record = {"PhysicalResourceId": physical_id, "ResourceType": resource_type, "Properties": props}
    _begun[stack_id, logical_id] = {**record, "ResourceStatus": "CREATE_FAILED", "Timestamp": now_iso()}


def delete_after_failed_create() -> None:
    """Send a Delete after a Create that failed, as CloudFormation does."""
    failed = _FailedCreates(
        custom_resource.deliver_response,
        provisioners._custom_resource_create,  # noqa: SLF001 -- no public way in
        stacks._roll_back_operation,  # noqa: SLF001 -- no public way in
        provisioners._cr_stack_id,  # noqa: SLF001 -- no public way in
        stacks._delete_stack_async,  # noqa: SLF001 -- no public way in
    )
    custom_resource.deliver_response = failed.deliver_response
    provisioners._custom_resource_create = failed.create  # noqa: SLF001 -- no public way in
    stacks._roll_back_operation = handlers._roll_back_operation = failed.roll_back  # noqa: SLF001 -- no public way in
    stacks._delete_stack_async = handlers._delete_stack_async = failed.delete_stack  # noqa: SLF001 -- no public way in


class _FailedCreates:
    """ministack's handling of ``Custom::`` resources, with a memory for Creates that failed."""

    def __init__(
        self,
        deliver: Callable[..., bool],
        create: Created,
        roll_back: Callable[..., Awaitable[None]],
        stack_id: StackId,
        delete_stack: Callable[..., Awaitable[None]],
    ) -> None:
        self._deliver, self._create, self._roll_back, self._stack_id = deliver, create, roll_back, stack_id
        self._delete_stack = delete_stack
        self._answered: dict[tuple[str, str], str] = {}

    def deliver_response(self, token: str, response: Any) -> bool:  # noqa: ANN401 -- whatever JSON somebody sends
        if not isinstance(response, dict):
            response = {"Status": "FAILED", "Reason": "The response is not a JSON object."}
        key = (response.get("StackId", ""), response.get("LogicalResourceId", ""))
        self._answered[key] = response.get("PhysicalResourceId", "")
        return self._deliver(token, response)

    def create(self, logical_id: str, props: dict[str, Any], stack_name: str, resource_type: str) -> tuple[str, Any]:
        key = (self._stack_id(stack_name), logical_id)
        self._answered.pop(key, None)
        try:
            return self._create(logical_id, props, stack_name, resource_type)
        except (RuntimeError, TimeoutError):
            # Without an answer CloudFormation makes an id up, in this form.
            made_up = f"{stack_name}-{logical_id}-{token_hex(6).upper()}"
            physical_id = self._answered.get(key) or made_up
            remember(*key, resource_type, physical_id, props)
            raise

    async def roll_back(
        self,
        name: str,
        stack_id: str,
        stack: dict[str, Any],
        operation: dict[str, Any],
        **more: Any,  # noqa: ANN401 -- ministack's
    ) -> None:
        operation["created"] += _take_in(stack_id, stack)
        await self._roll_back(name, stack_id, stack, operation, **more)

    async def delete_stack(self, name: str, stack_id: str, *about: Any, **more: Any) -> None:  # noqa: ANN401 -- ministack's
        stack = cloudformation._stacks.get(name)  # noqa: SLF001 -- no public way in
        if stack:
            _take_in(stack_id, stack)
        await self._delete_stack(name, stack_id, *about, **more)


def _take_in(stack_id: str, stack: dict[str, Any]) -> list[str]:
    """Give a stack what its Creates had begun, to delete it; return the logical ids."""
    begun = [key for key in _begun if key[0] == stack_id]
    for key in begun:
        stack.setdefault("_resources", {})[key[1]] = _begun.pop(key)
    return [logical_id for _, logical_id in begun]
