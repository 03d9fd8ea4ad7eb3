"""A file of OpenAI's Batch API as the input of a job: converted for the job's model when the job is made."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Stack

from bedrock_batch import RecordLimits
from cdk_bedrock_batch import BatchModel, InputData, InvocationType

from ..conftest import MakeJob
from ..template import warnings

HAIKU = BatchModel.foundation_model("anthropic.claude-haiku-4-5-20251001-v1:0")


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return written(tmp_path / "batch.jsonl")


def written(path: Path, count: int = 100, **body: Any) -> Path:
    lines = []
    for number in range(count):
        request = {"model": "gpt-4o", "messages": [{"role": "user", "content": f"{number}?"}], **body}
        line = {"custom_id": f"r{number}", "method": "POST", "url": "/v1/chat/completions", "body": request}
        lines.append(json.dumps(line) + "\n")
    path.write_text("".join(lines))
    return path


def published(folder: Path) -> list[dict[str, Any]]:
    """The records of the only asset that is a JSONL file."""
    (file,) = folder.glob("asset.*.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_requests_become_records_for_the_job_s_model(batch: Path, tmp_path: Path, make_job: MakeJob) -> None:
    app = App(outdir=str(tmp_path / "out"))
    make_job(scope=Stack(app, "S"), model=HAIKU, input_data=InputData.from_openai_batch(batch, max_tokens=50))
    app.synth()
    first, *_ = published(tmp_path / "out")
    assert first["recordId"] == "r0"
    assert (first["modelInput"]["anthropic_version"], first["modelInput"]["max_tokens"]) == ("bedrock-2023-05-31", 50)


def test_the_invocation_type_counts(batch: Path, tmp_path: Path, make_job: MakeJob) -> None:
    app = App(outdir=str(tmp_path / "out"))
    data = InputData.from_openai_batch(batch)
    make_job(scope=Stack(app, "S"), model=HAIKU, input_data=data, invocation_type=InvocationType.CONVERSE)
    app.synth()
    assert published(tmp_path / "out")[0]["modelInput"] == {"messages": [{"role": "user", "content": [{"text": "0?"}]}]}


def test_jobs_with_other_models_may_have_the_same_file(batch: Path, tmp_path: Path, make_job: MakeJob) -> None:
    app, data = App(outdir=str(tmp_path / "out")), InputData.from_openai_batch(batch)
    stack = Stack(app, "S")
    make_job("A", stack, input_data=data)
    make_job("B", stack, model=HAIKU, input_data=data)
    app.synth()
    assert len(list((tmp_path / "out").glob("asset.*.jsonl"))) == 2


def test_what_is_lost_is_a_warning(tmp_path: Path, stack: Stack, make_job: MakeJob) -> None:
    make_job(input_data=InputData.from_openai_batch(written(tmp_path / "batch.jsonl", seed=1)))
    (text,) = warnings(stack)
    assert f"{tmp_path}/batch.jsonl: seed: left out, as Amazon Nova has nothing like it (100 records, first " in text


def test_nothing_may_be_lost_where_that_is_asked(tmp_path: Path, stack: Stack, make_job: MakeJob) -> None:
    data = InputData.from_openai_batch(written(tmp_path / "batch.jsonl", seed=1), strict=True)
    with pytest.raises(
        ValueError, match=r"'input_data' cannot be used: .*batch\.jsonl:1: seed \(left out, .* \(99 more problems\)"
    ):
        make_job(input_data=data)
    assert not stack.node.children


def test_a_line_that_cannot_be_converted_is_named(tmp_path: Path, make_job: MakeJob) -> None:
    data = InputData.from_openai_batch(written(tmp_path / "batch.jsonl", 1, max_tokens=0))
    with pytest.raises(ValueError, match=r"'input_data' cannot be used: .*batch\.jsonl:1:\d+: 'max_tokens' must be"):
        make_job(input_data=data)


def test_the_number_of_records_is_checked_too(tmp_path: Path, make_job: MakeJob) -> None:
    path = written(tmp_path / "batch.jsonl", 50)
    with pytest.raises(ValueError, match=r"batch\.jsonl: has 50 of the at least 100 records"):
        make_job(input_data=InputData.from_openai_batch(path))
    assert make_job(input_data=InputData.from_openai_batch(path, limits=RecordLimits(min_records_per_job=50)))


def test_a_model_that_only_cloudformation_will_know_is_refused(batch: Path, stack: Stack, make_job: MakeJob) -> None:
    model = BatchModel.foundation_model(CfnParameter(stack, "Model").value_as_string)
    with pytest.raises(ValueError, match="name it by its id, or convert the file with bedrock-batch convert"):
        make_job(model=model, input_data=InputData.from_openai_batch(batch))


@pytest.mark.parametrize("wrong", [0, -1, True, "5", 1.5])
def test_a_limit_that_is_none_is_refused(batch: Path, wrong: Any) -> None:
    with pytest.raises(ValueError, match="'max_tokens' must be a whole number of at least 1, got"):
        InputData.from_openai_batch(batch, max_tokens=wrong)


def test_a_model_that_is_not_known_is_refused(batch: Path, make_job: MakeJob) -> None:
    with pytest.raises(ValueError, match="'input_data' cannot be converted: no known model is called"):
        make_job(model=BatchModel.foundation_model("nobody.knows-v1:0"), input_data=InputData.from_openai_batch(batch))


@pytest.mark.parametrize("path", ["s3://bucket/batch.jsonl", "."])
def test_what_is_no_file_here_is_to_be_converted_first(path: str) -> None:
    with pytest.raises(
        ValueError, match=r"must be a file on this machine, got .*: convert it with bedrock-batch convert"
    ):
        InputData.from_openai_batch(path)
