"""What `prepare` is asked for, looked at before anything is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.prompts.rows import EMPTY
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from bedrock_batch.prompts.prompt import Prompt

#: What a template is called that is given as a text.
TEMPLATE = "the template"


def require_texts(**given: object) -> None:
    """Refuse what is no text."""
    for name, value in given.items():
        if not isinstance(value, str):
            raise BedrockBatchError(f"'{name}' must be a text, got {value!r}; write a str")


def require_several(**given: object) -> None:
    """Refuse what is no list of texts. One text is none: its characters would be taken, each for a text."""
    for name, value in given.items():
        if isinstance(value, str):
            raise BedrockBatchError(f"'{name}' must be a list of texts, got {value!r}; write [{value!r}]")
        if not isinstance(value, Sequence) or not all(isinstance(each, str) for each in value):
            raise BedrockBatchError(f"'{name}' must be a list of texts, got {value!r}; write a list of str")


def require_numbers(**given: object) -> None:
    """Refuse what is no number that JSON can hold."""
    for name, value in given.items():
        # An int may be larger than any float.
        if value is not None and not (isinstance(value, int | float) and -math.inf < value < math.inf):
            said = f"the string {shortened(value)}" if isinstance(value, str) else f"{value!r}"
            raise BedrockBatchError(f"'{name}' must be a number, got {said}; name one in the model's range")


def require_choices(prompt: Prompt, empty: str, first: int | None) -> None:
    """Refuse a choice that is none, and a prompt that asks about no column."""
    if empty not in EMPTY:
        raise BedrockBatchError(f"'empty' must be one of {', '.join(EMPTY)}, got {empty!r}; choose one")
    if first is not None and (type(first) is not int or first < 1):
        raise BedrockBatchError(f"'first' must be a whole number of at least 1, got {first!r}; leave it out for all")
    if not prompt.columns:
        change = "write a column in braces, such as {text}"
        if prompt.text.name == TEMPLATE:
            change += "; or give the Path of the file that has the template"
        raise BedrockBatchError(f"{prompt.text.name}: has no field, so each record would ask the same; {change}")


def require_apart(output: Path, *inputs: str | os.PathLike[str]) -> None:
    """Refuse an output that is one of the inputs."""
    for each in inputs:
        try:
            same = output.samefile(each)
        except (OSError, ValueError):
            continue
        if same:
            raise BedrockBatchError(f"{output}: is what is read, and would be replaced; name another output")
