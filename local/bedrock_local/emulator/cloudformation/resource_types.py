"""A logical id whose type changes: CloudFormation refuses the update, and the change set fails.

ministack updates the resource as if it were of the new type, and the old one lives on. Seen in ministack 1.5.33.
https://github.com/aws/aws-sam-cli/issues/6786 has the words, of a change set.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, handlers, helpers

NEEDS = (
    "services.cloudformation._stacks",
    "services.cloudformation.handlers._ACTION_HANDLERS",
    "services.cloudformation.handlers._stack_has_no_updates",
    "services.cloudformation.changesets._find_change_set",
    "services.cloudformation.helpers._error",
    "services.cloudformation.helpers._p",
)

Request = dict[str, Any]
Record = Mapping[str, Any]


class _TypeChangedError(Exception):
    """A new template gives a logical id another type."""


def keep_types() -> None:
    """Refuse an update that changes a type, and fail a change set that would."""
    has_no_updates = handlers._stack_has_no_updates  # noqa: SLF001 -- no public way in

    def stack_has_no_updates(stack: Record, template: Record, *about: Any) -> bool:  # noqa: ANN401 -- ministack's
        if refusal := _refusal(stack, template):
            raise _TypeChangedError(refusal)
        nothing: bool = has_no_updates(stack, template, *about)
        return nothing

    handlers._stack_has_no_updates = stack_has_no_updates  # noqa: SLF001 -- no public way in
    actions: dict[str, Callable[[Request], Any]] = handlers._ACTION_HANDLERS  # noqa: SLF001 -- the same
    actions["UpdateStack"] = _refusing(actions["UpdateStack"])
    actions["CreateChangeSet"] = _failing(actions["CreateChangeSet"])


def _refusing(update: Callable[[Request], Any]) -> Callable[[Request], Any]:
    def update_stack(request: Request) -> Any:  # noqa: ANN401 -- ministack's
        try:
            return update(request)
        except _TypeChangedError as refusal:
            return helpers._error("ValidationError", str(refusal))  # noqa: SLF001 -- no public way in

    return update_stack


def _failing(create: Callable[[Request], Any]) -> Callable[[Request], Any]:
    def create_change_set(request: Request) -> Any:  # noqa: ANN401 -- ministack's
        answer = create(request)
        name, stack_name = (helpers._p(request, each) for each in ("ChangeSetName", "StackName"))  # noqa: SLF001 -- no public way in
        _, made = changesets._find_change_set(name, stack_name)  # noqa: SLF001 -- no public way in
        stack = made and cloudformation._stacks.get(made["StackName"])  # noqa: SLF001 -- no public way in
        if stack and (refusal := _refusal(stack, made["_template"])):
            made |= {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE", "StatusReason": refusal, "Changes": []}
        return answer

    return create_change_set


def _refusal(stack: Record, template: Record) -> str | None:
    wanted = template.get("Resources", {})
    made = stack.get("_resources", {})
    changed = sorted(each for each in made if each in wanted and made[each]["ResourceType"] != wanted[each]["Type"])
    if not changed:
        return None
    return (
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: "
        f"[{', '.join(changed)}]"
    )
