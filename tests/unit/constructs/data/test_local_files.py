"""Records on this machine: checked at synth, published as assets, staged where the job reads them."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, AssetStaging, Stack
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob
from cdk_bedrock_batch._data import input_source

from ..conftest import NOVA, MakeJob, RecordFile
from ..template import JOB, Synthesized, plain


@pytest.fixture(autouse=True)
def fresh_assets() -> None:
    """The CDK keeps the digest of a path for the life of its process; a user has one process for each synth."""
    AssetStaging.clear_asset_hash_cache()


def record(number: int, **body: Any) -> dict[str, Any]:
    body = body or {"messages": [{"role": "user", "content": [{"text": f"Say hello to {number}"}]}]}
    return {"recordId": f"r{number}", "modelInput": body}


def nested(depth: int = 100_000) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


def records(count: int = 100) -> Iterator[dict[str, Any]]:
    return (record(number) for number in range(count))


def source_and_stages(stack: Stack) -> tuple[str, list[dict[str, str]]]:
    template = Synthesized.of(stack)
    return template.call["inputDataConfig"]["s3InputDataConfig"]["s3Uri"], template.job["StagedInput"]


def test_what_is_staged_is_what_the_job_reads(stack: Stack, make_job: MakeJob, record_file: RecordFile) -> None:
    make_job(input_data=InputData.from_file(record_file()))
    uri, (staged,) = source_and_stages(stack)
    assert staged["Target"] == uri
    assert re.fullmatch(r"s3://\$\{BedrockBatchInput\}/Stack-Summaries-\w{8}/[0-9a-f]{64}/prompts\.jsonl", uri)
    assert re.fullmatch(
        r"s3://cdk-hnb659fds-assets-\$\{AWS::AccountId\}-\$\{AWS::Region\}/[0-9a-f]{64}\.jsonl", staged["Source"]
    )


def test_several_files_come_to_stand_in_one_folder(stack: Stack, make_job: MakeJob, record_file: RecordFile) -> None:
    paths = [record_file(name=f"{name}.jsonl") for name in "ab"]
    paths[1].write_text(paths[1].read_text().replace('"recordId": "', '"recordId": "other'))
    make_job(input_data=InputData.from_files(paths))
    uri, staged = source_and_stages(stack)
    assert uri.endswith("/")
    assert [stage["Target"] for stage in staged] == [f"{uri}a.jsonl", f"{uri}b.jsonl"]
    (put,) = Synthesized.of(stack).allowed("BedrockBatchProviderRole")["s3:PutObject"]
    assert isinstance(put["Resource"], str), "one place, however many files"


@pytest.mark.parametrize("more", [0, 1])
def test_the_size_of_a_file_is_told_if_one_request_is_not_for_so_much(
    stack: Stack, make_job: MakeJob, record_file: RecordFile, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    """So is what it takes to write an encrypted file in parts, and only then."""
    path = record_file()
    size = path.stat().st_size
    monkeypatch.setattr(input_source, "PART", size - more)
    make_job(input_data=InputData.from_file(path), encryption_key=kms.Key(stack, "Key"))
    _, (staged,) = source_and_stages(stack)
    assert staged.get("Size") == (size if more else None)
    decrypting = Synthesized.of(stack).allowed("BedrockBatchProviderRole")["kms:Decrypt"]
    # Whatever key CDK's assets have, they may be read with it.
    with_the_key = [each for each in decrypting if not str(each["Resource"]).endswith(":key/*")]
    assert bool(with_the_key) == bool(more)


def test_a_directory_travels_as_one_archive_with_its_media(
    stack: Stack, make_job: MakeJob, record_file: RecordFile, tmp_path: Path
) -> None:
    folder = tmp_path / "batch"
    (folder / "images").mkdir(parents=True)
    record_file().rename(folder / "prompts.jsonl")
    (folder / "images" / "cat.png").write_bytes(b"\x89PNG\r\n")
    make_job(input_data=InputData.from_directory(folder))
    uri, (staged,) = source_and_stages(stack)
    assert staged["Target"] == uri
    assert uri.endswith("/")
    assert staged["Source"].endswith(".zip")


def keys(stack: Stack) -> list[str]:
    jobs = [plain(job)["Job"] for job in Synthesized.of(stack).properties(JOB)]
    found = [re.search(r"/([0-9a-f]{64})/", job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]) for job in jobs]
    return [match.group(1) for match in found if match]


@pytest.mark.parametrize("kind", ["file", "files", "directory", "records"])
def test_new_content_is_a_new_job_and_the_same_content_elsewhere_is_not(
    stack: Stack, make_job: MakeJob, record_file: RecordFile, tmp_path: Path, kind: str
) -> None:
    for number, text in enumerate(["one", "two", "one"]):
        folder = tmp_path / f"copy{number}"
        folder.mkdir()
        path = record_file(text=text).rename(folder / "prompts.jsonl")
        os.utime(path, (number, number))
        data = {
            "file": lambda p=path: InputData.from_file(p),
            "files": lambda p=path: InputData.from_files([p]),
            "directory": lambda f=folder: InputData.from_directory(f),
            "records": lambda p=path: InputData.from_records(map(json.loads, p.read_text().splitlines())),
        }[kind]()
        make_job(f"Job{number}", input_data=data)
    first, second, third = keys(stack)
    assert first == third != second


def test_records_from_a_generator_become_a_file(stack: Stack, make_job: MakeJob) -> None:
    make_job(input_data=InputData.from_records(records()))
    uri, (staged,) = source_and_stages(stack)
    assert staged["Target"] == uri
    assert uri.endswith("/records.jsonl")


def test_records_are_written_as_they_are(make_job: MakeJob, tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    text = 'é 作 \u2028 "quoted"\n'
    given = [record(number, messages=[{"role": "user", "content": [{"text": text}]}]) for number in range(100)]
    make_job(scope=Stack(app, "Stack"), input_data=InputData.from_records(given))
    app.synth()
    (file,) = tmp_path.glob("asset.*.jsonl")
    lines = file.read_text(encoding="utf-8").split("\n")
    assert [json.loads(line) for line in lines[:-1]] == given
    assert lines[-1] == ""


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (object(), "'input_data' must be mappings with 'recordId' and 'modelInput', got <object .* as record 7"),
        (["r7"], r"'input_data' must be mappings .*, got \['r7'\] as record 7"),
        (
            record(7, temperature=float("nan")),
            "'input_data' must be what JSON can hold, but record 7 is not: .*not JSON compliant",
        ),
        (
            record(7, temperature=float("inf")),
            "'input_data' must be what JSON can hold, but record 7 is not: .*not JSON compliant",
        ),
        (record(7, image=b"bytes"), "'input_data' must be what JSON can hold, but record 7 is not: .*bytes"),
        (record(7, when={1, 2}), "'input_data' must be what JSON can hold, but record 7 is not: .*set"),
        (record(7, text="a\ud83d"), r"record 7 has half of a surrogate pair, '\\ud83d': replace it, as text\.encode"),
        (record(7, text=[{1: "a", "1": "b"}]), "record 7 has the key 1: write keys as text"),
        (record(7, text={None: 1}), "record 7 has the key None: write keys as text"),
        (record(7, **{"\udc00": 1}), r"record 7 has half of a surrogate pair, '\\udc00': replace it"),
        (record(7, deep=nested()), r"record 7 nests its values too deeply: flatten it"),
    ],
    ids=[
        "object",
        "list",
        "NaN",
        "infinity",
        "bytes",
        "set",
        "surrogate",
        "two keys of one text",
        "None as a key",
        "surrogate in a name",
        "deep",
    ],
)
def test_a_record_that_json_cannot_hold_is_told_by_number(bad: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        InputData.from_records(bad if number == 7 else record(number) for number in range(100))


@pytest.mark.parametrize("none", [[], (), iter([]), {}])
def test_without_a_record_nobody_blames_a_file(none: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^'input_data' must have at least one record, got none: see what makes them$"
    ):
        InputData.from_records(none)


@pytest.mark.parametrize(
    ("count", "message"),
    [(3, "the list of records: has 3 of the at least 100 records"), (100, "record 99: 'modelInput' is missing")],
)
def test_records_are_told_by_number_and_not_by_a_file_that_nobody_knows(
    make_job: MakeJob, count: int, message: str
) -> None:
    made = [record(number) for number in range(count)]
    if count == 100:
        del made[-1]["modelInput"]
    with pytest.raises(ValueError, match=f"^'input_data' cannot be used: {message}") as refused:
        make_job(input_data=InputData.from_records(made))
    assert ".jsonl" not in str(refused.value)


def test_two_files_of_one_name_would_come_to_stand_on_each_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must have files of different names, got two named 'a\.jsonl': rename one"):
        InputData.from_files([tmp_path / "one" / "a.jsonl", tmp_path / "two" / "a.jsonl"])


@pytest.mark.parametrize("name", ["no-such-folder", "prompts.jsonl"])
def test_a_directory_must_be_one(record_file: RecordFile, tmp_path: Path, name: str) -> None:
    record_file()
    with pytest.raises(ValueError, match=f"'input_data' must be a folder, got '.*{name}'"):
        InputData.from_directory(tmp_path / name)


def test_a_file_in_s3_is_no_local_file() -> None:
    with pytest.raises(ValueError, match=r"on this machine, got 's3://b/a\.jsonl': use InputData\.from_uri\('s3://b/a"):
        InputData.from_file("s3://b/a.jsonl")


def test_a_relative_path_is_one_from_the_current_folder(
    make_job: MakeJob, record_file: RecordFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record_file()
    monkeypatch.chdir(path.parent)
    assert make_job(input_data=InputData.from_file(path.name))


def test_two_syntheses_give_the_same_template(record_file: RecordFile) -> None:
    path = str(record_file())

    def template() -> str:
        stack = Stack(App(), "Stack")
        model = BatchModel.foundation_model(NOVA)
        ModelInvocationJob(stack, "Job", model=model, input_data=InputData.from_file(path))
        return json.dumps(Template.from_stack(stack).to_json())

    assert template() == template()
