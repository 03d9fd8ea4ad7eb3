"""What a row may let Bedrock do otherwise."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .bedrock import Bedrock, Life, job_parameters
from .front import Request


@pytest.fixture
def bedrock() -> Iterator[Bedrock]:
    service = Bedrock()
    yield service
    service.close()


def ask(bedrock: Bedrock, method: str, path: str, **members: Any) -> dict[str, Any]:
    request = Request(method, path, {}, {}, json.dumps(members).encode() if members else b"")
    status, _, body = bedrock.answer(request, bedrock.call(request))
    assert status == 200
    answer: dict[str, Any] = json.loads(body)
    return answer


def create(bedrock: Bedrock) -> str:
    parameters = {**job_parameters("me"), "jobName": "nightly", "clientRequestToken": "token"}
    arn: str = ask(bedrock, "POST", "/model-invocation-job", **parameters)["jobArn"]
    return arn


def end(bedrock: Bedrock) -> tuple[Status, str]:
    bedrock.life = Life((Status.VALIDATING, Status.FAILED), "too few records", pause=0)
    job = bedrock.job(create(bedrock))
    while not job.ended:
        job.stopping.wait(0.01)
    return job.status, job.message


def test_a_job_fails_for_a_while_after_its_role_was_changed(bedrock: Bedrock) -> None:
    bedrock.behave(young_role=60)
    bedrock.role.change()
    status, message = end(bedrock)
    assert status is Status.FAILED
    assert message.startswith("Could not assume provided IAM role. ")


def test_and_lives_its_life_with_an_old_one(bedrock: Bedrock) -> None:
    bedrock.behave(young_role=60)
    assert end(bedrock) == (Status.FAILED, "too few records")


def test_get_may_keep_the_token_and_change_the_uris(bedrock: Bedrock) -> None:
    arn = create(bedrock)
    path = f"/model-invocation-job/{arn}"
    assert ask(bedrock, "GET", path)["clientRequestToken"] == "token"
    bedrock.behave(client_request_token="absent", uris="slash-removed")
    job = ask(bedrock, "GET", path)
    assert "clientRequestToken" not in job
    assert job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"] == "s3://output/me"
