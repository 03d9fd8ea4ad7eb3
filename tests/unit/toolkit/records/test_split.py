import json
import os
import re
import signal
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from bedrock_batch import RecordLimits, SplitError, check, split

from .conftest import FEW, WriteInput

TOOLKIT = Path(__file__).parents[4] / "toolkit"
TEN = RecordLimits(min_records_per_job=1, records_per_file=10)


def content_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_the_files_hold_the_records_in_their_order(write_input: WriteInput, tmp_path: Path) -> None:
    file = write_input(25)
    report = split(file, tmp_path / "parts", limits=TEN)
    assert [Path(name).name for name in report.files] == [f"records-0000{number}.jsonl" for number in (1, 2, 3)]
    assert b"".join(content_of(tmp_path / "parts").values()) == file.read_bytes()
    assert (report.records, report.ids_added, report.kept, report.records_per_file) == (25, 0, 0, (9, 8, 8))


def test_each_file_keeps_to_every_limit(write_input: WriteInput, tmp_path: Path) -> None:
    file = write_input(99)
    for limits in (
        RecordLimits(min_records_per_job=1, records_per_file=7),
        RecordLimits(min_records_per_job=1, records_per_job=7),
        RecordLimits(min_records_per_job=1, bytes_per_file=300),
        RecordLimits(min_records_per_job=1, bytes_per_job=300),
    ):
        parts = tmp_path / str(hash(limits))
        report = split(file, parts, limits=limits)
        assert report.records == 99
        assert len(report.files) > 10
        assert all(check(name, limits=limits).ok for name in report.files)


def test_a_record_without_an_id_gets_its_number_in_the_whole_input(write_input: WriteInput, tmp_path: Path) -> None:
    files = [
        write_input(11, name="a.jsonl"),
        write_input(3, name="b.jsonl", line_1=' { "modelInput": {} } \r', line_2='{"modelInput": {}}'),
    ]
    report = split(files, tmp_path / "parts", limits=TEN)
    lines = Path(report.files[1]).read_bytes().splitlines()
    assert lines[4] == b'{"recordId":"record-000000012","modelInput": {} }'
    assert lines[5] == b'{"recordId":"record-000000013","modelInput": {}}'
    assert report.ids_added == 2


def test_an_object_without_members_gets_an_id_too(write_input: WriteInput, tmp_path: Path) -> None:
    report = split(write_input(1, line_1="{ }"), tmp_path / "parts", limits=FEW)
    assert json.loads(Path(report.files[0]).read_text()) == {"recordId": "record-000000001"}


def test_ids_that_could_be_given_twice_are_refused(write_input: WriteInput, tmp_path: Path) -> None:
    own = '{"recordId": "record-000000002", "modelInput": {}}'
    with pytest.raises(SplitError, match=r'prompts.jsonl:1: .recordId. "record-000000002" is like those .* rename it'):
        split(write_input(2, line_1=own, line_2='{"modelInput": {}}'), tmp_path / "parts", limits=FEW)
    # What a split has written can be split again.
    once = split(
        write_input(2, line_1='{"modelInput": {}}', line_2='{"modelInput": {}}'), tmp_path / "once", limits=FEW
    )
    again = split(once.files, tmp_path / "again", limits=FEW)
    assert Path(again.files[0]).read_bytes() == Path(once.files[0]).read_bytes()


def test_the_same_input_gives_the_same_files_and_keeps_those_that_are_there(
    write_input: WriteInput, tmp_path: Path
) -> None:
    file, parts = write_input(25), tmp_path / "parts"
    split(file, parts, limits=TEN)
    first, times = content_of(parts), [path.stat().st_mtime_ns for path in sorted(parts.iterdir())]
    (parts / "records-00002.jsonl").unlink()
    assert split(file, parts, limits=TEN).kept == 2
    assert content_of(parts) == first
    assert [path.stat().st_mtime_ns for path in sorted(parts.iterdir())][::2] == times[::2]


@pytest.mark.parametrize("change", ["longer", "shorter", "other"])
def test_a_file_with_something_else_is_left_alone(write_input: WriteInput, tmp_path: Path, change: str) -> None:
    file, parts = write_input(25), tmp_path / "parts"
    split(file, parts, limits=TEN)
    second = parts / "records-00002.jsonl"
    right = second.read_bytes()
    wrong = {"longer": right + b"{}\n", "shorter": right[:-1], "other": right.replace(b"r-12", b"r-99")}[change]
    second.write_bytes(wrong)
    with pytest.raises(SplitError, match=r"records-00002.jsonl: is there already and is not what this input gives"):
        split(file, parts, limits=TEN)
    assert second.read_bytes() == wrong


def test_a_file_of_another_split_is_told(write_input: WriteInput, tmp_path: Path) -> None:
    file, parts = write_input(25), tmp_path / "parts"
    split(file, parts, limits=TEN)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:18]))
    with pytest.raises(SplitError, match=r"records-00003.jsonl: is left from another split; remove it"):
        split(file, parts, limits=TEN)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"prompts.jsonl:2: is not JSON: .* at column 2; write one whole JSON object"),
        ("[]", "prompts.jsonl:2: must be a JSON object, got a list"),
        ('{"recordId": 7}', "prompts.jsonl:2: 'recordId' must be a string, got the number 7; write it in quotes"),
        (b'{"a": "\xff"}', "prompts.jsonl:2: is not UTF-8"),
        ('{"a": "' + "x" * 200 + '"}', "prompts.jsonl:2: is longer than 100 bytes; shorten the record"),
    ],
)
def test_a_line_that_is_no_record_stops_it_without_half_a_file(
    write_input: WriteInput, tmp_path: Path, line: str | bytes, message: str
) -> None:
    with pytest.raises(SplitError, match=message):
        split(write_input(5, line_2=line), tmp_path / "parts", limits=RecordLimits(bytes_per_record=100))
    assert content_of(tmp_path / "parts") == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\n\n", "has no records; name what does"),
        (b"", "is empty; write one record on each line"),
        (b"\x1f\x8b\x08rest", "is compressed with gzip"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
    ],
)
def test_a_file_without_records_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "in.jsonl").write_bytes(content)
    with pytest.raises(SplitError, match=message):
        split(tmp_path / "in.jsonl", tmp_path / "parts")


@pytest.mark.parametrize(
    ("records", "most", "sizes"),
    [(100, 100, (100,)), (101, 100, (51, 50)), (250, 200, (125, 125)), (1001, 100, (*[91] * 11,))],
)
def test_the_files_are_as_few_as_can_be_and_of_one_size(
    write_input: WriteInput, tmp_path: Path, records: int, most: int, sizes: tuple[int, ...]
) -> None:
    limits = RecordLimits(min_records_per_job=50, records_per_job=most)
    report = split(write_input(records), tmp_path / "parts", limits=limits)
    assert report.records_per_file == sizes
    assert [len(Path(file).read_bytes().splitlines()) for file in report.files] == list(sizes)


def test_more_files_are_made_where_one_would_have_too_many_bytes(write_input: WriteInput, tmp_path: Path) -> None:
    # The first ten records are longer than all others together.
    long = {f"line_{number}": json.dumps({"recordId": str(number), "modelInput": "x" * 90}) for number in range(1, 11)}
    limits = RecordLimits(min_records_per_job=5, bytes_per_file=1000)
    report = split(write_input(40, **long), tmp_path / "parts", limits=limits)
    assert report.records_per_file == (7, 7, 7, 7, 6, 6)
    assert max(Path(file).stat().st_size for file in report.files) <= 1000


@pytest.mark.parametrize(
    ("records", "limits", "message"),
    [
        (
            99,
            RecordLimits(),
            r"99 records, and a job takes 100 or more .*limits=RecordLimits\(min_records_per_job=99\)\) if",
        ),
        (50, RecordLimits(records_per_file=20), r"say --limit min_records_per_job=16 .* if"),
        (50, RecordLimits(bytes_per_job=9), r"say --limit min_records_per_job=1 --limit bytes_per_job=\d+ .* if"),
        (
            150,
            RecordLimits(records_per_job=120),
            r"150 records, of which no number of files has 100 or more .* say --limit records_per_job=150 \(in Python,",
        ),
        (
            150,
            RecordLimits(min_records_per_job=50, bytes_per_file=1500),
            r"150 records, of which no number of files has 50 or more .* say --limit bytes_per_file=\d+ ",
        ),
    ],
)
def test_input_that_no_division_fits_is_refused_with_the_limit_that_would(
    write_input: WriteInput, tmp_path: Path, records: int, limits: RecordLimits, message: str
) -> None:
    file = write_input(records)
    with pytest.raises(SplitError, match=message) as refused:
        split(file, tmp_path / "parts", limits=limits)
    assert content_of(tmp_path / "parts") == {}
    wanted = {name: int(value) for name, value in re.findall(r"--limit (\w+)=(\d+)", str(refused.value))}
    assert split(file, tmp_path / "parts", limits=replace(limits, **wanted)).records == records


def test_a_pipe_is_refused_as_it_cannot_be_read_twice(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SplitError, match="pipe: can be read once only, and a split reads twice; write it to a file"):
        split(tmp_path / "pipe", tmp_path / "parts")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SplitError, match=r"none.jsonl: there is no such file"):
        split(tmp_path / "none.jsonl", tmp_path / "parts")


def test_a_place_inside_of_the_input_is_refused(write_input: WriteInput, tmp_path: Path) -> None:
    write_input(2)
    with pytest.raises(SplitError, match=r"parts: is inside of .*, and would be read again; name another place"):
        split(tmp_path, tmp_path / "parts")


def test_memory_is_bounded(write_input: WriteInput, tmp_path: Path) -> None:
    text = json.dumps({"modelInput": {"text": "x" * 10_000}})
    file = write_input(3000, **{f"line_{number}": text for number in range(1, 3001)})
    tracemalloc.start()
    try:
        split(file, tmp_path / "parts", limits=RecordLimits(records_per_file=1000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_cut_off_leaves_whole_files_and_is_taken_up(
    write_input: WriteInput, tmp_path: Path, signum: signal.Signals
) -> None:
    parts, pipe, whole = tmp_path / "parts", tmp_path / "pipe", write_input(25)
    # The command waits for more of this folder's second file than there is, in the middle of the third shard.
    source = tmp_path / "input"
    source.mkdir()
    (source / "a.jsonl").write_bytes(whole.read_bytes())
    script = (
        "import sys; from bedrock_batch.records.splitting import numbered_records as n\n"
        "read, turn = n.NumberedRecords._read, 0\n"
        "def slow(self, file):\n"
        "    global turn; turn += 1\n"
        "    for number, record in enumerate(read(self, file)):\n"
        f"        if (turn, number) == (2, 22): open({str(pipe)!r}, 'w').close(); import time; time.sleep(60)\n"
        "        yield record\n"
        "n.NumberedRecords._read = slow\n"
        "from bedrock_batch.cli import main; sys.exit(main())"
    )
    os.mkfifo(pipe)
    limits = ["--limit", "records_per_file=10", "--limit", "min_records_per_job=1"]
    command = [sys.executable, "-c", script, "split", str(source), "--to", str(parts), *limits]
    with subprocess.Popen(command, env={"PYTHONPATH": str(TOOLKIT)}, stderr=subprocess.PIPE, text=True) as process:
        pipe.read_text()
        process.send_signal(signum)
        _, said = process.communicate()
    visible = [name for name in content_of(parts) if not name.startswith(".")]
    assert visible == ["records-00001.jsonl", "records-00002.jsonl"]
    if signum != signal.SIGKILL:
        assert (process.returncode, said) == (130, "bedrock-batch: interrupted\n")
        assert sorted(content_of(parts)) == visible
    report = split(source, parts, limits=TEN)
    assert report.kept == 2
    # Nor is anything left of the one that was cut off, be it empty.
    assert all(name.startswith("records-") for name in content_of(parts))
    assert b"".join(content_of(parts).values()) == whole.read_bytes()
