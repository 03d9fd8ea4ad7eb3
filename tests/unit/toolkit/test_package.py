import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import bedrock_batch

MODULES = [
    "bedrock_batch",
    *(f"bedrock_batch.{module.name}" for module in pkgutil.iter_modules(bedrock_batch.__path__)),
]


def test_all_names_what_the_package_offers_and_nothing_else() -> None:
    offered = [
        name for name, value in vars(bedrock_batch).items() if not name.startswith("_") and not inspect.ismodule(value)
    ]
    assert sorted(offered) == sorted(bedrock_batch.__all__)


@pytest.mark.parametrize("name", bedrock_batch.__all__)
def test_what_is_offered_is_documented(name: str) -> None:
    documentation = getattr(bedrock_batch, name).__doc__
    assert documentation
    assert not documentation.startswith(f"{name}(")  # what a dataclass gets when it has none


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_documentation_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_toolkit_needs_nothing_but_the_standard_library() -> None:
    script = "import sys, bedrock_batch; print(*{name.partition('.')[0] for name in sys.modules})"
    # -S leaves out site-packages, where everything else lives.
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", script],
        env={"PYTHONPATH": str(Path(bedrock_batch.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert set(loaded) - set(sys.stdlib_module_names) <= {"bedrock_batch", "__main__", "__mp_main__"}
