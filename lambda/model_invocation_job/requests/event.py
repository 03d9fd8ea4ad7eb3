"""A request as a whole, before its properties are read: what is CloudFormation's of it, and what is wrong with that.

Source: CloudFormation user guide, custom resource request objects.
"""

from collections.abc import Mapping
from typing import Any

from model_invocation_job.arn import STACK_ID
from model_invocation_job.requests.properties import kind

CREATE, UPDATE, DELETE = "Create", "Update", "Delete"
_TYPES = (CREATE, UPDATE, DELETE)
#: crhelper takes members of its own for orders. They would have to come from somebody else.
_MEMBERS = (
    "RequestType",
    "ResponseURL",
    "StackId",
    "RequestId",
    "ResourceType",
    "LogicalResourceId",
    "PhysicalResourceId",
    "ResourceProperties",
    "OldResourceProperties",
    "ServiceToken",
)


def members_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request without what is none of CloudFormation's."""
    return {name: event[name] for name in _MEMBERS if name in event}


def is_delete(event: Mapping[str, Any]) -> bool:
    """Whether a resource is to go."""
    return bool(event.get("RequestType") == DELETE)


def problem_of(event: Mapping[str, Any]) -> str:
    """Return why a request with an address and ids can have no job, nothing if it may have one."""
    asked = event.get("RequestType")
    if asked not in _TYPES:
        return f"'RequestType' must be one of {', '.join(_TYPES)}, got {kind(asked)}"
    if not STACK_ID.fullmatch(event["StackId"]):
        return f"'StackId' must be the ARN of a stack, got {kind(event['StackId'])}"
    if asked == UPDATE and not isinstance(event.get("PhysicalResourceId"), str):
        return f"'PhysicalResourceId' must be a text, got {kind(event.get('PhysicalResourceId'))}"
    return ""
