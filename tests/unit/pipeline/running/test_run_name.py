"""What names a run, and what is said of a name that is none."""

from typing import Any

import pytest

from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.running.opening import run_name


@pytest.mark.parametrize(
    ("execution", "given", "said"),
    [
        ("by.hand", {}, "the name of an execution must be .*, got 'by.hand': start another one that has such a name"),
        (
            "again",
            {"Run": "a/b"},
            "'Run' in the execution's input must be .*, got 'a/b': give the name of the run",
        ),
        ("again", {"Run": 5}, "'Run' in the execution's input must be .*, got 5: give the name of the run"),
    ],
)
def test_what_is_no_name_of_a_run_is_refused(execution: str, given: Any, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        run_name(execution, given)


@pytest.mark.parametrize("given", [{}, [], "text", {"detail": {}}])
def test_whatever_else_an_execution_is_given_its_name_is_that_of_its_run(given: Any) -> None:
    assert run_name("monday", given) == "monday"
