"""`bedrock-batch list`: which jobs there are."""

import json
from pathlib import Path

from tests.toolkit_cli.jobs.conftest import World, id_of


def test_jobs_are_listed_newest_first(world: World, done: str, failed: str, tmp_path: Path) -> None:
    answer = world.command("list", "--name-contains", "job", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    head, *rows = answer.stdout.splitlines()
    assert head.split() == ["ID", "STATUS", "SUBMITTED", "TOOK", "MODEL", "NAME"]
    ids = [row.split()[0] for row in rows]
    listed = world.aws.bedrock.list_model_invocation_jobs(nameContains="job")["invocationJobSummaries"]
    assert ids == [id_of(job["jobArn"]) for job in listed]
    assert {id_of(done), id_of(failed)} <= set(ids)


def test_the_filters_are_those_of_the_api(world: World, done: str, failed: str, tmp_path: Path) -> None:
    answer = world.command("list", "--status", "Failed", "--json", folder=tmp_path)
    found = {job["jobArn"] for job in json.loads(answer.stdout)}
    assert failed in found
    assert done not in found
    later = world.command("list", "--submit-time-after", "2126-01-01", folder=tmp_path)
    assert (later.returncode, later.stdout, later.stderr) == (0, "", "no jobs\n")
    wrong = world.command("list", "--submit-time-after", "yesterday", folder=tmp_path)
    assert wrong.returncode == 2
    assert "must be a time such as 2026-11-23" in wrong.stderr
