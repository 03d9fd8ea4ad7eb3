"""`bedrock-batch retry`: what deserves another try, and the job that tries it."""

import json
from pathlib import Path
from typing import Any

from tests.local_aws.conftest import records
from tests.toolkit_cli.jobs.conftest import World, id_of


def job(world: World, arn: str) -> dict[str, Any]:
    told: dict[str, Any] = world.aws.bedrock.get_model_invocation_job(jobIdentifier=arn)
    return told


def test_exactly_the_records_of_a_passing_cause_are_written(world: World, tmp_path: Path) -> None:
    with world.faults.fail_records(0.5, 429, "slow down", job_name="throttled"):
        arn = world.run("in/", jobName="throttled")
    answer = world.command("retry", arn, "--output", "again.jsonl", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    errors = {}
    for name in ("a.jsonl", "deep/b.jsonl"):
        for line in world.aws.answers(world.bucket, arn, name):
            errors[json.dumps(line["modelInput"], sort_keys=True)] = line.get("error", {}).get("errorCode")
    lines = [
        line
        for key in ("in/a.jsonl", "in/deep/b.jsonl")
        for line in world.aws.read(world.bucket, key).splitlines(keepends=True)
        if errors[json.dumps(json.loads(line)["modelInput"], sort_keys=True)] == 429
    ]
    assert len(lines) == job(world, arn)["errorRecordCount"] - (400 in errors.values())
    assert (tmp_path / "again.jsonl").read_bytes() == b"".join(lines)
    assert f"again.jsonl: {len(lines)} records (0 never reached, {len(lines)} failed)\n" == answer.stdout


def test_a_cause_that_does_not_pass_takes_all(world: World, mixed: str, tmp_path: Path) -> None:
    answer = world.command("retry", mixed, folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (0, "")
    assert "there is no record to try again\n1 more record failed for a cause that does not pass" in answer.stderr
    assert list(tmp_path.iterdir()) == []
    every = world.command("retry", mixed, "--all", folder=tmp_path)
    assert every.returncode == 0
    assert json.loads((tmp_path / f"{id_of(mixed)}-retry.jsonl").read_text())["recordId"] == "odd"


def test_submit_creates_one_job_with_the_same_settings(world: World, tmp_path: Path) -> None:
    world.put("lost.jsonl", records(150))
    world.faults.hold("Scheduled", "lost-job")
    arn = world.start("lost.jsonl", jobName="lost-job", timeoutDurationInHours=48, modelInvocationType="Converse")
    world.aws.reach(arn, {"Scheduled"})
    world.aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    world.faults.clear()
    first, old = (world.command("retry", "lost-job", "--submit", "--json", folder=tmp_path), world.aws.end(arn))
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert (told["records"], told["missing"], told["failed"]) == (150, 150, 0)
    new = world.aws.end(told["job"]["jobArn"])
    assert (new["status"], new["successRecordCount"]) == ("Completed", 150)
    kept = ("roleArn", "modelId", "outputDataConfig", "timeoutDurationInHours", "modelInvocationType")
    assert {name: new[name] for name in kept} == {name: old[name] for name in kept}
    assert new["jobName"].startswith("lost-job-retry-")
    second = world.command("retry", "lost-job", "--submit", folder=tmp_path)
    assert second.returncode == 0, second.stderr
    assert f"not created again: it is Completed, retry that one if need be: {new['jobArn']}" in second.stdout
    named = world.aws.bedrock.list_model_invocation_jobs(nameContains="lost-job-retry")["invocationJobSummaries"]
    assert [each["jobArn"] for each in named] == [new["jobArn"]]


def test_too_few_records_are_not_submitted(world: World, failed: str, tmp_path: Path) -> None:
    answer = world.command("retry", failed, "--submit", folder=tmp_path)
    assert answer.returncode == 2
    assert "3 of the at least 100 records that a job needs, so none was created; they are in" in answer.stderr
    assert "aws bedrock-runtime invoke-model" in answer.stderr
    assert (tmp_path / f"{id_of(failed)}-retry.jsonl").read_bytes() == records(3)
    wrong = world.command("retry", failed, "--submit", "--limit", "min_records_per_job=0", folder=tmp_path)
    assert wrong.returncode == 2
    assert "must give min_records_per_job a whole number of at least 1, got" in wrong.stderr


def test_records_with_media_are_not_torn_from_them(world: World, tmp_path: Path) -> None:
    source = {"s3Location": {"uri": f"s3://{world.bucket}/media/cat.png"}}
    body = {"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": source}}]}]}
    lines = b"".join(json.dumps({"recordId": f"cat-{n}", "modelInput": body}).encode() + b"\n" for n in range(100))
    world.put("media/in.jsonl", lines)
    world.put("media/cat.png", b"\x89PNG")
    with world.faults.fail_records(1.0, 429, "slow down", job_name="media-job"):
        arn = world.run("media/", jobName="media-job")
    for more in [], ["--input-uri", f"s3://{world.bucket}/media/again.jsonl"]:
        answer = world.command("retry", arn, "--submit", *more, folder=tmp_path)
        assert answer.returncode == 2
        assert "refer to files in S3, which the service finds in the folder of the input only" in answer.stderr
    assert (tmp_path / f"{id_of(arn)}-retry.jsonl").read_bytes() == lines
    jobs = world.aws.bedrock.list_model_invocation_jobs(nameContains="media-job")["invocationJobSummaries"]
    assert [each["jobArn"] for each in jobs] == [arn]


def test_the_records_can_go_into_a_pipe(world: World, failed: str, tmp_path: Path) -> None:
    answer = world.command("retry", failed, "--output", "-", folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (0, records(3).decode())
    assert answer.stderr.endswith("standard output: 3 records (3 never reached, 0 failed)\n")
    assert list(tmp_path.iterdir()) == []
