"""The clean-up after an update: the stack is UPDATE_COMPLETE_CLEANUP_IN_PROGRESS, and each deletion is an event.

ministack deletes what the update replaced and removed, but says UPDATE_IN_PROGRESS all the while, and nothing of what
it deletes. Seen in ministack 1.5.33. One difference stays: a removed resource that depended on a replaced one goes
after the old one of that, not before it.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import stacks

NEEDS = (
    "services.cloudformation._stacks",
    "services.cloudformation.stacks._add_event",
    "services.cloudformation.stacks._delete_resource",
    "services.cloudformation.stacks._resolve_stack_outputs",
)

_STATUS = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"


def tell_clean_up() -> None:
    """Say that an update is complete as soon as its outputs are known, and what is deleted after that."""
    resolve = stacks._resolve_stack_outputs  # noqa: SLF001 -- no public way in
    delete = stacks._delete_resource  # noqa: SLF001 -- no public way in

    def resolve_stack_outputs(*about: Any) -> Any:  # noqa: ANN401 -- ministack's
        # The last step that may fail.
        outputs = resolve(*about)
        *_, name, stack_id = about
        stack = _stack(name)
        if stack.get("StackStatus") == "UPDATE_IN_PROGRESS":
            stack["StackStatus"] = _STATUS
            _tell(stack_id, name, name, "AWS::CloudFormation::Stack", _STATUS, physical_id=stack_id)
        return outputs

    def delete_resource(kind: str, physical_id: str, properties: Any, name: str, logical_id: str) -> None:  # noqa: ANN401 -- ministack's
        stack = _stack(name)
        # Of other deletions ministack tells.
        told = stack.get("StackStatus") == _STATUS
        if told:
            _tell(stack["StackId"], name, logical_id, kind, "DELETE_IN_PROGRESS", physical_id=physical_id)
        delete(kind, physical_id, properties, name, logical_id)
        if told:
            _tell(stack["StackId"], name, logical_id, kind, "DELETE_COMPLETE", physical_id=physical_id)

    stacks._resolve_stack_outputs, stacks._delete_resource = resolve_stack_outputs, delete_resource  # noqa: SLF001 -- the same


def _stack(name: str) -> dict[str, Any]:
    stack: dict[str, Any] = cloudformation._stacks.get(name) or {}  # noqa: SLF001 -- no public way in
    return stack


def _tell(*event: str, physical_id: str) -> None:
    stacks._add_event(*event, physical_id=physical_id)  # noqa: SLF001 -- no public way in
