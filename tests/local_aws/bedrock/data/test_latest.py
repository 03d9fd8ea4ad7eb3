"""What is kept of a job's records for whoever looks on is little."""

import json
from typing import Any

from bedrock_local.bedrock.data.latest import LatestRecords
from bedrock_local.bedrock.data.record import Outcome, Record


def outcome(record_id: str, said: str = "yes") -> Outcome:
    return Outcome(Record(record_id, {"prompt": "?"}), "modelOutput", {"generation": said})


def ids(lines: list[bytes]) -> list[Any]:
    return [json.loads(line)["recordId"] for line in lines]


def test_the_last_of_a_job_are_seen_as_they_come_and_when_it_is_over() -> None:
    latest = LatestRecords()
    assert latest.of("job") == []
    tell = latest.begin("job")
    for number in range(21):
        tell(outcome(f"r{number}"))
    last = [f"r{number}" for number in range(20, 0, -1)]
    assert ids(latest.of("job")) == last
    latest.end("job")
    assert ids(latest.of("job")) == last


def test_of_a_job_that_is_over_no_long_line_is_kept() -> None:
    latest = LatestRecords()
    tell = latest.begin("job")
    tell(outcome("short"))
    tell(outcome("long", "word " * 4000))
    assert ids(latest.of("job")) == ["long", "short"]
    latest.end("job")
    assert ids(latest.of("job")) == ["short"]


def test_of_many_jobs_the_oldest_are_forgotten() -> None:
    latest = LatestRecords()
    for number in range(101):
        latest.begin(f"job{number}")(outcome("r"))
        latest.end(f"job{number}")
    assert (latest.of("job0"), ids(latest.of("job1"))) == ([], ["r"])
