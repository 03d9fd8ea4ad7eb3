"""A cloud assembly, as ``cdk synth`` writes it: the stacks of an app, their templates and their assets.

What its files mean is in the CDK's own schema of it (``@aws-cdk/cloud-assembly-schema``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_MANIFEST = "manifest.json"
_UNKNOWN = ("unknown-account", "unknown-region")
_NESTED_FILE = "aws:asset:path"


class AssemblyError(BedrockBatchError):
    """A cloud assembly that cannot be read, or has not what is asked of it; the message says what to change."""


@dataclass(frozen=True)
class NextStack:
    """A stack as it is to be.

    Attributes
    ----------
    name : str
        As CloudFormation calls it.
    id : str
        As the CDK CLI calls it, such as ``Prod/Data`` for a stack of a stage.
    account, region : str or None
        Where it goes; None where that is whoever deploys it.
    template : mapping
        The template.
    folder : Path
        Of the assembly that it is in.
    files : mapping of str to Path
        The local files of its assets, by the keys of the objects that they become.
    """

    name: str
    id: str
    account: str | None
    region: str | None
    template: Mapping[str, Any]
    folder: Path
    files: Mapping[str, Path] = field(default_factory=dict)

    def members(self, section: str) -> Mapping[str, Any]:
        """Return the members of a section of the template that are objects, by their names."""
        found = self.template.get(section)
        return {name: each for name, each in found.items() if isinstance(each, dict)} if isinstance(found, dict) else {}

    def nested(self, resource: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the template of a stack that is nested in this one; None where the app does not have it."""
        metadata, url = resource.get("Metadata"), json.dumps(resource.get("Properties"))
        name = metadata.get(_NESTED_FILE) if isinstance(metadata, dict) else None
        # An app that is synthesized without the CDK CLI tells no files of assets.
        published = (path for key, path in self.files.items() if f"/{key}" in url)
        path = self.folder / str(name) if name else next(published, None)
        return _read(path) if path and path.is_file() else None


def read_assembly(folder: Path) -> list[NextStack]:
    """Read the stacks of an assembly and of those in it, which are its stages.

    Raises
    ------
    AssemblyError
        If the folder holds none, or one of its files cannot be read.
    """
    if not (folder / _MANIFEST).is_file():
        raise AssemblyError(
            f"{folder} is no cloud assembly: it has no {_MANIFEST}; run 'cdk synth', and name the folder that it writes"
        )
    found = list(_stacks(folder))
    if not found:
        raise AssemblyError(f"{folder} has no stack; run 'cdk synth', and name the folder that it writes")
    return found


def _stacks(folder: Path) -> Iterator[NextStack]:
    artifacts: Any = _read(folder / _MANIFEST).get("artifacts")
    if not isinstance(artifacts, dict):
        raise AssemblyError(
            f"{folder / _MANIFEST} is no manifest of a cloud assembly: it has no artifacts; run 'cdk synth'"
        )
    try:
        for name, artifact in artifacts.items():
            if artifact["type"] == "cdk:cloud-assembly":
                yield from _stacks(folder / artifact["properties"]["directoryName"])
            elif artifact["type"] == "aws:cloudformation:stack":
                yield _stack(folder, name, artifact, artifacts)
    except (AttributeError, KeyError, TypeError) as error:
        raise AssemblyError(
            f"{folder / _MANIFEST} is no manifest of a cloud assembly ({error}); run 'cdk synth'"
        ) from None


def _stack(folder: Path, name: str, artifact: Mapping[str, Any], artifacts: Mapping[str, Any]) -> NextStack:
    properties, place = artifact["properties"], urlsplit(artifact["environment"])
    account, region = (None if each in _UNKNOWN else each for each in (place.netloc, place.path.strip("/")))
    files: dict[str, Path] = {}
    for other in artifact.get("dependencies", ()):
        if artifacts[other]["type"] == "cdk:asset-manifest":
            files |= _files(folder, folder / artifacts[other]["properties"]["file"])
    return NextStack(
        name=properties.get("stackName", name),
        id=artifact.get("displayName", name),
        account=account,
        region=region,
        template=_read(folder / properties["templateFile"]),
        folder=folder,
        files=files,
    )


def _files(folder: Path, manifest: Path) -> Iterator[tuple[str, Path]]:
    for file in _read(manifest).get("files", {}).values():
        path = file["source"].get("path")
        for destination in file["destinations"].values() if path else ():
            # An absolute path, as an app without staging has it, stays one.
            yield destination["objectKey"], folder / path


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AssemblyError(f"{path} cannot be read: {error.strerror or error}; run 'cdk synth'") from None
    except (ValueError, RecursionError) as error:
        raise AssemblyError(f"{path} is no JSON ({shortened(str(error), 80)}); run 'cdk synth'") from None
    if not isinstance(found, dict):
        raise AssemblyError(f"{path} must be a JSON object; run 'cdk synth'")
    return found
