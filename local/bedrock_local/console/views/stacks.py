"""Stacks: the list, and what is shown of one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from bedrock_local.names.arn import Arn

_LISTED = 200
_EVENTS = 200
_LINES = 100

Described = Mapping[str, Any]


class Stacks(Protocol):
    """Knows CloudFormation's stacks; `bedrock_local.services.stacks` does."""

    def stacks(self) -> list[Described]:
        """List the stacks, newest first."""

    def events(self, stack_id: str, most: int) -> list[Described]:
        """List the events of a stack, newest first."""

    def resources(self, stack: Described) -> Mapping[str, Described]:
        """Return the resources of a stack by their logical ids."""

    def logs(self, stack: Described, most: int) -> Iterable[tuple[str, list[str]]]:
        """Go through the log groups of a stack: their names, and their latest lines."""


def listed(known: Stacks) -> Sequence[Mapping[str, Any]]:
    """List stacks, newest first.

    Parameters
    ----------
    known
        Has them.
    """
    return [_line(stack) for stack in known.stacks()[:_LISTED]]


def _line(stack: Described) -> Mapping[str, Any]:
    place = Arn.parse(stack["StackId"])
    return {
        "id": stack["StackId"],
        "name": stack["StackName"],
        "status": stack["StackStatus"],
        "reason": stack.get("StackStatusReason", ""),
        "region": place.region,
        "account": place.account,
        "updated": stack.get("LastUpdatedTime") or stack["CreationTime"],
    }


def shown(known: Stacks, stack_id: str) -> Mapping[str, Any] | None:
    """Show a stack.

    Parameters
    ----------
    known
        Has the stacks.
    stack_id
        The one.

    Returns
    -------
    Mapping or None
        None if it is not there.
    """
    stack = next((each for each in known.stacks() if each["StackId"] == stack_id), None)
    if stack is None:
        return None
    return {
        "id": stack_id,
        "outputs": [[each["OutputKey"], str(each["OutputValue"])] for each in stack.get("Outputs", ())],
        "resources": [_resource(name, each) for name, each in known.resources(stack).items()],
        "logs": [[name, "\n".join(lines)] for name, lines in known.logs(stack, _LINES)],
        "events": [_event(each) for each in known.events(stack_id, _EVENTS)],
    }


def _resource(name: str, resource: Described) -> Mapping[str, str]:
    members = ("ResourceType", "ResourceStatus", "PhysicalResourceId")
    return {"LogicalResourceId": name, **{member: str(resource.get(member, "")) for member in members}}


def _event(event: Described) -> Mapping[str, str]:
    members = ("EventId", "Timestamp", "LogicalResourceId", "ResourceType", "ResourceStatus", "ResourceStatusReason")
    return {member: str(event.get(member, "")) for member in members}
