import json
from pathlib import Path

from tests.conftest import RecordFile

from .command import bedrock_batch


def test_the_files_are_listed(record_file: RecordFile, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    command = ("split", record_file(250), "--to", parts, "--limit", "records_per_file=200")
    run = bedrock_batch(*command)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        f"{parts}/records-00001.jsonl",
        f"{parts}/records-00002.jsonl",
        "250 records in 2 files, 125 in each",
    ]
    assert "there already, and the same: 2 files" in bedrock_batch(*command).stdout


def test_json_has_all_that_is_known(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"modelInput": {}}\n' * 3)
    least = ("--limit", "min_records_per_job=1")
    run = bedrock_batch("split", tmp_path / "in.jsonl", "--to", tmp_path / "parts", "--json", *least)
    assert json.loads(run.stdout) == {
        "files": [f"{tmp_path}/parts/records-00001.jsonl"],
        "records": 3,
        "ids_added": 3,
        "kept": 0,
        "records_per_file": [3],
    }


def test_what_cannot_be_split_is_told(tmp_path: Path) -> None:
    run = bedrock_batch("split", tmp_path / "none.jsonl", "--to", tmp_path / "parts")
    assert run.returncode == 2
    assert run.stderr.startswith(f"bedrock-batch: {tmp_path}/none.jsonl: there is no such file")


def test_a_place_that_cannot_be_made_is_told(record_file: RecordFile, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = bedrock_batch("split", record_file(), "--to", tmp_path / "file" / "parts")
    assert run.returncode == 2
    assert run.stderr.startswith(f"bedrock-batch: {tmp_path / 'file' / 'parts'}: Not a directory; ")


def test_a_model_that_is_not_known_is_told(record_file: RecordFile, tmp_path: Path) -> None:
    run = bedrock_batch("split", record_file(), "--to", tmp_path / "parts", "--model", "llama4-scout")
    assert (run.returncode, run.stderr) == (
        0,
        'no known model is called "llama4-scout", so the quotas of most models count\n',
    )
    known = "us.meta.llama4-scout-17b-instruct-v1:0"
    assert bedrock_batch("split", record_file(), "--to", tmp_path / "parts", "--model", known).stderr == ""
