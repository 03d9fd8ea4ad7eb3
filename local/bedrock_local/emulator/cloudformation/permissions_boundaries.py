"""``PermissionsBoundary`` of AWS::IAM::Role, which ministack's CloudFormation passes over. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import iam
from ministack.services.cloudformation import provisioners

NEEDS = ("services.cloudformation.provisioners._RESOURCE_HANDLERS", "services.iam._roles")

_PROPERTY = "PermissionsBoundary"

Made = tuple[str, dict[str, Any]]
Properties = Mapping[str, Any]


def bound_roles_of_stacks() -> None:
    """Give a role the boundary that its stack says, and none when the stack says none any more."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]  # noqa: SLF001 -- no public way in
    create: Callable[..., Made] = handler["create"]
    update: Callable[..., Made] = handler["update"]

    def create_role(logical_id: str, properties: Properties, stack_name: str) -> Made:
        return _bounded(create(logical_id, properties, stack_name), properties)

    def update_role(physical_id: str, old: Properties, new: Properties, *others: str, **options: str) -> Made:
        return _bounded(update(physical_id, old, new, *others, **options), new)

    handler |= {"create": create_role, "update": update_role}


def _bounded(made: Made, properties: Properties) -> Made:
    # As ministack's IAM keeps a role without one.
    iam._roles[made[0]][_PROPERTY] = properties.get(_PROPERTY)  # noqa: SLF001 -- no public way in
    return made
