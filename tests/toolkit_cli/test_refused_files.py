"""What the file system refuses is a sentence with the file or folder that the user gave, and what to do."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .command import TOOLKIT

FULL = "File too large; make room there, or name another place"
#: Reads an input of which all but one record is to be found in the database on disk.
INDEX = """
import sys
from pathlib import Path
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.results.input import keys
from bedrock_batch.results.input.index import open_input
keys._IN_MEMORY = 1
try:
    with open_input([Path("in.jsonl")], Path()):
        pass
except BedrockBatchError as error:
    sys.exit(str(error))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an input and its results, with a file ``file`` and a folder ``folder``."""
    given = [{"recordId": f"r{number}", "modelInput": {}} for number in range(100)]
    (tmp_path / "copy").mkdir()
    for name, more in (("in.jsonl", {}), ("copy/in.jsonl.out", {"modelOutput": {"generation": "x"}})):
        (tmp_path / name).write_text("".join(f"{json.dumps(record | more)}\n" for record in given))
    (tmp_path / "t.csv").write_text("text\n" + "x\n" * 100)
    (tmp_path / "prompt.txt").write_text("{text}")
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    return tmp_path


def said(program: str, folder: Path, *, blocks: int | None = None) -> str:
    """Run a program that cannot do what it is asked for, perhaps with files of so many blocks at most."""
    limit = "" if blocks is None else f"ulimit -f {blocks}; "
    answer = subprocess.run(
        ["bash", "-c", f"{limit}exec {shlex.quote(sys.executable)} {program}"],
        cwd=folder,
        # Python would leave half a module's bytecode behind.
        env=os.environ | {"PYTHONPATH": str(TOOLKIT), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode in (1, 2), answer
    return answer.stderr


def bedrock_batch(arguments: str, folder: Path, *, blocks: int | None = None) -> str:
    before = sorted(folder.rglob("*"))
    words = said(f"-m bedrock_batch.cli {arguments}", folder, blocks=blocks)
    kept = [path for path in sorted(folder.rglob("*")) if path.name not in ("new", "printed")]
    assert kept == before, "something half-written is left"
    return words


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("results --output-dir copy --output table.jsonl", "table.jsonl"),
        ("results --output-dir copy --output table.csv", "table.csv"),
        ("results --output-dir copy --output table.parquet", "table.parquet"),
        ("report --output-dir copy --output page.html", "page.html"),
        ("split in.jsonl --to new", "new/records-00001.jsonl"),
        ("prepare t.csv --template prompt.txt --model amazon.nova-lite-v1:0 --output made.jsonl", "made.jsonl"),
        ("init new", "new/app.py"),
        ("results --output-dir copy >printed", "standard output"),
    ],
)
def test_a_full_disk(command: str, file: str, folder: Path) -> None:
    assert bedrock_batch(command, folder, blocks=0).splitlines()[-1] == f"bedrock-batch: {file}: {FULL}"


NO_FOLDER = "No such file or directory; make its folder first, or name another place"
A_FOLDER = "Is a directory; name a file in it, or name another place"


@pytest.mark.parametrize("command", ["results --output-dir copy --format jsonl", "report --output-dir copy"])
@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("nowhere/made", NO_FOLDER),
        ("folder", A_FOLDER),
        (".", A_FOLDER),
        ("file/made", "Not a directory; put that right, or name another place"),
    ],
)
def test_a_place_that_is_none_for_a_file(command: str, place: str, why: str, folder: Path) -> None:
    assert bedrock_batch(f"{command} --output {place}", folder) == f"bedrock-batch: {place}: {why}\n"


@pytest.mark.parametrize("command", ["split in.jsonl --to", "init"])
@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("file", "File exists; move that away, or name another place"),
        ("file/made", "Not a directory; put that right, or name another place"),
    ],
)
def test_a_place_that_is_none_for_a_folder(command: str, place: str, why: str, folder: Path) -> None:
    assert bedrock_batch(f"{command} {place}", folder) == f"bedrock-batch: {place}: {why}\n"


def test_no_room_for_more_records_than_memory_holds(folder: Path) -> None:
    records = (f'{{"recordId": "{number:0100}", "modelInput": {{}}}}\n' for number in range(100_000))
    (folder / "in.jsonl").write_text("".join(records))
    words = said(f"-c {shlex.quote(INDEX)}", folder, blocks=64)
    assert words.startswith(f"{folder} (TMPDIR): no room to find records in (")
    assert words.endswith("); make some, or name another\n")
