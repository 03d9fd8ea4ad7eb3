"""Resources that are deleted: DescribeStackResource tells them, as DELETE_IN_PROGRESS and then as DELETE_COMPLETE.

For ministack a resource is as it was until it is gone, and then there is none. So whoever looks whether CloudFormation
still wants a resource, as a custom resource's function may, cannot find out. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
"""

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
    """Let DescribeStackResource say what is deleted, or was."""
    delete = stacks._delete_resource  # noqa: SLF001 -- no public way in
    actions = handlers._ACTION_HANDLERS  # noqa: SLF001 -- the same
    describe = actions["DescribeStackResource"]

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
        stack: Record = handlers._resolve_stack(helpers._p(request, "StackName")) or {}  # noqa: SLF001 -- no public way in
        known, logical_id = stack.get("_resources", {}), helpers._p(request, "LogicalResourceId")  # noqa: SLF001 -- the same
        gone = None if logical_id in known else stack.get(_DELETED, {}).get(logical_id)
        if gone is None:
            return describe(request)
        # For the time of the answer.
        known[logical_id] = gone
        try:
            return describe(request)
        finally:
            known.pop(logical_id, None)

    stacks._delete_resource = delete_resource  # noqa: SLF001 -- no public way in
    actions["DescribeStackResource"] = describe_stack_resource
