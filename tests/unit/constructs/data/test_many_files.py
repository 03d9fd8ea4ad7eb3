"""Many files on this machine: however many, a job of them is a small part of a template and of what a role may do."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, AssetStaging, LegacyStackSynthesizer, NestedStack, Stack

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

from ..conftest import NOVA, MakeJob
from ..template import JOB, Synthesized, plain


def record(number: int) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": [{"text": f"Say hello to {number}"}]}]}
    return {"recordId": f"r{number}", "modelInput": body}


def uris(stack: Stack) -> list[str]:
    """Where each job reads."""
    jobs = [plain(job)["Job"] for job in Synthesized.of(stack).properties(JOB)]
    return [job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] for job in jobs]


def stages(stack: Stack) -> list[dict[str, str]]:
    """What is staged for the only job."""
    found: list[dict[str, str]] = Synthesized.of(stack).job["StagedInput"]
    return found


def write_many(folder: Path, number: int) -> list[Path]:
    """Files of two records each."""
    folder.mkdir()
    paths = [folder / f"{file:04}.jsonl" for file in range(number)]
    for file, path in enumerate(paths):
        path.write_text("".join(json.dumps(record(2 * file + line)) + "\n" for line in range(2)))
    return paths


def test_a_thousand_files_travel_as_one_archive(tmp_path: Path) -> None:
    paths = write_many(tmp_path / "many", 1000)
    stack = Stack(App(outdir=str(tmp_path / "cdk.out")), "Stack")
    model = BatchModel.foundation_model(NOVA)
    ModelInvocationJob(stack, "Job", model=model, input_data=InputData.from_files(paths))
    template = Synthesized.of(stack)
    (staged,) = stages(stack)
    assert staged["Target"] == uris(stack)[0]
    assert staged["Target"].endswith("/")
    assert len(json.dumps(template.template)) < 50_000, "CloudFormation takes 1 MB"
    assert not template.all("AWS::IAM::ManagedPolicy")
    (read,) = template.allowed("BedrockBatchProviderRole")["s3:GetObject"]
    assert read["Resource"] == staged["Source"].replace("s3://", "arn:${AWS::Partition}:s3:::")
    (published,) = (tmp_path / "cdk.out").glob(f"asset.{Path(staged['Source']).stem}")
    assert [path.read_bytes() for path in sorted(published.iterdir())] == [path.read_bytes() for path in paths]


@pytest.mark.parametrize("salt", [None, "salt"])
def test_files_are_the_same_job_however_they_travel(make_job: MakeJob, tmp_path: Path, salt: str | None) -> None:
    """Also where an app has its assets hashed with something else."""
    stack = Stack(App(context={"@aws-cdk/core:assetHashSalt": salt} if salt else {}), "Stack")
    paths = write_many(tmp_path / "many", 60)
    for number in range(3):
        make_job(f"Job{number}", scope=stack, input_data=InputData.from_files(paths))
    # What is all of a job travels alone in any case.
    make_job("Last", scope=stack, input_data=InputData.from_records(record(number) for number in range(100)))
    staged = [len(job["StagedInput"]) for job in Synthesized.of(stack).properties(JOB)]
    assert staged == [60, 1, 1, 1]
    digests = {uri.split("/")[-2] for uri in uris(stack)[:3]}
    assert len(digests) == 1


def test_files_on_another_disk_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_: object) -> None:
        raise OSError("Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_link)
    paths = write_many(tmp_path / "many", 101)
    stack = Stack(App(outdir=str(tmp_path / "cdk.out")), "Stack")
    model = BatchModel.foundation_model(NOVA)
    ModelInvocationJob(stack, "Job", model=model, input_data=InputData.from_files(paths))
    (staged,) = stages(stack)
    (published,) = (tmp_path / "cdk.out").glob(f"asset.{Path(staged['Source']).stem}")
    assert sorted(path.name for path in published.iterdir()) == [path.name for path in paths]


def of_files(*paths: Path) -> tuple[str, list[str]]:
    """Where a job of files reads, and where they are staged."""
    AssetStaging.clear_asset_hash_cache()
    stack = Stack(App(), "Stack")
    model = BatchModel.foundation_model(NOVA)
    ModelInvocationJob(stack, "Job", model=model, input_data=InputData.from_files(paths))
    return uris(stack)[0], [each["Target"] for each in stages(stack)]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two files of fifty records each."""
    paths = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for number, path in enumerate(paths):
        path.write_text("".join(json.dumps(record(50 * number + line)) + "\n" for line in range(50)))
    return paths


def test_in_which_order_files_are_given_says_nothing(two: tuple[Path, Path]) -> None:
    assert of_files(*two) == of_files(*reversed(two))


@pytest.mark.parametrize("change", ["renamed", "exchanged", "other content"])
def test_a_folder_holds_these_files_and_no_others(tmp_path: Path, two: tuple[Path, Path], change: str) -> None:
    """A file that stayed there under its old name would be read, and paid, a second time."""
    first, second = two
    before, _ = of_files(*two)
    match change:
        case "renamed":
            second = second.rename(tmp_path / "c.jsonl")
        case "exchanged":
            texts = first.read_text(), second.read_text()
            first.write_text(texts[1])
            second.write_text(texts[0])
        case "other content":
            second.write_text(second.read_text().replace("Say hello", "Say goodbye"))
    after, staged = of_files(first, second)
    assert after != before
    assert staged == [f"{after}{first.name}", f"{after}{second.name}"]


def test_a_single_file_is_read_alone_whatever_stands_beside_it(two: tuple[Path, Path]) -> None:
    path = two[0]
    path.write_text("".join(json.dumps(record(line)) + "\n" for line in range(100)))
    before, _ = of_files(path)
    after, staged = of_files(path.rename(path.with_name("c.jsonl")))
    assert (before.removesuffix("a.jsonl"), [after]) == (after.removesuffix("c.jsonl"), staged)


@pytest.mark.parametrize("nested", [False, True])
def test_where_assets_have_parameters_files_of_a_job_have_those_of_one(tmp_path: Path, *, nested: bool) -> None:
    """With the old synthesizer each has three, and a template may have 200."""
    paths = write_many(tmp_path / "many", 100)
    stack = Stack(App(), "Stack", synthesizer=LegacyStackSynthesizer())
    scope = NestedStack(stack, "Nested") if nested else stack
    model = BatchModel.foundation_model(NOVA)
    ModelInvocationJob(scope, "Job", model=model, input_data=InputData.from_files(paths))
    assert len(stages(scope)) == 1
    assert len(Synthesized.of(scope).template["Parameters"]) <= 6
