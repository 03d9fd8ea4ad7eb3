"""The cloud assembly that an app synthesizes: its stacks, and the accounts and Regions that they are for.

https://docs.aws.amazon.com/cdk/v2/guide/environments.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_local.environment import PARTITION, check_region
from bedrock_local.names.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = "manifest.json"
#: That of a bootstrap without one of its own.
DEFAULT_QUALIFIER = "hnb659fds"

_VERSION = re.compile(r"/cdk-bootstrap/(?P<qualifier>[^/]+)/version")


@dataclass(frozen=True)
class AssembledStack:
    """A stack of an assembly.

    Attributes
    ----------
    name : str
        Its name in CloudFormation.
    place : Place
        Where it is deployed to.
    qualifier : str
        Of the bootstrap that it wants there: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
    """

    name: str
    place: Place
    qualifier: str


def stacks_of(assembly: Path, default: Place) -> Iterator[AssembledStack]:
    """Go through the stacks of an assembly, and of the stages in it.

    Parameters
    ----------
    assembly
        Its folder.
    default
        Where stacks go that say nothing of their account, or of their Region.

    Raises
    ------
    LocalAwsError
        If one is for a Region that the local AWS does not have.
    """
    manifest: dict[str, Any] = json.loads((assembly / MANIFEST).read_text(encoding="utf-8"))
    for name, artifact in manifest.get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "aws:cloudformation:stack":
            place = _place(artifact["environment"], default, name)
            yield AssembledStack(properties.get("stackName", name), place, _qualifier(properties))
        elif artifact["type"] == "cdk:cloud-assembly":
            yield from stacks_of(assembly / properties["directoryName"], default)


def _qualifier(properties: dict[str, Any]) -> str:
    match = _VERSION.fullmatch(properties.get("bootstrapStackVersionSsmParameter", ""))
    return match["qualifier"] if match else DEFAULT_QUALIFIER


def _place(environment: str, default: Place, stack: str) -> Place:
    account, _, region = environment.removeprefix("aws://").partition("/")
    known = default.region if region == "unknown-region" else check_region(region, f"the Region of the stack {stack}")
    return Place(PARTITION, known, default.account if account == "unknown-account" else account)
