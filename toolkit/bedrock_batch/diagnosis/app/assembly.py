"""The templates in the folder that ``cdk synth`` writes.

Source: "Cloud assembly manifest" in the documentation of the CDK.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_MANIFEST = "manifest.json"
_STACK, _ASSEMBLY = "aws:cloudformation:stack", "cdk:cloud-assembly"
_ENVIRONMENT = re.compile(r"aws://(?P<account>\d{12}|unknown-account)/(?P<region>[a-z0-9-]+)")


@dataclass(frozen=True)
class StackTemplate:
    """The template of a stack.

    Attributes
    ----------
    name : str
        The stack's name.
    account, region : str
        Where it is deployed; empty where it says neither.
    content : mapping
        The template.
    folder : Path
        Where the templates of the stacks nested in it are.
    """

    name: str
    account: str
    region: str
    content: Mapping[str, Any]
    folder: Path


def templates(folder: Path) -> Iterator[StackTemplate]:
    """Go through the stacks of an app, and of its stages.

    Raises
    ------
    BedrockBatchError
        If the folder is not what ``cdk synth`` writes.
    """
    artifacts = read_json(folder / _MANIFEST).get("artifacts")
    for name, artifact in (artifacts if isinstance(artifacts, dict) else {}).items():
        properties = artifact.get("properties", {})
        if artifact.get("type") == _ASSEMBLY:
            yield from templates(folder / properties["directoryName"])
        elif artifact.get("type") == _STACK:
            found = _ENVIRONMENT.fullmatch(str(artifact.get("environment", "")))
            account, region = (found["account"], found["region"]) if found else ("", "")
            yield StackTemplate(
                str(properties.get("stackName", name)),
                "" if account.startswith("unknown") else account,
                "" if region.startswith("unknown") else region,
                read_json(folder / properties["templateFile"]),
                folder,
            )


def nested_template(folder: Path, url: object) -> Mapping[str, Any] | None:
    """Find the template of a nested stack, an asset whose hash is in its address; None for another.

    Raises
    ------
    BedrockBatchError
        If it cannot be read.
    """
    for manifest in sorted(folder.glob("*.assets.json")):
        for digest, asset in read_json(manifest).get("files", {}).items():
            if digest in str(url):
                return read_json(folder / asset["source"]["path"])
    return None


def read_json(file: Path) -> Mapping[str, Any]:
    """Read a file of the folder.

    Raises
    ------
    BedrockBatchError
        If it is not there, or is no JSON object.
    """
    advice = "name the folder that cdk synth writes, such as cdk.out"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BedrockBatchError(f"{shortened(str(file), 200)} cannot be read ({error.strerror}); {advice}") from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise BedrockBatchError(f"{shortened(str(file), 200)} is no JSON object; {advice}")
    return content
