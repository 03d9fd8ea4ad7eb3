"""What the check of the records warns of, synth says too; it can be acknowledged."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Annotations, Stack

from cdk_bedrock_batch import BatchModel, InputData

from ..conftest import MakeJob, RecordFile
from ..template import warnings

ACK = "[ack: cdk-bedrock-batch:input_data:records]"


def cached(count: int = 100) -> Iterator[dict[str, Any]]:
    content = [{"text": "Say hello"}, {"cachePoint": {"type": "default"}}]
    for number in range(count):
        yield {"recordId": f"r{number}", "modelInput": {"messages": [{"role": "user", "content": content}]}}


@pytest.fixture
def folder(record_file: RecordFile, tmp_path: Path) -> Path:
    record_file()
    return tmp_path


def test_ids_in_common_are_said(make_job: MakeJob, stack: Stack, record_file: RecordFile) -> None:
    make_job(input_data=InputData.from_files([record_file(name="a.jsonl"), record_file(name="b.jsonl")]))
    (text,) = warnings(stack)
    assert text.startswith("'input_data': the input: 100 ids of ")
    assert "are in other files too" in text
    assert text.endswith(ACK)


def test_a_model_of_which_bodies_are_not_known_is_said(
    make_job: MakeJob, stack: Stack, record_file: RecordFile
) -> None:
    model = BatchModel.foundation_model("amazon.nova-lte-v1:0")
    make_job(model=model, input_data=InputData.from_file(record_file()))
    (text,) = warnings(stack)
    assert 'no model with known bodies is called "amazon.nova-lte-v1:0", so they are not checked' in text
    assert "near names: amazon.nova-lite-v1:0, " in text
    assert text.endswith(ACK)


def test_a_member_that_nobody_documents_is_said(make_job: MakeJob, stack: Stack) -> None:
    body = {"messages": [{"role": "user", "content": "Hi"}], "guided_json": {}}
    records = [{"recordId": f"r{number}", "modelInput": body} for number in range(100)]
    make_job(model=BatchModel.foundation_model("zai.glm-4.7"), input_data=InputData.from_records(records))
    (text,) = warnings(stack)
    assert "record 0: 'modelInput.guided_json' is not documented for OpenAI's chat completions" in text
    assert "(99 more warnings like this)" in text


def test_a_file_in_a_folder_below_is_said(
    make_job: MakeJob, stack: Stack, folder: Path, record_file: RecordFile
) -> None:
    (folder / "below").mkdir()
    path = record_file(name="more.jsonl")
    (folder / "below" / "more.jsonl").write_text(path.read_text().replace('"recordId": "r', '"recordId": "s'))
    path.unlink()
    make_job(input_data=InputData.from_directory(folder))
    (text,) = warnings(stack)
    assert 'below/more.jsonl" is in a folder below, which AWS does not say is read; move it up' in text


def test_a_name_that_does_not_end_in_jsonl_is_said(make_job: MakeJob, stack: Stack, folder: Path) -> None:
    (folder / "more.jsonl.bak").write_text("{}\n")
    make_job(input_data=InputData.from_directory(folder))
    (text,) = warnings(stack)
    assert "\"more.jsonl.bak\" does not end in '.jsonl', so its records are not read; rename it" in text


def test_caching_in_a_hundred_records_is_one_thing_to_change(make_job: MakeJob, stack: Stack, tmp_path: Path) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in cached()))
    make_job(input_data=InputData.from_file(path))
    (text,) = warnings(stack)
    assert text.startswith(f"'input_data': {path}:1:")
    assert text.endswith(f"remove 'cachePoint' (99 more warnings like this) {ACK}")


def test_records_from_python_are_named_by_their_number(make_job: MakeJob, stack: Stack) -> None:
    make_job(input_data=InputData.from_records(cached()))
    (text,) = warnings(stack)
    assert text.startswith("'input_data': record 0: batch inference has been seen to refuse prompt caching")


def test_what_is_acknowledged_is_silent(make_job: MakeJob, stack: Stack) -> None:
    job = make_job(input_data=InputData.from_records(cached()))
    Annotations.of(job).acknowledge_warning("cdk-bedrock-batch:input_data:records", "tried")
    assert warnings(stack) == []


def test_data_of_two_jobs_is_said_for_each(make_job: MakeJob, stack: Stack) -> None:
    data = InputData.from_records(cached())
    make_job("One", input_data=data)
    make_job("Two", input_data=data)
    assert len(warnings(stack)) == 2
