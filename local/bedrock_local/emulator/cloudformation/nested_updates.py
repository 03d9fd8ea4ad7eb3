"""A resource of a nested stack that an update leaves as it is: ministack forgets its attributes.

Whatever asks for one of them fails, and the update with it. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from collections.abc import Mapping
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import provisioners

NEEDS = ("services.cloudformation._stacks", "services.cloudformation.provisioners._update_resource")

Properties = Mapping[str, Any]
Attributes = Mapping[str, Any]


def remember_attributes() -> None:
    """Let an unchanged resource of a nested stack keep its attributes."""
    update = provisioners._update_resource  # noqa: SLF001 -- no public way in

    def update_resource(  # noqa: PLR0917 -- ministack's signature
        kind: str,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str = "",
        old_attrs: Attributes | None = None,
    ) -> Any:  # noqa: ANN401 -- ministack's
        kept = _attributes(stack_name, logical_id) if old_attrs is None else old_attrs
        return update(kind, physical_id, old, new, stack_name, logical_id, kept)

    provisioners._update_resource = update_resource  # noqa: SLF001 -- no public way in


def _attributes(stack_name: str, logical_id: str) -> Attributes:
    stack = cloudformation._stacks.get(stack_name) or {}  # noqa: SLF001 -- no public way in
    resource: Mapping[str, Any] = stack.get("_resources", {}).get(logical_id) or {}
    return resource.get("Attributes") or {}
