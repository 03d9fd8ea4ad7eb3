"""The API's own rules for a job, applied to values that are known only now.

botocore checks types, minimums and required members before it sends a request, but neither patterns nor maximums nor
enumerations; the service refuses those later, in words that name no property.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.requests.resource_types import JOB

#: Python's matcher needs exponential time for the model's own spelling of jobName ("a", many hyphens, "_"). With the
#: length limit that stands beside it, this one takes the same texts.
_LINEAR = {r"[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\+\-\.]){0,63}": r"[a-zA-Z0-9][a-zA-Z0-9+.-]*"}


def check(shape: Shape, value: object, name: str) -> None:
    """Check a value against a shape of the service model.

    Raises
    ------
    InvalidRequestError
        Names the field and the rule. The value is not shown: it may be one that the template's author hides.
    """
    problem = next(_problems(shape, value, name), None)
    if problem:
        raise InvalidRequestError(problem)


def check_tags(shape: Shape, tags: Sequence[Mapping[str, str]]) -> None:
    """Check a job's tags against the shape of the API's list of them.

    Raises
    ------
    InvalidRequestError
        Names the tag, and how to keep it from this resource: tags often come from an app or a stack as a whole.
    """
    for problem in _tag_problems(shape, tags):
        raise InvalidRequestError(f"{problem}; keep it from the job: exclude_resource_types=['{JOB}']")


def _tag_problems(shape: Any, tags: Sequence[Mapping[str, str]]) -> Iterator[str]:  # noqa: ANN401 (a ListShape)
    yield from _size_problems(shape, len(tags), "Tags", "items")
    for key, times in Counter(tag["key"] for tag in tags).items():
        if times > 1:
            yield f"the tag '{key}' is there {times} times"
    for tag in tags:
        yield from (f"the tag '{tag['key']}' is none: {problem}" for problem in _problems(shape.member, tag, "Tag"))


def _problems(shape: Shape, value: Any, name: str) -> Iterator[str]:  # noqa: ANN401 (decoded JSON)
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        yield from (f"'{name}' has no '{member}'" for member in shape.required_members if member not in value)
        for member, item in value.items():
            if member not in shape.members:
                yield f"'{name}' has no field '{member}'; it has {', '.join(shape.members)}"
            else:
                yield from _problems(shape.members[member], item, f"{name}.{member}")
    elif isinstance(shape, ListShape) and isinstance(value, list):
        yield from _size_problems(shape, len(value), name, "items")
        for item in value:
            yield from _problems(shape.member, item, name)
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _size_problems(shape, len(value), name, "characters")
        yield from _text_problems(shape, value, name)
    elif shape.type_name == "integer" and isinstance(value, int):
        yield from _size_problems(shape, value, name, "")
    else:
        yield f"'{name}' must be of type {shape.type_name}"


def _size_problems(shape: Shape, size: int, name: str, unit: str) -> Iterator[str]:
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max", size)
    if not low <= size <= high:
        yield f"'{name}' must be {low} to {high} {unit}".rstrip() + f", got {size}"


def _text_problems(shape: Shape, text: str, name: str) -> Iterator[str]:
    choices, pattern = getattr(shape, "enum", None), shape.metadata.get("pattern")
    if choices and text not in choices:
        yield f"'{name}' must be one of {', '.join(choices)}"
    if pattern and not re.fullmatch(_LINEAR.get(pattern, pattern), text):
        yield f"'{name}' does not match the API's pattern {pattern}"
