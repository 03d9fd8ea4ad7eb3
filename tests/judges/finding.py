"""What a judge objects to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One objection to one resource.

    Attributes
    ----------
    where
        The path of its construct below the stack, or its logical id.
    """

    judge: str
    rule: str
    where: str
    says: str


def place(construct_path: str) -> str:
    """The path below the stack, of the construct that a user knows and not of the resource inside it."""
    below = construct_path.partition("/")[2]
    return below.removesuffix("/Default").removesuffix("/Resource")


def place_of(logical_id: str, resource: Mapping[str, Any]) -> str:
    """The same, of a resource in a template; its logical id if CDK included it from another template."""
    return place(resource["Metadata"]["aws:cdk:path"]) if "Metadata" in resource else logical_id
