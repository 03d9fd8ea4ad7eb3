"""SignalResource's refusals: ministack takes the same signal twice, and has words of its own. Seen in ministack 1.5.33.

https://github.com/aws-cloudformation/aws-cloudformation-templates/issues/34 has CloudFormation's words for a stack
that is complete. Those for a resource that does not wait are ministack's.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html
"""

from typing import TYPE_CHECKING, Any

from ministack.services.cloudformation import handlers, helpers, wait_conditions

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDS = (
    "services.cloudformation.handlers._ACTION_HANDLERS",
    "services.cloudformation.handlers._resolve_stack",
    "services.cloudformation.helpers._error",
    "services.cloudformation.helpers._p",
    "services.cloudformation.wait_conditions._handles",
    "services.cloudformation.wait_conditions._waiting",
)

Request = dict[str, Any]

_SIGNALED = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}


def refuse_repeated_signals() -> None:
    """Refuse a signal for a stack that is complete, and one that was given before."""
    actions: dict[str, Callable[[Request], Any]] = handlers._ACTION_HANDLERS  # noqa: SLF001 -- no public way in
    signal = actions["SignalResource"]

    def signal_resource(request: Request) -> Any:  # noqa: ANN401 -- ministack's
        why = _refusal(request)
        return helpers._error("ValidationError", why) if why else signal(request)  # noqa: SLF001 -- no public way in

    actions["SignalResource"] = signal_resource


def _refusal(request: Request) -> str | None:
    names = ("StackName", "LogicalResourceId", "UniqueId", "Status")
    stack_name, logical_id, unique_id, status = (helpers._p(request, each) for each in names)  # noqa: SLF001 -- no public way in
    stack = handlers._resolve_stack(stack_name)  # noqa: SLF001 -- the same
    if not stack or stack["StackStatus"] == "DELETE_COMPLETE":
        return None
    stack_id = stack["StackId"]
    if stack["StackStatus"] not in _SIGNALED:
        return f"Stack {stack_id} is in {stack['StackStatus']} state and cannot be signaled"
    waiter = wait_conditions._waiting.get((stack_id, logical_id), {})  # noqa: SLF001 -- the same
    handle = wait_conditions._handles.get(waiter.get("token"), {})  # noqa: SLF001 -- the same
    if unique_id in handle.get("signals", {}) and status != "FAILURE":
        known = f"Signal with ID {unique_id} for resource {logical_id} already exists."
        return f"{known} Signals may only be updated with a FAILURE status."
    return None
