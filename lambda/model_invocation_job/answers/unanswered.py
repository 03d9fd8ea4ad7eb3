"""What a resource is called whose job is not known."""

from collections.abc import Mapping
from typing import Any


def unanswered_id(event: Mapping[str, Any]) -> str:
    """Return the physical id of a resource whose job is not known: the same for each delivery of a request."""
    return f"{event['LogicalResourceId']}-{event['RequestId']}"
