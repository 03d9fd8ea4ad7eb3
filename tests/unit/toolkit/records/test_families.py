"""Bodies of every family, good ones after public samples and wrong ones, each with what is to be said of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import RecordLimits, check

FEW = RecordLimits(min_records_per_job=1)
BODIES = {
    f"{file.stem}: {row['name']}": row
    for file in sorted(Path(__file__).with_name("bodies").glob("*.jsonl"))
    for row in map(json.loads, file.read_text().splitlines())
}


@pytest.mark.parametrize("row", BODIES.values(), ids=BODIES)
def test_a_body_is_judged_as_the_service_judges_it(tmp_path: Path, row: dict[str, Any]) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_text(json.dumps({"recordId": "1", "modelInput": row["body"]}) + "\n")
    report = check(file, limits=FEW, model=row["model"], invocation_type=row.get("invocation_type"))
    told = [problem.message for problem in report.problems], [warning.message for warning in report.warnings]
    expected = [[row[kind]] if kind in row else [] for kind in ("refused", "warned")]
    assert [len(messages) for messages in told] == [len(messages) for messages in expected], told
    for messages, parts in zip(told, expected, strict=True):
        assert all(part in message for message, part in zip(messages, parts, strict=True)), messages


def test_there_are_enough_of_them_and_every_other_is_good() -> None:
    good = [row for row in BODIES.values() if not {"refused", "warned"} & row.keys()]
    assert len(BODIES) >= 200
    assert len(good) >= 100
