"""How often a further job asks CDK's own process: each question is time that every synth of every stack takes."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from jsii._kernel.providers import process

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

from .conftest import NOVA, RecordFile

#: Its construct, tags, name, asset, role, resource, policy and output have to be made, and the function's policies to
#: grow: that is 20. The rest is what only CDK knows of those: ids, ARNs, names, where the asset goes, the order.
MADE = 41
#: What its name and its policy's are made of, what it consists of, and what is attached to its role.
SYNTHESIZED = 9
FEW, MORE = 3, 6


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Count what goes to CDK's own process, of this one."""
    asked = 0
    # What jsii has no public name for; without it there is nothing to count, and the test fails.
    send = process._NodeProcess.send  # noqa: SLF001 (see above)

    def counting(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return send(*arguments)

    monkeypatch.setattr(process._NodeProcess, "send", counting)  # noqa: SLF001 (see above)
    yield lambda: asked
    assert asked


def synthesized(jobs: int, record_file: Path, outdir: Path, questions: Callable[[], int]) -> tuple[list[int], int]:
    """Return how often each job asked when it was made, and all of them together when the template was written."""
    app = App(outdir=str(outdir))
    stack = Stack(app, "Stack")
    asked = [questions()]
    for number in range(jobs):
        model, data = BatchModel.foundation_model(NOVA), InputData.from_file(record_file)
        ModelInvocationJob(stack, f"Job{number}", model=model, input_data=data)
        asked.append(questions())
    app.synth()
    return [after - before for before, after in pairwise(asked)], questions() - asked[-1]


def test_a_further_job_asks_no_more_than_it_has_to(
    record_file: RecordFile, tmp_path: Path, questions: Callable[[], int]
) -> None:
    _, few = synthesized(FEW, record_file(), tmp_path / "few", questions)
    made, more = synthesized(MORE, record_file(), tmp_path / "more", questions)
    assert max(made[FEW:]) <= MADE
    assert (more - few) / (MORE - FEW) <= SYNTHESIZED
