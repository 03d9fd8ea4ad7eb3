"""A whole run: what it tells, what it writes, and that it takes away its own and nothing else."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.behaviours import Behaviours

from .conftest import Suite
from .own import PREFIX
from .planted import plant
from .table import TRIALS

#: These have no one default: a time that was measured, and Regions that the local Bedrock has elsewhere.
MEASURED = {"role_propagation", "profile_regions"}


@dataclass(frozen=True)
class Ran:
    code: int
    said: str
    before: Mapping[str, set[str]]
    after: Mapping[str, set[str]]
    fixtures: Path

    @property
    def rows(self) -> dict[str, list[str]]:
        """The rows of the report by the fact."""
        lines = (self.fixtures / "report.md").read_text().splitlines()
        cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
        return {fact: rest for fact, *rest in cells[2:]}

    def fixture(self, name: str) -> Any:
        return json.loads((self.fixtures / f"{name}.json").read_text())


@pytest.fixture(scope="module")
def ran(suite: Suite) -> Ran:
    """One run, in an account where others have things of such names, and jobs, and an earlier run has left some."""
    plant(suite, "OfOthers", None)
    plant(suite, "Elsewhere", "eu-west-1")
    before = suite.inventory()
    plant(suite, "LeftOver", "us-east-1")
    process = suite.start("--yes")
    said, _ = process.communicate(timeout=600)
    return Ran(process.returncode, said, before, suite.inventory(), suite.fixtures)


def test_each_fact_is_answered_and_is_as_the_local_bedrock_has_it(ran: Ran) -> None:
    assert ran.code == 0, ran.said
    assert list(ran.rows) == [trial.fact for trial in TRIALS.values()]
    different = {fact: row for fact, row in ran.rows.items() if row[1] != "as here"}
    measured = {trial.fact for trial in TRIALS.values() if trial.switch in MEASURED}
    assert different.keys() == measured, ran.said
    assert all(row[1] == "as here with the switch" for row in different.values())


def test_the_report_names_the_switch_that_does_what_was_seen(ran: Ran) -> None:
    settled = {trial.switch: ran.rows[trial.fact][2].strip("`") for trial in TRIALS.values() if trial.switch}
    for switch, assignment in settled.items():
        told = Behaviours.parse([assignment])
        assert switch in MEASURED or told == Behaviours(), assignment


def test_it_says_beforehand_what_it_costs(ran: Ran) -> None:
    cost = next(line for line in ran.said.splitlines() if "records at most" in line)
    assert ran.said.index(cost) < ran.said.index("making the stack")
    # 100 records of each trial that has its records answered, at the prices of the list.
    records, read, written = (int(each.replace(",", "")) for each in re.findall(r"([\d,]+) (?:rec|tok|wri)", cost))
    assert records == sum(trial.paid for trial in TRIALS.values())
    usd = re.search(r"at most about ([\d.]+) USD", cost)
    assert usd
    assert float(usd[1]) == pytest.approx((read * 0.0175 + written * 0.07) / 1e6, abs=1e-6)
    assert "USE1-NovaMicro-input-tokens-batch" in cost


def test_what_an_earlier_run_has_left_is_told_and_taken_away(ran: Ran) -> None:
    told = ran.said[: ran.said.index("making the stack")]
    for kind in ("stack", "role"):
        assert f"has left: {kind} {PREFIX}LeftOver" in told
    assert f"has left: bucket {PREFIX.lower()}leftover" in told
    assert "has left: job arn:" in told
    assert "OfOthers" not in ran.said
    assert "Elsewhere" not in ran.said


def test_nothing_is_left_and_nothing_of_others_is_touched(ran: Ran, suite: Suite) -> None:
    assert ran.after == ran.before
    assert suite.clients["s3"].list_objects_v2(Bucket=f"{PREFIX}OfOthers".lower())["KeyCount"] == 1


def test_no_fixture_tells_of_the_account(ran: Ran, suite: Suite) -> None:
    texts = {file.name: file.read_text() for file in ran.fixtures.iterdir()}
    assert len(texts) == len(TRIALS) + 1
    now = datetime.now(UTC)
    words = {*suite.identifiers, PREFIX.lower(), f"{now:%Y-%m-%d}", f"{now:%b} {now.day}, {now.year}"}
    found = {name: [word for word in words if word in text] for name, text in texts.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_a_fixture_has_what_was_asked_and_answered_on_the_wire(ran: Ran) -> None:
    found = ran.fixture("few-records")
    create, *gets = found["exchanges"]
    assert create["request"]["inputDataConfig"]["s3InputDataConfig"]["s3Uri"].endswith("/input/few.jsonl")
    assert create["answer"] == {"jobArn": gets[0]["request"]["jobIdentifier"]}
    assert gets[-1]["answer"]["status"] == "Failed"
    assert [each for each in pairwise(gets) if each[0] == each[1]] == []
    stop = ran.fixture("stop-of-an-ended-job")["exchanges"][-1]
    assert (stop["operation"], stop["status"], stop["error"]) == ("StopModelInvocationJob", 400, "ValidationException")


def test_a_fixture_has_the_events_and_the_results_of_its_own_jobs(ran: Ran) -> None:
    found = ran.fixture("events")
    arn = found["exchanges"][0]["answer"]["jobArn"]
    assert [event["detail"]["status"] for event in found["events"]] == ["Submitted", "Validating", "Failed"]
    assert {event["detail"]["batchJobArn"] for event in found["events"]} == {arn}
    output = ran.fixture("mixed")["output"]
    assert output["manifest"]["errorRecordCount"] == 1
    assert sorted(next(iter(line.keys() & {"error", "modelOutput"})) for line in output["lines"]) == [
        "error",
        "modelOutput",
    ]
