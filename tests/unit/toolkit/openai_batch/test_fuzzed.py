"""Requests with something wrong in them: each is told in a sentence, or converted into what its family takes."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..bodies.models import ANSWERING, EMBEDDING, PIXEL, checked
from .lines import EMBEDDINGS, converted, line

TOOL = {"type": "function", "function": {"name": "f", "strict": True, "parameters": {"type": "object"}}}
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
IMAGE = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}", "detail": "low"}}
REQUESTS: list[dict[str, Any]] = [
    line(
        messages=[
            {"role": "system", "content": "S"},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c", "content": "x"},
        ],
        tools=[TOOL],
        tool_choice="auto",
        parallel_tool_calls=False,
    ),
    line(
        messages=[{"role": "user", "content": [{"type": "text", "text": "a"}, IMAGE], "name": "B"}],
        stop=["x"],
        temperature=1.5,
        top_p=0.3,
        max_tokens=5,
        max_completion_tokens=7,
        seed=1,
        response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
        frequency_penalty=0.5,
    ),
    line(
        messages=[
            {"role": "developer", "content": "D"},
            {"role": "assistant", "content": "A"},
            {"role": "user", "content": "b"},
        ],
        tools=[TOOL, {"type": "custom", "custom": {"name": "z"}}],
        tool_choice={"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [TOOL]}},
    ),
    line(url=EMBEDDINGS, input=["a", "b"], dimensions=256, encoding_format="base64"),
]
JUNK: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    3,
    1.5,
    10**30,
    "",
    "x",
    " ",
    [],
    [None],
    [[]],
    {},
    {"a": 1},
    {"type": "x"},
]
JUNK += ["\ud800", "auto", [{"type": "text"}], {"role": "user"}]
MODELS = [*ANSWERING, *((model, None) for model in EMBEDDING)]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all values."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield from places(each, (*path, step))


def broken(chance: random.Random) -> dict[str, Any]:
    """A request of which a few values are others, or gone."""
    request = copy.deepcopy(chance.choice(REQUESTS))
    for _ in range(chance.choice([1, 1, 2, 3])):
        *way, last = chance.choice(list(places(request)))
        owner: Any = request
        for step in way:
            owner = owner[step]
        if chance.random() < 0.2:
            del owner[last]
        else:
            owner[last] = copy.deepcopy(chance.choice(JUNK))
    return request


@pytest.mark.parametrize("seed", range(300))
def test_nothing_wrong_breaks_the_conversion(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same each time
    request = broken(chance)
    model, invocation_type = chance.choice(MODELS)
    found = converted(tmp_path, request, model=model, invocation_type=invocation_type)
    if found.report.ok:
        assert checked(tmp_path, found.body, model, invocation_type).problems == ()
    else:
        assert all(problem.line in (1, None) for problem in found.report.problems)
