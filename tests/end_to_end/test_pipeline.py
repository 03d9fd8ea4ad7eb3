"""A dataset that is more than one job takes: each record is answered, none twice, and never too many jobs run."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.running import RunningAws

from .jobs import ENDED, objects
from .killed import killed
from .pipelines import PLACES, Pipeline, files, ids, most_at_once
from .stacks import Stacks
from .waits import eventually


@pytest.fixture(scope="module")
def pipeline(stacks: Stacks) -> Pipeline:
    return Pipeline.deploy(stacks, "Pipeline", tags={"team": "search"}, results_table=True)


@pytest.fixture(autouse=True)
def fresh(pipeline: Pipeline, aws: RunningAws) -> None:
    pipeline.clear()
    aws.faults.clear()


def test_whatever_goes_wrong_each_record_is_answered_once(pipeline: Pipeline, aws: RunningAws, tmp_path: Path) -> None:
    """Thirty shards at a quota of five: two whose records fail, one throttled, one whose answer is lost, one killed.

    It is aborted with five jobs running, and redriven. Paid for are each shard, what was stopped, and what had failed.
    """
    pipeline.put(files(30, 120))
    disturb(aws)
    held = aws.faults.hold("InProgress", job_name="-r1-000001-02")
    before = len(pipeline.jobs)
    with killed(pipeline, "-000001-005-", tmp_path / "killed"):
        execution = pipeline.start("everything")
        eventually(lambda: live(pipeline, PLACES, "InProgress", "-r1-000001-02"))
        pipeline.states.stop_execution(executionArn=execution)
        jobs = eventually(lambda: all_ended(pipeline.jobs[before:]))
    assert Counter(job["status"] for job in jobs) == {"Completed": 19, "Stopped": 5}
    assert (tmp_path / "killed").read_text() in [job["jobArn"] for job in jobs]
    # What was killed was asked again at once.
    assert "FAILED" not in {child["status"] for child in pipeline.children(execution)}

    held.remove()
    pipeline.states.redrive_execution(executionArn=execution)
    ended = pipeline.ended(execution)
    assert ended["status"] == "SUCCEEDED", f"{ended.get('error')}: {ended.get('cause')}"
    told = json.loads(ended["output"])
    assert pipeline.answered("everything") == ids(30, 120)
    assert (told["Records"], told["Succeeded"], told["Unanswered"]) == (3600, 3600, 0)
    jobs = pipeline.jobs[before:]
    assert len({job["jobName"] for job in jobs}) == len(jobs) == 30 + 5 + 2
    assert most_at_once(jobs) <= PLACES
    # Who looked at the run before was done when it was stopped.
    assert any(name.endswith("-redrive-1") for name in pipeline.looks)


def test_its_tags_are_those_of_its_jobs(pipeline: Pipeline, aws: RunningAws) -> None:
    pipeline.put(files(1))
    pipeline.run("tagged")
    jobs = [pipeline.jobs[-1]["jobArn"]]
    (found,) = aws.client("resourcegroupstaggingapi").get_resources(ResourceARNList=jobs)["ResourceTagMappingList"]
    assert found["Tags"] == [{"Key": "team", "Value": "search"}]


def test_the_catalog_leads_to_the_results_of_a_run(pipeline: Pipeline) -> None:
    pipeline.put(files(1))
    pipeline.run("listed")
    (database,) = (value for name, value in pipeline.deployed.outputs.items() if "DatabaseName" in name)
    found = pipeline.aws.client("glue").get_tables(DatabaseName=database)["TableList"]
    tables = {table["Name"]: table for table in found}
    assert tables["results"]["ViewOriginalText"].startswith("/* Presto View: ")
    place = tables["result_lines"]["Parameters"]["storage.location.template"].replace("${run}", "listed")
    assert pipeline.results("listed").items() <= objects(pipeline.s3, place).items()
    assert pipeline.answered("listed") == ids(1)


def test_a_shard_costs_few_transitions_and_invocations(pipeline: Pipeline) -> None:
    """All that a run needs beside its shards counts as theirs."""
    pipeline.put(files(12))
    before = pipeline.invocations
    execution = pipeline.start("counted")
    assert pipeline.ended(execution)["status"] == "SUCCEEDED"
    assert 12 * 3 <= pipeline.transitions(execution) <= 12 * 12
    assert 12 * 3 <= pipeline.invocations - before <= 12 * 4


def test_small_and_large_files_become_shards_that_jobs_take(pipeline: Pipeline) -> None:
    content = files(1, 777) | {f"small{number}.jsonl": each for number, each in enumerate(files(4, 30).values())}
    content["small1.jsonl"] = content["small1.jsonl"].replace(b'"001-', b'"901-')
    pipeline.put(content)
    told = pipeline.run("sizes")
    assert told["Succeeded"] == 777 + 4 * 30
    # The ids of one of the small ones.
    assert told["RepeatedIds"]["Records"] == 30
    counts = Counter(len(lines.splitlines()) for lines in pipeline.results("sizes").values())
    assert min(counts) >= 100
    assert max(counts) <= 200


def test_a_run_is_taken_up_by_a_new_execution_over_the_same_ledger(pipeline: Pipeline, aws: RunningAws) -> None:
    pipeline.put(files(8))
    before = len(pipeline.jobs)
    pipeline.states.stop_execution(executionArn=halfway(pipeline, aws, "resumed"))
    eventually(lambda: all_ended(pipeline.jobs[before:]))
    aws.faults.clear()
    # What came meanwhile is of the next run.
    pipeline.put({"late.jsonl": files(9)["008.jsonl"]})
    pipeline.run("resuming", Run="resumed")
    assert pipeline.answered("resumed") == ids(8)
    assert len(pipeline.jobs) - before == 8 + 5


def halfway(pipeline: Pipeline, aws: RunningAws, name: str) -> str:
    """Begin a run of eight jobs, and let three complete; five run and stay so. Return the execution's ARN."""
    begun = aws.faults.hold("InProgress", job_name="-r1-")
    execution = pipeline.start(name)
    eventually(lambda: [job for job in pipeline.jobs if job["status"] == "InProgress"][PLACES - 1 :])
    running = [job for job in pipeline.jobs if job["status"] == "InProgress"]
    aws.faults.hold("Scheduled", job_name="-r1-")
    for job in running[:2]:
        aws.faults.hold("InProgress", job_name=job["jobName"])
    begun.remove()
    eventually(lambda: [job for job in pipeline.jobs if job["status"] == "Scheduled"][2:])
    return execution


def disturb(aws: RunningAws) -> None:
    for failing in ("001", "027"):
        aws.faults.fail_records(1, 500, job_name=f"-r1-000001-{failing}-a1")
    aws.faults.throttle(2)
    aws.faults.fail("ServiceQuotaExceededException")
    aws.faults.drop_reply()


def live(pipeline: Pipeline, count: int, status: str, name: str) -> list[Mapping[str, Any]]:
    """The jobs of so much of a name that are in a status, if there are so many."""
    found = [job for job in pipeline.jobs if job["status"] == status and name in job["jobName"]]
    return found if len(found) == count else []


def all_ended(jobs: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return jobs if all(job["status"] in ENDED for job in jobs) else []


def test_a_model_that_takes_no_batches_is_told_in_bedrocks_words(pipeline: Pipeline, aws: RunningAws) -> None:
    pipeline.put(files(2))
    text = "Batch inference is not supported for the requested model"
    aws.faults.fail("ValidationException", text, times=2)
    ended = pipeline.ended(pipeline.start("unsupported"))
    assert (ended["status"], ended["error"]) == ("FAILED", "RefusedError")
    assert text in ended["cause"]
    # Cured, it goes on where it was.
    pipeline.run("supported", Run="unsupported")
    assert pipeline.answered("unsupported") == ids(2)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({}, "there is no object with records whose key ends in .jsonl"),
        ({"a.jsonl": b"not JSON\n" * 200}, "a.jsonl"),
        ({"a.jsonl": files(1, 40)["000.jsonl"]}, "100"),
        ({"a.jsonl": files(1)["000.jsonl"] + files(1, 1)["000.jsonl"]}, "000-r0"),
    ],
    ids=["nothing", "no JSON", "too few", "ids twice"],
)
def test_what_no_job_takes_is_told_in_a_sentence_before_a_job_is_paid(
    pipeline: Pipeline, request: pytest.FixtureRequest, content: dict[str, bytes], says: str
) -> None:
    pipeline.put(content)
    before = len(pipeline.jobs)
    ended = pipeline.ended(pipeline.start(f"bad-{request.node.callspec.id.replace(' ', '-')}"))
    assert (ended["status"], ended["error"]) == ("FAILED", "BadInputError")
    assert says in ended["cause"]
    assert "\n" not in ended["cause"]
    assert len(pipeline.jobs) == before
