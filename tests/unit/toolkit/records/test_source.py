import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bedrock_batch import RecordLimits, check

from .conftest import WriteInput, only_problem

TOOLKIT = Path(__file__).parents[4] / "toolkit"


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(check("prompts.jsonl").problems[0]) == (
        f'prompts.jsonl: there is no such file; check the path (a relative one starts at "{tmp_path}")'
    )


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prompts.jsonl").mkdir()
    assert only_problem(tmp_path / "prompts.jsonl") == (
        "prompts.jsonl: has no .jsonl file; put the records there, in files whose names end so"
    )


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "prompts.jsonl")
    assert "is no regular file" in only_problem(tmp_path / "prompts.jsonl")


def test_an_empty_file_has_one_problem(tmp_path: Path) -> None:
    (tmp_path / "prompts.jsonl").touch()
    assert only_problem(tmp_path / "prompts.jsonl", RecordLimits()) == (
        "prompts.jsonl: is empty; write one record on each line"
    )


def test_compressed_input_has_one_problem(write_input: WriteInput) -> None:
    file = write_input(100)
    file.write_bytes(gzip.compress(file.read_bytes()))
    assert only_problem(file) == (
        "prompts.jsonl: is compressed with gzip, and the service reads plain text only; decompress it with gunzip"
    )


def test_an_archive_has_one_problem(write_input: WriteInput) -> None:
    file = write_input(100)
    content = file.read_bytes()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("prompts.jsonl", content)
    assert only_problem(file) == (
        "prompts.jsonl: is a zip archive, and the service reads plain text only; unpack it and name the file inside"
    )


@pytest.mark.parametrize("codec", ["utf-16", "utf-32", "utf-16-be"])
def test_utf_16_has_one_problem(write_input: WriteInput, codec: str) -> None:
    file = write_input(100)
    file.write_bytes(f"\ufeff{file.read_text()}".encode(codec))
    assert only_problem(file) == "prompts.jsonl: is UTF-16, not UTF-8; save it as UTF-8"


def test_a_path_that_no_file_can_have_is_refused() -> None:
    assert "no file can have this path" in str(check("a\0b.jsonl"))


def test_a_file_that_may_not_be_read_is_a_problem(write_input: WriteInput) -> None:
    file = write_input(100)
    file.chmod(0)
    script = f"from bedrock_batch import check; print(check({str(file)!r}))"
    # Root reads everything, unless it gives up the capabilities to.
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    result = subprocess.run(
        [*drop, sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(TOOLKIT)},
    )
    assert result.stderr == ""
    assert "may not be read by this user (permission denied); change its permissions with chmod" in result.stdout


@pytest.mark.parametrize("name", ["prompts.json", "prompts.jsonl.txt", "prompts.JSONL", "jsonl"])
def test_the_name_must_end_in_jsonl(write_input: WriteInput, name: str) -> None:
    assert f"must end in '.jsonl', got \"{name}\"; rename the file" in only_problem(write_input(name=name))


@pytest.mark.parametrize(
    "uri",
    [
        "s3://bucket",
        "s3://Bucket",
        "s3://b",
        "s3://bucket//a",
        "s3://bucket/a=b/",
        "s3://bucket/(a)/!b",
        "s3://bucket/é/",
    ],
)
def test_a_uri_may_have_the_form_that_the_service_takes(uri: str, s3_uri_pattern: Callable[[str], bool]) -> None:
    class Empty:
        def get_paginator(self, _name: str) -> "Empty":
            return self

        def paginate(self, **_where: str) -> list[dict[str, object]]:
            return []

    assert ("is no S3 URI that a job may have" in str(check(uri, s3_client=Empty()))) is not s3_uri_pattern(uri)
