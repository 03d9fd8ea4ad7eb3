"""Bedrock's service model as of the installed botocore, read without botocore, which takes longer to load than CDK."""

import gzip
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: An element of the model: its type, its bounds, its pattern, its members.
Shape = dict[str, Any]


@cache
def bedrock() -> dict[str, Any]:
    """Return the model as botocore ships it, of all operations."""
    found = find_spec("botocore")
    if not (found and found.origin):
        raise ModuleNotFoundError("botocore is not installed: install cdk-bedrock-batch with its dependencies")
    path = Path(found.origin).parent / "data" / "bedrock" / "2023-04-20" / "service-2.json.gz"
    model: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return model


@cache
def input_field(operation: str, *path: str) -> Shape:
    """Return the shape of what an operation takes, or of a field of it; lists are looked into."""
    shape = _shape(bedrock()["operations"][operation]["input"])
    for name in path:
        shape = _shape(item(shape)["members"][name])
    return shape


def members(shape: Shape) -> dict[str, Shape]:
    """Return the fields of a structure, or of a list's structures."""
    return {name: _shape(member) for name, member in item(shape)["members"].items()}


def item(shape: Shape) -> Shape:
    """Return the shape of a list's items, or the shape itself if it is no list."""
    return _shape(shape["member"]) if shape["type"] == "list" else shape


def _shape(reference: dict[str, Any]) -> Shape:
    shape: Shape = bedrock()["shapes"][reference["shape"]]
    return shape
