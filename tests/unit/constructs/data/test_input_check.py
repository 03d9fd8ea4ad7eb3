"""Local records are checked before anything is made: by the file, the line, the model and the invocation type."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import CfnParameter, Stack

from bedrock_batch import RecordLimits
from cdk_bedrock_batch import BatchModel, InputData, InvocationType

from ..conftest import MakeJob, RecordFile

CLAUDE = BatchModel.foundation_model("anthropic.claude-3-haiku-20240307-v1:0")


def test_a_line_that_bedrock_would_refuse_is_named_and_nothing_is_made(
    record_file: RecordFile, make_job: MakeJob, stack: Stack
) -> None:
    path = record_file()
    path.write_text(path.read_text().replace('"r41"', '"r7"'))
    with pytest.raises(ValueError, match=r"'input_data' cannot be used: .*prompts\.jsonl:42:.*r7"):
        make_job(input_data=InputData.from_file(path))
    assert not stack.node.children


def test_a_wrong_line_is_told_before_the_number_of_lines(tmp_path: Path, make_job: MakeJob) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text("not json\n")
    with pytest.raises(ValueError, match=r"prompts\.jsonl:1:.* \(1 more problem\)"):
        make_job(input_data=InputData.from_file(path))


def test_limits_of_another_model_can_be_given(record_file: RecordFile, make_job: MakeJob) -> None:
    path = record_file(50)
    with pytest.raises(ValueError, match="100"):
        make_job(input_data=InputData.from_file(path))
    assert make_job(input_data=InputData.from_file(path, limits=RecordLimits(min_records_per_job=50)))


@pytest.mark.parametrize("kind", ["files", "directory"])
def test_every_file_is_looked_at(record_file: RecordFile, make_job: MakeJob, tmp_path: Path, kind: str) -> None:
    paths = [record_file(name=name) for name in ("a.jsonl", "b.jsonl")]
    paths[1].write_text("not json\n")
    data = InputData.from_files(paths) if kind == "files" else InputData.from_directory(tmp_path)
    with pytest.raises(ValueError, match=r"'input_data' cannot be used: .*b\.jsonl:1:"):
        make_job(input_data=data)


def test_the_minimum_counts_all_files_together(record_file: RecordFile, make_job: MakeJob) -> None:
    paths = [record_file(50, name=name) for name in ("a.jsonl", "b.jsonl")]
    paths[1].write_text(paths[1].read_text().replace('"recordId": "', '"recordId": "other'))
    assert make_job(input_data=InputData.from_files(paths))
    with pytest.raises(ValueError, match="100"):
        make_job("Half", input_data=InputData.from_files(paths[:1]))


def test_a_directory_without_records_is_refused(make_job: MakeJob, tmp_path: Path) -> None:
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match=r"'input_data' cannot be used: .*\.jsonl"):
        make_job(input_data=InputData.from_directory(tmp_path))


def test_a_body_of_another_family_is_found(record_file: RecordFile, make_job: MakeJob) -> None:
    with pytest.raises(
        ValueError, match=r"'input_data' cannot be used: .*prompts\.jsonl:1:.* Anthropic Claude requires"
    ):
        make_job(model=CLAUDE, input_data=InputData.from_file(record_file()))


def test_the_invocation_type_says_what_the_body_is(record_file: RecordFile, make_job: MakeJob) -> None:
    data = InputData.from_file(record_file())
    assert make_job(model=CLAUDE, input_data=data, invocation_type=InvocationType.CONVERSE)


def test_a_model_that_only_cloudformation_knows_holds_bodies_against_nothing(
    stack: Stack, record_file: RecordFile, make_job: MakeJob
) -> None:
    model = BatchModel.foundation_model(CfnParameter(stack, "Model").value_as_string)
    assert make_job(model=model, input_data=InputData.from_file(record_file()))


def test_records_from_python_are_checked_like_a_file(make_job: MakeJob) -> None:
    records = [{"recordId": f"r{n}", "modelInput": {"inputText": "Say hello"}} for n in [*range(99), 7]]
    with pytest.raises(ValueError, match=r"'input_data' cannot be used: record 99: .*r7. is already that of record 7"):
        make_job(
            model=BatchModel.foundation_model("amazon.titan-embed-text-v2:0"),
            input_data=InputData.from_records(json.loads(json.dumps(records))),
        )


@pytest.mark.parametrize(
    "model",
    [
        lambda _: BatchModel.application_inference_profile(
            "abcdefghijkl", model_arns=[f"arn:aws:bedrock:us-east-1::foundation-model/{CLAUDE.model_id}"]
        ),
        lambda stack: BatchModel.foundation_model(
            stack.format_arn(service="bedrock", account="", resource="foundation-model", resource_name=CLAUDE.model_id)
        ),
        lambda _: BatchModel.custom_model(
            f"arn:aws:bedrock:us-east-1:123456789012:custom-model/{CLAUDE.model_id}/abcdefghijkl"
        ),
    ],
    ids=["behind a profile", "in an ARN of the stack", "customized"],
)
def test_a_body_is_held_against_the_model_that_answers(
    stack: Stack, record_file: RecordFile, make_job: MakeJob, model: Callable[[Stack], BatchModel]
) -> None:
    with pytest.raises(ValueError, match="Anthropic Claude requires"):
        make_job(model=model(stack), input_data=InputData.from_file(record_file()))


def test_a_folder_is_no_file_nor_is_a_file_a_folder(record_file: RecordFile, tmp_path: Path) -> None:
    path = record_file()
    with pytest.raises(ValueError, match=r"'input_data' must be a file, .*: it is a folder: use InputData.from_direct"):
        InputData.from_file(tmp_path)
    with pytest.raises(ValueError, match=r"'input_data' must be a file, .*: it is a folder: use InputData.from_direct"):
        InputData.from_files([path, tmp_path])
    with pytest.raises(ValueError, match=r"'input_data' must be a folder, .*: it is a file: use InputData.from_file"):
        InputData.from_directory(path)


def test_no_path_is_not_the_current_folder() -> None:
    for make in (InputData.from_file, InputData.from_directory):
        with pytest.raises(ValueError, match=r"'input_data' must be a path, such as .*, got ''"):
            make("")
