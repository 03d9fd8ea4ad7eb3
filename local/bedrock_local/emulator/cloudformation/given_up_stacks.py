"""A stack that is deleted, or an update that is cancelled, while resources of it are made.

ministack deletes what is there, and goes on to make the rest; and it heeds a cancellation only once what it waits for
has come. Seen in ministack 1.5.33. https://github.com/aws/aws-toolkit-azure-devops/issues/317 and
https://github.com/aws-amplify/amplify-backend/pull/2366 have the words of CloudFormation's refusal.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, helpers, stacks

from bedrock_local.emulator.cloudformation import operations

NEEDS = (
    "services.cloudformation._stacks",
    "services.cloudformation.handlers._ACTION_HANDLERS",
    "services.cloudformation.handlers._resolve_stack",
    "services.cloudformation.handlers._delete_stack_async",
    "services.cloudformation.stacks._delete_stack_async",
    "services.cloudformation.helpers._error",
    "services.cloudformation.helpers._p",
)

Request = dict[str, Any]
Handler = Callable[[Request], Any]

# An update has to be cancelled first.
_KEEPING = {
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
}


def give_up_at_once() -> None:
    """Give up what is in progress when a stack is deleted or its update cancelled."""
    actions: dict[str, Handler] = handlers._ACTION_HANDLERS  # noqa: SLF001 -- no public way in
    actions["CancelUpdateStack"] = _giving_up(actions["CancelUpdateStack"])
    actions["DeleteStack"] = _refusing(actions["DeleteStack"])
    delete = stacks._delete_stack_async  # noqa: SLF001 -- the same

    async def delete_stack(name: str, stack_id: str, *about: Any, **more: Any) -> None:  # noqa: ANN401 -- ministack's
        operation = operations.running(stack_id)
        if operation:
            cloudformation._stacks[name]["StackStatus"] = "DELETE_IN_PROGRESS"  # noqa: SLF001 -- no public way in
            operation.is_deleted = True
            operation.give_up()
            await operation.ended.wait()
        await delete(name, stack_id, *about, **more)

    stacks._delete_stack_async = handlers._delete_stack_async = delete_stack  # noqa: SLF001 -- the same


def _giving_up(cancel: Handler) -> Handler:
    def cancel_update_stack(request: Request) -> Any:  # noqa: ANN401 -- ministack's
        answer = cancel(request)
        stack = _stack(request)
        operation = stack and stack.get("_cancel_requested") and operations.running(stack["StackId"])
        if operation:
            operation.give_up()
        return answer

    return cancel_update_stack


def _refusing(delete: Handler) -> Handler:
    def delete_stack(request: Request) -> Any:  # noqa: ANN401 -- ministack's
        stack = _stack(request)
        if stack and stack["StackStatus"] in _KEEPING:
            why = f"Stack [{stack['StackId']}] cannot be deleted while in status {stack['StackStatus']}"
            return helpers._error("ValidationError", why)  # noqa: SLF001 -- no public way in
        return delete(request)

    return delete_stack


def _stack(request: Request) -> dict[str, Any] | None:
    found: dict[str, Any] | None = handlers._resolve_stack(helpers._p(request, "StackName"))  # noqa: SLF001 -- no public way in
    return found
