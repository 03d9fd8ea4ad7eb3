"""Several files: folders with media, jobs of many files, ids across them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import RecordLimits, check

FEW = RecordLimits(min_records_per_job=1)

Write = Callable[..., Path]


def video(uri: object) -> dict[str, Any]:
    part = {"video": {"format": "mp4", "source": {"s3Location": {"uri": uri}}}}
    return {"messages": [{"role": "user", "content": [part, {"text": "What happens?"}]}]}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write records below the folder; each is a body, and its id is given."""

    def write_file(name: str, *bodies: object, first: int = 0) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [{"recordId": f"r{number:06d}", "modelInput": body} for number, body in enumerate(bodies, first)]
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return file

    return write_file


def told(path: Path | list[Path], folder: Path, **options: Any) -> list[str]:
    report = check(path, **({"limits": FEW} | options))
    return [line.replace(f"{folder}/", "") for line in str(report).splitlines()[:-1]]


def test_all_files_of_a_folder_are_one_job(write: Write, tmp_path: Path) -> None:
    write("a.jsonl", *[{}] * 60)
    write("b.jsonl", *[{}] * 60, first=60)
    report = check(tmp_path)
    assert report.ok
    assert report.records == 120
    assert report.bytes == sum(file.stat().st_size for file in tmp_path.iterdir())


def test_the_job_is_held_against_its_own_quotas(write: Write, tmp_path: Path) -> None:
    files = [write("a.jsonl", *[{}] * 40), write("b.jsonl", *[{}] * 40, first=40)]
    assert told(files, tmp_path, limits=RecordLimits()) == [
        (
            "the input: has 80 of the at least 100 records that a job needs; add 20 more, "
            "or say --limit min_records_per_job=80 (in Python, limits=RecordLimits(min_records_per_job=80)) if the "
            "quota of the model is that low"
        )
    ]
    assert told(files, tmp_path, limits=RecordLimits(min_records_per_job=1, records_per_job=79)) == [
        (
            "the input: has 80 records and a job may have at most 79; use fewer, as bedrock-batch split does, "
            "or set the limit records_per_job=80 if your quota is that high"
        )
    ]
    assert told(files, tmp_path, limits=RecordLimits(min_records_per_job=1, records_per_file=39)) == [
        f"{name}: has 40 records and a file may have at most 39; use fewer, as bedrock-batch split does, "
        "or set the limit records_per_file=40 if your quota is that high"
        for name in ("a.jsonl", "b.jsonl")
    ]


def test_problems_of_every_file_are_told(write: Write, tmp_path: Path) -> None:
    write("a.jsonl", 1)
    write("b.jsonl", {}, 2, first=1)
    places = [line.partition(": ")[0] for line in told(tmp_path, tmp_path)]
    assert places == ["a.jsonl:1:39", "b.jsonl:2:39"]


def test_two_processes_find_what_one_finds(write: Write, tmp_path: Path) -> None:
    for name in "abc":
        write(f"{name}.jsonl", *[{}] * 50, "wrong", {})
    assert check(tmp_path, processes=2) == check(tmp_path)


def test_ids_that_two_files_share_are_a_warning(write: Write, tmp_path: Path) -> None:
    files = [write("a.jsonl", *[{}] * 20), write("b.jsonl", *[{}] * 20, first=17)]
    assert told(files, tmp_path) == [
        (
            "the input: warning: 3 ids of b.jsonl are in other files too (line 1 has that of a.jsonl:18); "
            "give each record an id of its own, or tell results apart by their file"
        )
    ]


def numbered(*numbers: int) -> str:
    return "".join(json.dumps({"recordId": f"r{number}", "modelInput": {}}) + "\n" for number in numbers)


@pytest.mark.parametrize(
    ("contents", "shared"),
    [
        ([numbered(1, 2, 3), numbered(4, 5)], None),
        ([numbered(4, 5), numbered(1, 2, 3)], None),
        ([numbered(1, 3), numbered(2, 4)], None),
        ([numbered(1, 2, 3), numbered(3, 4)], "line 1 has that of a.jsonl:3"),
        ([numbered(3, 4), numbered(1, 2, 3)], "line 3 has that of a.jsonl:1"),
        ([numbered(1, 2), numbered(3), numbered(0, 2)], "line 2 has that of a.jsonl:2"),
        ([numbered(1, 2, 3), numbered(5, 2)], "line 2 has that of a.jsonl:2"),
        ([numbered(5, 2), numbered(1, 2, 3)], "line 2 has that of a.jsonl:2"),
        ([numbered(1), '{"modelInput": {}}\n' * 2, numbered(1)], "line 1 has that of a.jsonl:1"),
        (['{"modelInput": {}}\n' * 2, '{"modelInput": {}}\n' * 2], None),
    ],
)
@pytest.mark.parametrize("processes", [1, 2])
def test_shared_ids_are_found_in_any_order(
    tmp_path: Path, contents: list[str], shared: str | None, processes: int
) -> None:
    files = [tmp_path / f"{name}.jsonl" for name in "abc"[: len(contents)]]
    for file, content in zip(files, contents, strict=True):
        file.write_text(content)
    found = told(files, tmp_path, processes=processes)
    assert ([line.partition("(")[2].partition(")")[0] for line in found] or [None]) == [shared]


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_a_second_record_of_an_id_is_found_in_a_large_file(write: Write, tmp_path: Path, order: str) -> None:
    file = write("a.jsonl", *[{}] * 5000)
    lines = file.read_text().splitlines(keepends=True)
    lines = lines[::-1] if order == "descending" else lines
    file.write_text("".join([*lines, lines[1234], lines[1234]]))
    assert [line.partition(": ")[0] for line in told(file, tmp_path)] == ["a.jsonl:5001", "a.jsonl:5002"]
    assert "is already that of line 1235" in told(file, tmp_path)[0]


def test_every_id_twice_is_counted(write: Write) -> None:
    file = write("a.jsonl", *[{}] * 5000)
    file.write_text(file.read_text() * 2)
    report = check(file)
    assert len(report.problems) + report.hidden == 5000
    assert report.problems[-1].line == 5020


def test_what_will_not_be_read_is_a_warning(write: Write, tmp_path: Path) -> None:
    write("a.jsonl", {})
    write("b.jsonl.gz", {})
    write("C.JSONL", {})
    write("below/d.jsonl", {}, first=1)
    write("e f.jsonl", {}, first=2)
    warnings = told(tmp_path, tmp_path)
    assert [line.partition("warning: ")[2].partition(", ")[0] for line in warnings] == [
        "\"C.JSONL\" does not end in '.jsonl'",
        "\"b.jsonl.gz\" does not end in '.jsonl'",
        '"below/d.jsonl" is in a folder below',
        '"e f.jsonl" has characters that a job\'s S3 URI may not have (" "); rename it',
    ]
    assert check(tmp_path, limits=FEW).records == 3


def test_media_in_the_folder_are_found(write: Write, tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "bees.mp4").touch()
    write("a.jsonl", video("videos/bees.mp4"), video("s3://elsewhere/is-not-looked-at.mp4"))
    assert told(tmp_path, tmp_path) == []


@pytest.mark.parametrize("model", [None, "amazon.nova-lite-v1:0"])
@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("videos/wasps.mp4", 'the reference "videos/wasps.mp4" is not in the folder '),
        ("../bees.mp4", 'the reference "../bees.mp4" leaves the folder '),
        (None, "'s3Location' needs a 'uri' that is a string, got null; write the file's URI"),
    ],
)
def test_media_that_are_not_there_are_told(
    write: Write, tmp_path: Path, model: str | None, uri: object, message: str
) -> None:
    write("a.jsonl", *[{"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}] * 200, video(uri))
    (problem,) = told(tmp_path, tmp_path, model=model)
    assert problem.startswith("a.jsonl:201:")
    assert message in problem


def test_a_file_of_its_own_has_no_folder_for_its_media(write: Write, tmp_path: Path) -> None:
    (problem,) = told(write("a.jsonl", video("bees.mp4")), tmp_path)
    assert "is relative, which only the input of a whole folder may be; name the folder that holds both" in problem


@pytest.mark.parametrize("model", [None, "amazon.nova-lite-v1:0"])
def test_media_in_what_a_tool_has_answered_are_looked_at_too(write: Write, tmp_path: Path, model: str | None) -> None:
    body = video("bees.mp4")
    body["messages"][0]["content"] = [{"toolResult": {"toolUseId": "1", "content": body["messages"][0]["content"]}}]
    (problem,) = told(write("a.jsonl", body), tmp_path, model=model)
    assert 'the reference "bees.mp4" is relative' in problem


def test_no_path_at_all_is_a_problem() -> None:
    assert str(check([]).problems[0]) == "the input: names no file; name at least one"
