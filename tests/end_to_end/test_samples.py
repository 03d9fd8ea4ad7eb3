"""What is shown works: the CDK CLI deploys all samples and examples, and their jobs do what the text says."""

import json
import os
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from bedrock_local.running import RunningAws

from . import samples
from .conftest import REPOSITORY, Deployments
from .gallery import World
from .jobs import Jobs, objects, recognised
from .waits import eventually

JOB, BUCKET, FUNCTION = "Custom::BedrockModelInvocationJob", "AWS::S3::Bucket", "AWS::Lambda::Function"
#: Those that name buckets, roles and accounts which stand for the reader's.
_ELSEWHERE = {"other_account", "from_cli_json"}
EXAMPLES = {
    f"Example{path.stem.title().replace('_', '')}": path
    for path in sorted((REPOSITORY / "examples").glob("*.py"))
    if "App()" in path.read_text(encoding="utf-8") and path.stem not in _ELSEWHERE
}
_SECONDS = 500


@pytest.fixture(scope="module")
def shown(bootstrapped: RunningAws, world: World, tmp_path_factory: pytest.TempPathFactory) -> Deployments:
    """All of them, deployed side by side, each as a stack of its own."""
    folder, before = tmp_path_factory.mktemp("samples"), Path.cwd()
    found = samples.prepare(world, folder)
    deployments = Deployments(bootstrapped, folder, _SECONDS)
    # The samples read files of the folder that they are run in.
    os.chdir(folder)
    try:
        deployments.deploy_app(lambda app: build(app, found), name="*", options=["--concurrency", "6"])
    finally:
        os.chdir(before)
    return deployments


def build(app: App, found: dict[str, str]) -> None:
    samples.build(app, found)
    for name, path in EXAMPLES.items():
        (made,) = (each for key, each in runpy.run_path(str(path)).items() if key.endswith("Stack") and key != "Stack")
        made(app, name)


@pytest.mark.parametrize("name", [*samples.samples(), *EXAMPLES])
def test_every_job_that_is_shown_completes(shown: Deployments, jobs: Jobs, name: str) -> None:
    arns = shown.resources(name, JOB).values()
    if code := samples.samples().get(name):
        assert len(arns) == code.count("ModelInvocationJob(self") + code.count("from_cli_input_json(")
    for arn in arns:
        job = jobs.ended(arn)
        assert job["status"] == "Completed", job.get("message")


def the(shown: Deployments, stack: str, kind: str, beginning: str = "") -> str:
    (found,) = (each for name, each in shown.resources(stack, kind).items() if name.startswith(beginning))
    return found


@pytest.mark.parametrize("stack", ["Readme2", "ExampleLargerStack"])
def test_a_job_in_a_larger_stack_reads_the_records_that_its_deployment_brings(
    shown: Deployments, aws: RunningAws, jobs: Jobs, stack: str
) -> None:
    arn = the(shown, stack, JOB)
    assert jobs.ended(arn)["jobName"].startswith("summaries-")
    results = f"s3://{the(shown, stack, BUCKET, 'Summaries')}/2026-11/{arn.rpartition('/')[2]}/"
    assert len(recognised(objects(aws.client("s3"), results)["articles.jsonl.out"])) == 100


def test_a_function_reads_the_results_when_the_job_has_completed(shown: Deployments, aws: RunningAws) -> None:
    name = "ExampleReadResults"
    bucket = the(shown, name, BUCKET, "TitlesOfAll")
    written = eventually(lambda: objects(aws.client("s3"), f"s3://{bucket}/"))
    titles = json.loads(written[f"{the(shown, name, JOB).rpartition('/')[2]}.json"])
    assert set(titles) == {f"chapter-{number}" for number in range(1, 101)}
    assert "chapter 7 of a travel story" in titles["chapter-7"]


def test_a_function_on_the_page_finds_the_manifest_of_the_job_in_the_event(shown: Deployments, aws: RunningAws) -> None:
    (name,) = (name for name, code in samples.samples().items() if '"Counted"' in code)
    group = f"/aws/lambda/{the(shown, name, FUNCTION, 'Counter')}"
    client = aws.client("logs")
    eventually(
        lambda: [
            event
            for page in client.get_paginator("filter_log_events").paginate(logGroupName=group)
            for event in page["events"]
            if "answered: 100" in event["message"]
        ]
    )


def test_a_pipeline_on_the_page_runs_when_it_is_deployed(shown: Deployments, aws: RunningAws) -> None:
    (name,) = (name for name, code in samples.samples().items() if ".on_deploy(" in code)
    run = the(shown, name, "Custom::BedrockBatchInferenceRun")
    states = aws.client("stepfunctions")
    ended = eventually(lambda: _unless_running(states.describe_execution(executionArn=run)))
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    assert json.loads(ended["output"])["Succeeded"] == 100


def _unless_running(execution: Mapping[str, Any]) -> Mapping[str, Any]:
    return {} if execution["status"] == "RUNNING" else execution
