"""``TimeToLiveSpecification`` of AWS::DynamoDB::Table, which ministack's CloudFormation passes over.

Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

NEEDS = (
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
    "services.dynamodb._ttl_settings",
    "services.dynamodb._update_ttl",
)

_PROPERTY = "TimeToLiveSpecification"

Made = tuple[str, dict[str, Any]]
Properties = Mapping[str, Any]


def expire_items_of_stacks() -> None:
    """Give a table the time to live that its stack says, and none when the stack says none any more."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]  # noqa: SLF001 -- no public way in
    create: Callable[..., Made] = handler["create"]
    update: Callable[..., Made] = handler["update"]

    def create_table(logical_id: str, properties: Properties, stack_name: str) -> Made:
        return _expiring(create(logical_id, properties, stack_name), properties)

    def update_table(physical_id: str, old: Properties, new: Properties, *others: str) -> Made:
        return _expiring(update(physical_id, old, new, *others), new)

    handler |= {"create": create_table, "update": update_table}


def _expiring(made: Made, properties: Properties) -> Made:
    table, _ = made
    # What comes of a template may be text.
    given = properties.get(_PROPERTY) or {}
    if str(given.get("Enabled")).lower() == "true":
        setting = {"AttributeName": given["AttributeName"], "Enabled": True}
        dynamodb._update_ttl({"TableName": table, _PROPERTY: setting})  # noqa: SLF001 -- no public way in
    else:
        dynamodb._ttl_settings.pop(table, None)  # noqa: SLF001 -- the same
    return made
