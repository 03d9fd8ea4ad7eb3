"""A command for fifty jobs makes no more clients than one for two: each takes most of a second."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.session import Session

from .in_process import answer_of

ARN = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/"


class Bedrock:
    """A service in which every job has completed, and has no retries."""

    meta = SimpleNamespace(endpoint_url="http://localhost")

    def get_model_invocation_job(self, jobIdentifier: str) -> dict[str, Any]:  # noqa: N803 - the API's name
        job = {"jobArn": jobIdentifier, "jobName": "done", "status": "Completed"}
        return {**job, "submitTime": datetime(2026, 11, 1, tzinfo=UTC), "successRecordCount": 1}

    def stop_model_invocation_job(self, **_: object) -> None:
        pass

    def get_paginator(self, _: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [])


@pytest.mark.parametrize("command", ["status", "watch", "stop --wait"])
def test_clients_do_not_grow_with_the_jobs(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    made = []

    def client(_: object, service: str, **__: object) -> Bedrock:
        made.append(service)
        return Bedrock()

    monkeypatch.setattr(Session, "create_client", client)
    name, *options = command.split()
    counts = []
    for number in (2, 50):
        made.clear()
        jobs = [f"{ARN}{each:012d}" for each in range(number)]
        answer = answer_of(monkeypatch, name, *jobs, "--retries", *options)
        assert answer.code == 0, answer.err
        counts.append(len(made))
    assert counts[0] == counts[1]
