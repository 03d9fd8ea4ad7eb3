"""The parts of a file, each read by one of several processes: the same answer as of one process that reads it all."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from errno import EAGAIN
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrock_batch import CheckReport, RecordLimits, check
from bedrock_batch.files import workers
from bedrock_batch.records.checking import job_check, part_check
from bedrock_batch.records.input import blocks, part
from bedrock_batch.records.input.local import single_file

CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"
FEW = RecordLimits(min_records_per_job=1)
LIMITS = [
    FEW,
    RecordLimits(min_records_per_job=1, records_per_file=4),
    RecordLimits(min_records_per_job=1, bytes_per_record=30),
]
# Each is right or wrong on its own, or beside those before it; blank lines matter only if a record follows.
LINES = [
    *(b'{"recordId":"%s","modelInput":{}}' % letter for letter in (b"a", b"b", b"c", b"d", b"e")),
    *(b'{"modelInput":{}}', b'{"recordId":"a\\nb","modelInput":{}}', b'{"recordId":5,"modelInput":{"cachePoint":{}}}'),
    *(
        b"",
        b" ",
        b"\r",
        b"\xef\xbb\xbf",
        b'\xef\xbb\xbf{"modelInput":{}}',
        b"{",
        b"\xff",
        b"\xc3\xa9" * 20,
        b"\x1f\x8b",
    ),
]


def record(name: str) -> bytes:
    return b'{"recordId": "%s", "modelInput": {}}' % name.encode()


def write(file: Path, lines: Sequence[bytes]) -> Path:
    file.write_bytes(b"\n".join(lines))
    return file


@pytest.fixture
def several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let them read a few lines each."""
    monkeypatch.setattr(job_check, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(part, "_PART_BYTES", 400)


@contextmanager
def started_here(work: Callable[[object], object], _workers: int) -> Iterator[Callable[[object], object]]:
    yield lambda task: sent(work(sent(task)))


def sent(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - its own


def in_parts(paths: list[Path], model: str | None, limits: RecordLimits, sizes: tuple[int, int, int]) -> CheckReport:
    """Check what several processes would, without starting them: each that is started takes as long as a thousand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job_check, "_WORTH_A_PROCESS", 0)
        patch.setattr(workers, "started", started_here)
        patch.setattr(workers, "in_order", map)
        patch.setattr(part, "_PART_BYTES", sizes[0])
        patch.setattr(part_check, "_TOGETHER_BYTES", sizes[1])
        patch.setattr(blocks, "_SIZE", sizes[2])
        return check(paths, model=model, limits=limits, processes=2)


FILES = st.lists(st.lists(st.sampled_from(LINES), max_size=60), min_size=1, max_size=2)


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    FILES,
    st.sampled_from([None, CLAUDE]),
    st.sampled_from(LIMITS),
    st.tuples(st.integers(1, 300), st.integers(1, 300), st.integers(1, 300)),
)
def test_the_answer_is_that_of_one_process(
    tmp_path: Path, files: list[list[bytes]], model: str | None, limits: RecordLimits, sizes: tuple[int, int, int]
) -> None:
    paths = [write(tmp_path / f"{number}.jsonl", lines) for number, lines in enumerate(files)]
    assert in_parts(paths, model, limits, sizes) == check(paths, model=model, limits=limits)


@pytest.mark.usefixtures("several_processes")
def test_a_file_that_cannot_be_read_is_told_beside_one_that_can(tmp_path: Path) -> None:
    good = write(tmp_path / "in.jsonl", [record(f"r{number:03}") for number in range(200)])
    paths = [tmp_path / "none.jsonl", good, tmp_path / "\0.jsonl"]
    assert check(paths, processes=2) == check(paths)
    assert check(paths, processes=2).unread == 2
    assert check(paths[0]).bytes == 0


@pytest.mark.usefixtures("several_processes")
def test_one_process_starts_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "in.jsonl", [record(f"r{number:03}") for number in range(200)])
    monkeypatch.setattr("subprocess.Popen", _no_process)
    assert check(file).ok
    with pytest.raises(BlockingIOError):
        check(file, processes=2)


def _no_process(*_arguments: object, **_options: object) -> NoReturn:
    raise BlockingIOError(EAGAIN, "Resource temporarily unavailable")


@pytest.mark.usefixtures("several_processes")
def test_what_only_this_process_has_open_is_checked_too(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [record(f"r{number:03}") for number in range(200)])
    with file.open("rb") as opened:
        place = f"/dev/fd/{opened.fileno()}"
        named = check(place, processes=2)
        file.unlink()
        nameless = check(place, processes=2)
    assert named.records == nameless.records == 200


@pytest.mark.usefixtures("several_processes")
def test_faults_are_told_where_they_are(tmp_path: Path) -> None:
    lines = [record(f"r{number:03}") for number in range(200)]
    lines[60], lines[120], lines[199] = record("r010"), b"{", record("r010")
    file = write(tmp_path / "in.jsonl", lines)
    problems = [str(problem).removeprefix(f"{file}:") for problem in check(file, processes=2).problems]
    assert [problem.split(":")[0] for problem in problems] == ["61", "121", "200"]
    assert "'recordId' \"r010\" is already that of line 11" in problems[0]
    assert "'recordId' \"r010\" is already that of line 11" in problems[2]


@pytest.mark.usefixtures("several_processes")
def test_blank_lines_count_as_one_wherever_a_part_begins(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [record("a"), *[b" "] * 500, record("b"), *[b""] * 500])
    (problem,) = check(file, limits=FEW, processes=2).problems
    assert (problem.line, problem.message) == (2, "is blank, and each line must be a record; remove it")


@pytest.mark.usefixtures("several_processes")
def test_of_many_problems_the_first_are_told(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [record("a"), *[b"5", record("a")] * 100])
    report = check(file, processes=2)
    assert [problem.line for problem in report.problems] == list(range(2, 22))
    assert report.hidden == 180


@pytest.mark.usefixtures("several_processes")
def test_a_file_that_is_no_text_is_refused_at_once(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [b"\x1f\x8b", *[b"5"] * 500])
    (problem,) = check(file, processes=2).problems
    assert "is compressed with gzip" in problem.message


@pytest.mark.usefixtures("several_processes")
def test_all_that_is_read_is_told_as_progress(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [record(f"r{number:03}") for number in range(200)])
    done: list[int] = []
    check(file, processes=2, progress=done.append)
    assert len(done) > 10
    assert sum(done) >= file.stat().st_size


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
def test_each_line_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\n".join([b"5" * length for length in (1, 0, 7, 8, 9, 40, 0, 0, 1)]) + end)
    for size in range(1, 80):
        monkeypatch.setattr(part, "_PART_BYTES", size)
        read = b""
        for each in part.parts_of(single_file(file)):
            with each.open() as source:
                while data := source.read(5):
                    read += data
        assert read == file.read_bytes()
