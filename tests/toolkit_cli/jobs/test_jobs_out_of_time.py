"""Jobs that ran out of time, halfway and before their first record: what they have left, and what is missing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.local_aws import LocalAws as Product
from tests.local_aws.bedrock.execution.test_interruption import gated_model
from tests.local_aws.conftest import LocalAws, records
from tests.toolkit_cli.jobs.conftest import World, id_of

RECORDS = 150
#: A job's 24 hours are 4.3 seconds.
SPEED = 20_000


@dataclass(frozen=True)
class OutOfTime:
    """A local AWS with two such jobs."""

    world: World
    partial: str
    expired: str


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OutOfTime]:
    settled, directory = {"role_propagation": 0}, tmp_path_factory.mktemp("late")
    with (
        gated_model(free=10) as (model, url),
        Product(model=url, directory=directory, speed=SPEED, behaviours=settled, admin=True) as running,
    ):
        aws = LocalAws(running.endpoint_url, running.secret)
        bucket = aws.bucket({"in.jsonl": records(RECORDS)})
        world = World(aws, running.faults, bucket, aws.service_role(bucket), directory)
        partial = world.start("in.jsonl", jobName="partial-job")
        aws.reach(partial, {"InProgress"})
        with world.faults.hold("Scheduled", "expired-job"):
            expired = world.start("in.jsonl", jobName="expired-job")
            # Its time began after that of the first, so both are over now.
            assert aws.end(expired)["status"] == "Expired"
        model.gate.set()
        assert aws.end(partial)["status"] == "PartiallyCompleted"
        yield OutOfTime(world, partial, expired)


def rows_of(text: str) -> dict[str, list[str]]:
    """The ids of the records by their status."""
    rows = [json.loads(line) for line in text.splitlines()]
    return {
        status: [row["record_id"] for row in rows if row["status"] == status] for status in ("succeeded", "missing")
    }


def ids(content: bytes) -> list[str]:
    return [json.loads(line)["recordId"] for line in content.splitlines()]


def test_results_of_a_partial_job_are_the_records_it_came_to_and_those_that_are_missing(
    late: OutOfTime, tmp_path: Path
) -> None:
    answer = late.world.command("results", late.partial, folder=tmp_path)
    assert answer.returncode == 1
    answered = {line["recordId"] for line in late.world.aws.answers(late.world.bucket, late.partial)}
    rows = rows_of(answer.stdout)
    assert 0 < len(answered) < RECORDS
    assert set(rows["succeeded"]) == answered
    assert rows["missing"] == [name for name in ids(records(RECORDS)) if name not in answered]
    assert f"{len(rows['missing'])} records of the input without a result: " in answer.stderr
    assert f"{len(answered)} results: {len(answered)} succeeded, 0 failed" in answer.stderr


def test_results_of_an_expired_job_are_all_missing(late: OutOfTime, tmp_path: Path) -> None:
    answer = late.world.command("results", late.expired, "--output", "table.csv", "--json", folder=tmp_path)
    assert answer.returncode == 1
    told = json.loads(answer.stdout)
    assert (told["succeeded"], told["failed"], told["missing"]["count"], told["manifest"]) == (0, 0, RECORDS, None)
    nothing = f"the job is Expired and has written nothing to s3://{late.world.bucket}/out/{id_of(late.expired)}/"
    assert told["notes"] == [nothing]
    assert nothing in answer.stderr
    assert (tmp_path / "table.csv").read_text().count(",missing,") == RECORDS


def test_retry_takes_what_a_partial_job_did_not_come_to_and_no_more(late: OutOfTime, tmp_path: Path) -> None:
    answer = late.world.command("retry", late.partial, "--submit", "--output", "again.jsonl", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    answered = {line["recordId"] for line in late.world.aws.answers(late.world.bucket, late.partial)}
    left = [name for name in ids(records(RECORDS)) if name not in answered]
    assert ids((tmp_path / "again.jsonl").read_bytes()) == left
    assert f"again.jsonl: {len(left)} records ({len(left)} never reached, 0 failed)" in answer.stdout
    (created,) = [line.removeprefix("created ") for line in answer.stdout.splitlines() if line.startswith("created ")]
    other = late.world.aws.end(created)
    assert (other["status"], other["successRecordCount"]) == ("Completed", len(left))


def test_retry_takes_all_of_an_expired_job(late: OutOfTime, tmp_path: Path) -> None:
    answer = late.world.command("retry", late.expired, folder=tmp_path)
    file = tmp_path / f"{id_of(late.expired)}-retry.jsonl"
    told = f"{file.name}: {RECORDS} records ({RECORDS} never reached, 0 failed)\n"
    assert (answer.returncode, answer.stdout) == (0, told)
    assert file.read_bytes() == records(RECORDS)


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        ("partial", "The job ran out of time with part of its records done; "),
        ("expired", "The job ran out of time before it started; none of its records succeeded."),
    ],
)
def test_the_page_says_how_it_ended_and_what_is_missing(
    late: OutOfTime, tmp_path: Path, job: str, sentence: str
) -> None:
    answer = late.world.command("report", getattr(late, job), "--output", "page.html", "--json", folder=tmp_path)
    assert answer.returncode == 1, answer.stderr
    told: dict[str, Any] = json.loads(answer.stdout)
    assert told["succeeded"] + told["missing"] == RECORDS
    text = (tmp_path / "page.html").read_text()
    assert sentence in text
    assert f"{told['missing']} missing" in text


@pytest.mark.parametrize(("job", "code"), [("partial", 4), ("expired", 6)])
def test_watch_ends_with_a_code_for_each(late: OutOfTime, tmp_path: Path, job: str, code: int) -> None:
    assert late.world.command("watch", getattr(late, job), folder=tmp_path).returncode == code
