"""`bedrock-batch status`: which job is meant, and all that is known of it."""

import json
from pathlib import Path

import pytest

from tests.toolkit_cli.jobs.conftest import World, id_of


@pytest.mark.parametrize("named", ["arn", "id", "name"])
def test_a_job_is_named_by_arn_id_or_name(world: World, done: str, tmp_path: Path, named: str) -> None:
    reference = {"arn": done, "id": id_of(done), "name": "good-job"}[named]
    answer = world.command("status", reference, "--json", folder=tmp_path)
    told = json.loads(answer.stdout)
    real = world.aws.bedrock.get_model_invocation_job(jobIdentifier=done)
    del real["ResponseMetadata"]
    assert set(told) == set(real)
    assert (told["jobArn"], told["successRecordCount"]) == (done, 120)
    assert told["submitTime"] == real["submitTime"].isoformat().replace("+00:00", "Z")


def test_the_region_of_an_arn_is_the_one_to_ask(world: World, done: str, tmp_path: Path) -> None:
    elsewhere = done.replace(":us-east-1:", ":eu-west-1:")
    answer = world.command("status", elsewhere, folder=tmp_path)
    assert answer.returncode == 2
    assert "in eu-west-1" in answer.stderr


def test_status_tells_counts_message_and_places(world: World, failed: str, tmp_path: Path) -> None:
    answer = world.command("status", failed, folder=tmp_path)
    assert answer.returncode == 0
    assert "message    Batch job contains less records (3) than the required minimum of: 100" in answer.stdout
    assert f"output     s3://{world.bucket}/out/{id_of(failed)}/" in answer.stdout


def test_a_name_that_no_job_has_comes_with_those_that_are_like_it(world: World, done: str, tmp_path: Path) -> None:
    answer = world.command("status", "good", folder=tmp_path)
    assert answer.returncode == 2
    assert answer.stderr.startswith('bedrock-batch: there is no job "good" in us-east-1; jobs with such a name: ')
    assert f"{id_of(done)} (good-job, Completed)" in answer.stderr
    nobody = world.command("status", "no_such/job", folder=tmp_path)
    assert 'there is no job "no_such/job" in us-east-1; bedrock-batch list shows' in nobody.stderr
    missing = world.command("status", folder=tmp_path)
    assert "no job is named" in missing.stderr
