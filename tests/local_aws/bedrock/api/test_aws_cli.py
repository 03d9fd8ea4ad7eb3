"""The AWS CLI as a client."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bedrock_local.environment import aws_settings, isolated
from tests.local_aws.conftest import JOBS_ARN, MODEL_ARN, LocalAws

AWS = Path(sys.executable).with_name("aws")


def run(aws: LocalAws, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = isolated(os.environ, aws_settings(aws.url, aws.secret))
    command = [AWS, "bedrock", *arguments, "--output", "json"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def say(aws: LocalAws, *arguments: str) -> Any:
    done = run(aws, *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def test_a_job_is_created_listed_described_tagged_and_stopped(idle_aws: LocalAws) -> None:
    request = idle_aws.request(tags=[{"key": "team", "value": "blue"}])
    arn = say(idle_aws, "create-model-invocation-job", "--cli-input-json", json.dumps(request))["jobArn"]
    assert arn.startswith(JOBS_ARN.removesuffix("*"))
    (found,) = say(
        idle_aws,
        *("list-model-invocation-jobs", "--name-contains", request["jobName"], "--status-equals", "Submitted"),
        *("--submit-time-after", "2026-01-01T00:00:00Z", "--sort-order", "Ascending", "--page-size", "1"),
    )["invocationJobSummaries"]
    job = say(idle_aws, "get-model-invocation-job", "--job-identifier", arn)
    assert found["jobArn"] == job["jobArn"] == arn
    assert (job["status"], job["modelId"], job["timeoutDurationInHours"]) == ("Submitted", MODEL_ARN, 24)
    say(idle_aws, "tag-resource", "--resource-arn", arn, "--tags", "key=cost,value=1")
    say(idle_aws, "untag-resource", "--resource-arn", arn, "--tag-keys", "team")
    assert say(idle_aws, "list-tags-for-resource", "--resource-arn", arn) == {"tags": [{"key": "cost", "value": "1"}]}
    assert say(idle_aws, "stop-model-invocation-job", "--job-identifier", arn) is None
    assert idle_aws.end(arn)["status"] == "Stopped"


def test_an_error_comes_with_its_name_and_words(idle_aws: LocalAws) -> None:
    failed = run(idle_aws, "stop-model-invocation-job", "--job-identifier", "abcdefghwxyz")
    assert failed.returncode
    assert "(ResourceNotFoundException)" in failed.stderr
    assert "The provided batch inference job was not found." in failed.stderr
