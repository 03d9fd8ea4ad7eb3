"""A stack's life, by the real CDK CLI: each operation of CloudFormation does to the job what its user expects."""

import time
from collections.abc import Callable
from pathlib import Path

from bedrock_local.running import RunningAws

from .conftest import Deployments, app
from .jobs import objects

RecordFile = Callable[..., Path]


def ended(deployments: Deployments, arn: str) -> str:
    for _ in range(240):
        status = deployments.bedrock.get_model_invocation_job(jobIdentifier=arn)["status"]
        if status in ("Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"):
            return str(status)
        time.sleep(0.25)
    raise AssertionError(f"{arn} is still {status}")


def test_a_deployment_ends_with_the_jobs_results(
    deployments: Deployments, aws: RunningAws, record_file: RecordFile
) -> None:
    printed = deployments.deploy(app(record_file()), name="Results")
    arn = deployments.job_arn("Results")
    assert arn in printed
    assert ended(deployments, arn) == "Completed"
    job = deployments.bedrock.get_model_invocation_job(jobIdentifier=arn)
    results = f"{job['outputDataConfig']['s3OutputDataConfig']['s3Uri']}{arn.rpartition('/')[2]}/"
    assert list(objects(aws.client("s3"), results)) == ["manifest.json.out", "prompts.jsonl.out"]


def test_deploying_again_without_a_change_makes_no_job(deployments: Deployments, record_file: RecordFile) -> None:
    build = app(record_file())
    deployments.deploy(build, name="Unchanged")
    assert "no changes" in deployments.deploy(build, name="Unchanged")
    assert len(deployments.jobs("Unchanged")) == 1


def test_a_change_that_is_not_of_the_job_makes_no_job(deployments: Deployments, record_file: RecordFile) -> None:
    path = record_file()
    deployments.deploy(app(path), name="Neutral")
    arn = deployments.job_arn("Neutral")
    deployments.deploy(app(path, stop_on_delete=False), name="Neutral")
    assert deployments.job_arn("Neutral") == arn
    assert list(deployments.jobs("Neutral")) == [arn]


def test_changed_content_makes_a_new_job_and_stops_the_old(
    deployments: Deployments, aws: RunningAws, record_file: RecordFile
) -> None:
    with aws.faults.hold("InProgress", job_name="Changed-"):
        deployments.deploy(app(record_file(text="one")), name="Changed")
        old = deployments.job_arn("Changed")
        deployments.deploy(app(record_file(text="two")), name="Changed")
        new = deployments.job_arn("Changed")
    assert new != old
    assert ended(deployments, old) == "Stopped"
    assert ended(deployments, new) == "Completed"
    assert list(deployments.jobs("Changed")) == [old, new]


def test_another_run_token_runs_the_same_job_again(deployments: Deployments, record_file: RecordFile) -> None:
    path = record_file()
    deployments.deploy(app(path, run_token="1"), name="OnceMore")
    first = deployments.job_arn("OnceMore")
    ended(deployments, first)
    deployments.deploy(app(path, run_token="2"), name="OnceMore")
    assert ended(deployments, deployments.job_arn("OnceMore")) == "Completed"
    assert len(deployments.jobs("OnceMore")) == 2
    # Going back asks for a job that has its results already.
    deployments.deploy(app(path, run_token="1"), name="OnceMore")
    assert deployments.job_arn("OnceMore") == first
    assert len(deployments.jobs("OnceMore")) == 2


def test_destroy_stops_a_live_job(deployments: Deployments, aws: RunningAws, record_file: RecordFile) -> None:
    with aws.faults.hold("InProgress", job_name="Live-"):
        deployments.deploy(app(record_file()), name="Live")
        arn = deployments.job_arn("Live")
        deployments.destroy("Live")
    assert deployments.jobs("Live")[arn] in ("Stopping", "Stopped")


def test_destroy_succeeds_on_a_finished_job_and_keeps_its_results(
    deployments: Deployments, record_file: RecordFile
) -> None:
    deployments.deploy(app(record_file()), name="Finished")
    arn = deployments.job_arn("Finished")
    assert ended(deployments, arn) == "Completed"
    deployments.destroy("Finished")
    assert deployments.jobs("Finished") == {arn: "Completed"}
