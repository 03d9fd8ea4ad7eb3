"""About how many tokens records are: every command that tells it tells the same."""

import json
from pathlib import Path

import pytest

from bedrock_batch import CheckReport, RecordLimits, check, prepare
from bedrock_batch.plan.amount import Count
from bedrock_batch.records.tokens import SAMPLE_BYTES, SAMPLE_FILES

NOVA = "amazon.nova-lite-v1:0"
FEW = RecordLimits(min_records_per_job=1)


def record(text: str) -> str:
    return json.dumps({"modelInput": {"messages": [{"role": "user", "content": [{"text": text}]}]}})


def checked(*paths: Path, processes: int = 1) -> CheckReport:
    return check(paths, limits=FEW, processes=processes)


def planned(file: Path) -> int | None:
    count = Count()
    with file.open("rb") as lines:
        for line in lines:
            count.add(line)
    return count.amount().input_tokens


@pytest.mark.parametrize("end", ["", "\n"])
def test_what_is_prepared_checked_and_planned_is_estimated_in_one_way(tmp_path: Path, end: str) -> None:
    rows = [{"word": "w" * number} for number in range(1, 81)]
    prepared = prepare(rows, tmp_path / "a.jsonl", template="12{word}", model=NOVA)
    (tmp_path / "b.jsonl").write_text((tmp_path / "a.jsonl").read_text().rstrip() + end)
    found = {prepared.estimated_tokens, checked(tmp_path / "b.jsonl").estimated_tokens, planned(tmp_path / "b.jsonl")}
    assert found == {sum(range(3, 83)) // 4}


def test_of_much_the_beginning_tells_whatever_is_behind_it(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    line = record("x" * 4000) + "\n"
    file.write_text(line * 1000)
    assert file.stat().st_size > 3 * SAMPLE_BYTES
    assert checked(file).estimated_tokens == pytest.approx(1_000_000, rel=0.001)
    # Of the files after the first ones nothing is text, and nobody looks.
    names = [tmp_path / f"{number:02}.jsonl" for number in range(2 * SAMPLE_FILES)]
    for number, name in enumerate(names):
        name.write_text(
            record("y" * 400 if number < SAMPLE_FILES else "") + "\n" + " " * 400 * (number >= SAMPLE_FILES)
        )
    whole = checked(*names)
    assert whole.estimated_tokens == pytest.approx(
        whole.bytes * checked(names[0]).estimated_tokens / checked(names[0]).bytes, rel=0.01
    )


def test_lines_that_are_no_records_have_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("no JSON\n[]\n" + record("1234") + "\n")
    assert checked(tmp_path / "a.jsonl").estimated_tokens == 1
    (tmp_path / "b.jsonl").write_text("")
    assert checked(tmp_path / "b.jsonl").estimated_tokens == 0
