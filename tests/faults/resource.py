"""A resource of a stack, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .descriptions import RESOURCE_TYPE
from .elements import Properties


@dataclass
class Resource:
    """A resource as the stack knows it.

    Attributes
    ----------
    status
        As DescribeStackResource tells it.
    request_id
        Of the last request: a Create that is tried again has the same.
    settled, attempted
        The properties of its last success, and of its last try that was no roll-back.
    previous
        The properties to go back to while an update is not complete, however often that is tried.
    superseded
        The ids that updates have replaced, with their properties: they are deleted in the end.
    """

    logical_id: str
    properties: Properties
    type: str = RESOURCE_TYPE
    status: str = ""
    physical_id: str = ""
    request_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    settled: Properties = field(default_factory=dict)
    attempted: Properties = field(default_factory=dict)
    previous: Properties | None = None
    superseded: list[tuple[str, Properties]] = field(default_factory=list)

    @property
    def is_job(self) -> bool:
        """Whether a job is what it stands for."""
        return self.type == RESOURCE_TYPE
