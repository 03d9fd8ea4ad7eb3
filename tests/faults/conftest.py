"""The fixtures of the rows: AWS around the function, with the invariants when the row is over; a stack in it."""

import os
from collections.abc import Iterator, Mapping
from typing import get_args, get_type_hints

import pytest

from bedrock_local.bedrock.jobs.behaviours import Behaviours

from .aws import Aws, running
from .invariants import check
from .shown import EVERY, SEVERAL, Shown, one_for
from .stack import Stack
from .templates import OLD


@pytest.fixture(scope="session")
def running_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with running(tmp_path_factory.mktemp("faults")) as aws:
        yield aws


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try a row in several ways that Bedrock may show its jobs if it is marked so; in every way with `make rows`.

    And in both ways that it may behave, if the row leans on what nobody knows.
    """
    several = SEVERAL if metafunc.definition.get_closest_marker("in_several_ways") else ()
    ways = EVERY if "EVERY_WAY" in os.environ else several
    if ways and "shown" in metafunc.fixturenames:
        metafunc.parametrize("shown", ways, ids=str, indirect=True)
    for marker in metafunc.definition.iter_markers("either"):
        (name,) = marker.args
        values = get_args(get_type_hints(Behaviours)[name])
        metafunc.parametrize("behaviour", [{name: value} for value in values], ids=values, indirect=True)


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Shown:
    """How Bedrock shows jobs in this row."""
    way: Shown = getattr(request, "param", None) or one_for(request.node.name)
    print(f"Bedrock shows jobs so: {way}")  # noqa: T201 (for whoever reads of a failure)
    return way


@pytest.fixture
def behaviour(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """What Bedrock does in this row where nobody knows what it does; else as by default."""
    chosen: Mapping[str, str] = getattr(request, "param", {})
    return chosen


@pytest.fixture
def aws(running_aws: Aws, shown: Shown, behaviour: Mapping[str, str]) -> Iterator[Aws]:
    running_aws.reset(shown)
    running_aws.bedrock.behave(**behaviour)
    yield running_aws
    running_aws.function.settle()
    check(running_aws)


@pytest.fixture
def stack(aws: Aws) -> Stack:
    """A stack whose job runs."""
    stack = aws.stack()
    assert stack.deploy(OLD) == "CREATE_COMPLETE"
    return stack
