"""What the pages about stacks show is run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from tests.pages import shown

DOCS = Path(__file__).parents[2] / "docs"
SAMPLES = [
    sample
    for page in ("construct.md", "converse.md", "migration.md", "pipelines.md", "updates.md", "waiting.md")
    for sample in shown((DOCS / page).read_text("utf-8"), "python")
]
CLI_INPUT = {
    "jobName": "nightly",
    "roleArn": "arn:aws:iam::111122223333:role/Batch",
    "modelId": "amazon.nova-lite-v1:0",
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://prompts/today.jsonl"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://answers/"}},
}


def test_there_are_samples() -> None:
    assert len(SAMPLES) > 5


@pytest.mark.parametrize("code", SAMPLES)
def test_each_sample_synthesizes(code: str, record_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = record_file().parent
    (folder / "job.json").write_text(json.dumps(CLI_INPUT))
    monkeypatch.chdir(folder)
    stack = Stack(App(), "Stack")
    exec(compile(code, "construct.md", "exec"), {"self": stack})  # noqa: S102 (the sample is ours)
    template = Template.from_stack(stack)
    jobs = template.find_resources("Custom::BedrockModelInvocationJob")
    assert len(jobs) == code.count("ModelInvocationJob(self") + code.count("from_cli_input_json(")
