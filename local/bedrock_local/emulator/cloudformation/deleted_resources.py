"""Resources that are deleted: DescribeStackResource tells them, as DELETE_IN_PROGRESS and then as DELETE_COMPLETE.

For ministack a resource is as it was until it is gone, and then there is none. So whoever looks whether CloudFormation
still wants a resource, as a custom resource's function may, cannot find out; and of a deleted stack ListStackResources
tells nothing, where CloudFormation tells all of it for 90 days. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, helpers, stacks

NEEDS = (
    "services.cloudformation._stacks",
    "services.cloudformation.stacks._delete_resource",
    "services.cloudformation.handlers._ACTION_HANDLERS",
    "services.cloudformation.handlers._resolve_stack",
    "services.cloudformation.helpers._p",
)

# Beside ministack's own in what it knows of a stack.
_DELETED = "_deleted_resources"

Record = dict[str, Any]


def tell_deleted_resources() -> None:
    """Let DescribeStackResource say what is deleted, or was, and ListStackResources what a deleted stack had."""
    delete = stacks._delete_resource  # noqa: SLF001 -- no public way in
    actions = handlers._ACTION_HANDLERS  # noqa: SLF001 -- the same
    describe, list_all = actions["DescribeStackResource"], actions["ListStackResources"]

    def delete_resource(kind: str, physical_id: str, properties: Any, name: str, logical_id: str) -> None:  # noqa: ANN401 -- ministack's
        stack: Record = cloudformation._stacks.get(name) or {}  # noqa: SLF001 -- no public way in
        record = stack.get("_resources", {}).get(logical_id)
        # Not what an update has replaced: there the resource is the new one.
        if record is None or record.get("PhysicalResourceId") != physical_id:
            delete(kind, physical_id, properties, name, logical_id)
            return
        record |= {"ResourceStatus": "DELETE_IN_PROGRESS", "Timestamp": now_iso()}
        delete(kind, physical_id, properties, name, logical_id)
        gone = {**record, "ResourceStatus": "DELETE_COMPLETE", "Timestamp": now_iso()}
        stack.setdefault(_DELETED, {})[logical_id] = gone

    def describe_stack_resource(request: Record) -> Any:  # noqa: ANN401 -- ministack's
        stack, logical_id = _stack(request), helpers._p(request, "LogicalResourceId")  # noqa: SLF001 -- no public way in
        gone = stack.get(_DELETED, {})
        with _told_again(stack, {logical_id: gone[logical_id]} if logical_id in gone else {}):
            return describe(request)

    def list_stack_resources(request: Record) -> Any:  # noqa: ANN401 -- ministack's
        stack = _stack(request)
        deleted = stack.get("StackStatus") == "DELETE_COMPLETE"
        with _told_again(stack, stack.get(_DELETED, {}) if deleted else {}):
            return list_all(request)

    stacks._delete_resource = delete_resource  # noqa: SLF001 -- no public way in
    actions |= {"DescribeStackResource": describe_stack_resource, "ListStackResources": list_stack_resources}


def _stack(request: Record) -> Record:
    found: Record = handlers._resolve_stack(helpers._p(request, "StackName")) or {}  # noqa: SLF001 -- no public way in
    return found


@contextmanager
def _told_again(stack: Record, gone: Record) -> Iterator[None]:
    """Let a stack have resources that it no longer has, for the time of an answer."""
    known = stack.get("_resources", {})
    again = {name: record for name, record in gone.items() if name not in known}
    known.update(again)
    try:
        yield
    finally:
        for name in again:
            known.pop(name, None)
