import doctest
import importlib
import pkgutil
import pydoc
import rlcompleter
import subprocess
import sys
from pathlib import Path

import pytest

import bedrock_batch

MODULES = [
    "bedrock_batch",
    *(
        module.name
        for module in pkgutil.walk_packages(bedrock_batch.__path__, "bedrock_batch.")
        if not module.name.endswith(".__main__")
    ),  # To import that is to run it.
]


def test_all_names_what_the_package_offers_and_nothing_else() -> None:
    offered = {name: getattr(bedrock_batch, name) for name in bedrock_batch.__all__}
    assert {value.__name__: value for value in offered.values()} == offered
    assert all(value.__module__.startswith("bedrock_batch.") for value in offered.values())
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        bedrock_batch.no_such_name  # noqa: B018 - looking it up is the point


def test_one_error_is_all_that_a_caller_has_to_catch() -> None:
    offered = [getattr(bedrock_batch, name) for name in bedrock_batch.__all__]
    errors = [each for each in offered if isinstance(each, type) and issubclass(each, Exception)]
    assert {bedrock_batch.JobError, bedrock_batch.ResultsError, bedrock_batch.SplitError} < set(errors)
    assert [error for error in errors if not issubclass(error, bedrock_batch.BedrockBatchError)] == []


def test_dir_help_and_completion_show_what_is_offered() -> None:
    assert set(bedrock_batch.__all__) <= set(dir(bedrock_batch))
    helped = pydoc.plain(pydoc.render_doc(bedrock_batch))
    assert [name for name in bedrock_batch.__all__ if name not in helped] == []
    first = rlcompleter.Completer({"bedrock_batch": bedrock_batch}).complete("bedrock_batch.che", 0)
    assert first is not None
    assert first.startswith("bedrock_batch.check")


@pytest.mark.parametrize("name", bedrock_batch.__all__)
def test_what_is_offered_is_documented(name: str) -> None:
    documentation = getattr(bedrock_batch, name).__doc__
    assert documentation
    assert not documentation.startswith(f"{name}(")  # what a dataclass gets when it has none


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_documentation_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("module", ["bedrock_batch", "bedrock_batch.cli"])
def test_to_import_it_loads_nothing_but_the_standard_library(module: str) -> None:
    script = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    # -S leaves out site-packages, where everything else lives.
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", script],
        env={"PYTHONPATH": str(Path(bedrock_batch.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert set(loaded) - set(sys.stdlib_module_names) <= {"bedrock_batch", "__main__", "__mp_main__"}
