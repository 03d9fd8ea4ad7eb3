"""What Athena tells of the results: each record of a run once, by its newest success, else by its last error."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.running import RunningAws
from tests.unit.pipeline.one_run import OneRun, answered, failed
from tests.unit.pipeline.results.athena import Athena, view

ROOT = Path(__file__).parents[4]
DOCS = (ROOT / "docs" / "results.md").read_text(encoding="utf-8").partition("## Results of a pipeline in Athena")[2]
DOCS = DOCS.partition("\n## ")[0]
ANSWERS, ERRORS = re.findall(r"^```sql\n(.*?)^```", DOCS, re.DOTALL | re.MULTILINE)
TYPES = {"VARCHAR": "varchar", "BOOLEAN": "boolean", "INTEGER": "integer"}
IN_HIVE = {"varchar": "string", "boolean": "boolean", "integer": "int"}


@pytest.fixture
def athena(tmp_path: Path) -> Athena:
    return Athena(tmp_path)


def asked(number: int) -> bytes:
    body = {"messages": [{"role": "user", "content": [{"text": f"Say {number}"}]}]}
    return json.dumps({"recordId": f"r{number}", "modelInput": body}).encode() + b"\n"


@pytest.fixture
def real(run: OneRun, aws: RunningAws, athena: Athena) -> tuple[Athena, list[str]]:
    """The results of two jobs of the local Bedrock, and their ids: half of the first one's records failed."""
    first = run.shard(*(asked(number) for number in range(200)))
    with aws.faults.fail_records(0.5, 503, "Busy"):
        jobs = [run.real_job(first)]
    told = [json.loads(line) for line in run.lines_below(run.places.results) if b'"recordId"' in line]
    again = [int(each["recordId"][1:]) for each in told if "error" in each]
    jobs.append(run.real_job(run.shard(*map(asked, again), name="000002-001", round=2)))
    run.copy_to(athena.folder / "results" / "monday", run.places.results)
    return athena, [job.id for job in jobs]


def test_a_record_that_failed_in_one_job_and_was_answered_by_the_next_succeeded(real: tuple[Athena, list[str]]) -> None:
    athena, jobs = real
    files = {file.name for file in athena.folder.rglob("*.out")}
    assert files == {"000001-001.jsonl.out", "000002-001.jsonl.out", "manifest.json.out"}
    found = athena.results
    assert set(found) == {f"r{number}" for number in range(200)}
    assert all(row["succeeded"] and row["error_code"] is None for row in found.values())
    assert sorted(row["job_id"] for row in found.values()) == sorted(jobs * 100)
    assert [json.loads(found["r7"]["line"])[name] for name in ("recordId", "modelInput")] == [
        "r7",
        json.loads(asked(7))["modelInput"],
    ]


def test_the_documented_query_gives_the_answers(real: tuple[Athena, list[str]]) -> None:
    athena, _ = real
    found = {row["record_id"]: row["text"] for row in athena.ask(ANSWERS)}
    assert len(found) == 200
    assert "Say 7" in found["r7"]


def test_the_documented_query_counts_the_errors(athena: Athena) -> None:
    athena.write("a", answered("1"), failed("2"), failed("3", 429, "slow down"), failed("4"), failed("5"))
    athena.write("b", answered("5"), at=1)
    athena.write("a", failed("6", 500), run="tuesday")
    assert athena.ask(ERRORS) == [
        {"error_code": 400, "error_message": "no", "records": 2},
        {"error_code": 429, "error_message": "slow down", "records": 1},
    ]


@pytest.mark.parametrize(("older", "newer"), [("aaaaaaaaaaaa", "zzzzzzzzzzzz"), ("zzzzzzzzzzzz", "aaaaaaaaaaaa")])
def test_the_newest_counts_whatever_the_ids_of_the_jobs_are(athena: Athena, older: str, newer: str) -> None:
    athena.write(older, answered("both", "old"), failed("none", 429, "old"), answered("first"), failed("then"), at=1)
    athena.write(newer, answered("both", "new"), failed("none", 400, "new"), failed("first"), answered("then"), at=2)
    found = athena.results
    assert {name: (row["succeeded"], row["job_id"]) for name, row in found.items()} == {
        "both": (True, newer),
        "none": (False, newer),
        "first": (True, older),
        "then": (True, newer),
    }
    assert (found["none"]["error_code"], found["none"]["error_message"]) == (400, "new")


def test_what_was_answered_on_demand_is_told_from_what_a_job_answered(athena: Athena) -> None:
    athena.write("abcdefghijkl", failed("a", 503))
    athena.write("on-demand", answered("a"), at=1, name="000001.jsonl.out")
    found = athena.results["a"]
    assert (found["succeeded"], found["job_id"]) == (True, "on-demand")
    assert found["file"] == "s3://bucket/results/monday/on-demand/000001.jsonl.out"


def test_each_run_has_its_own_rows(athena: Athena) -> None:
    athena.write("a", answered("1"))
    athena.write("b", failed("1"), run="tuesday", at=1)
    found = athena.ask("SELECT run, succeeded FROM results ORDER BY run")
    assert found == [{"run": "monday", "succeeded": True}, {"run": "tuesday", "succeeded": False}]


def test_what_is_no_result_is_no_row_and_stops_nothing(athena: Athena) -> None:
    athena.write("a", answered("1"), b"\n", answered("torn")[:-9] + b"\n", b"[]\n", b"7\n", b"no JSON\n", answered("2"))
    athena.write("a", json.dumps({"totalRecordCount": 3}, indent=2).encode(), name="manifest.json.out")
    assert set(athena.results) == {"1", "2"}


def test_a_record_without_an_answer_or_with_an_error_beside_it_has_not_succeeded(athena: Athena) -> None:
    both = answered("4").replace(b'"recordId"', b'"error":{"errorCode":"500"},"recordId"')
    odd = b'{"recordId":"1"}\n{"recordId":"2","modelOutput":null}\n'
    athena.write("a", odd, failed("3", None, "no number"), both)
    found = athena.results
    assert [found[name]["succeeded"] for name in "1234"] == [False] * 4
    assert [found[name]["error_code"] for name in "1234"] == [None, None, None, 500]
    assert found["3"]["error_message"] == "no number"


def test_the_line_is_as_the_service_wrote_it(athena: Athena) -> None:
    line = b'{"modelOutput":{"n":9007199254740993.10,"a":1,"A":2,"a":3,"s" : "\\/"},"recordId":"1"}'
    athena.write("a", line)
    assert athena.results["1"]["line"].encode() == line


def test_the_view_has_the_columns_that_the_catalog_and_the_documentation_say(athena: Athena) -> None:
    athena.write("a", answered("1"))
    described: list[dict[str, Any]] = athena.ask("DESCRIBE results")
    columns = {each["column_name"]: TYPES[each["column_type"]] for each in described}
    assert {each["name"]: each["type"] for each in view()["Definition"]["columns"]} == columns
    in_hive = {name: IN_HIVE[kind] for name, kind in columns.items()}
    assert {each["Name"]: each["Type"] for each in view()["StorageDescriptor"]["Columns"]} == in_hive
    assert re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE) == list(columns)
