"""What the function runs in: it breaks, starves, is late, or has neither time, credentials nor a log."""

import json
import shutil
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .function import Function
from .other_functions import function_of, serving_stacks
from .replies import after, before, refused

CREATE, GET, LIST, STOP = (f"{verb}ModelInvocationJob" for verb in ("Create", "Get", "List", "Stop"))
LIST += "s"


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("model_invocation_job/provision/lifecycle.py", "import no_such_module"),
        ("model_invocation_job/provision/lifecycle.py", "import os; os._exit(1)"),
        ("crhelper/__init__.py", "import no_such_module"),
        ("botocore.py", "import no_such_module"),
    ],
)
def test_L01_a_function_that_cannot_be_imported_is_answered_for(aws: Aws, tmp_path: Path, file: str, line: str) -> None:
    """After three deliveries the other function answers FAILED, with the id of before; nothing has been made."""
    asset = tmp_path / "asset"
    shutil.copytree(aws.function.asset, asset)
    (asset / file).write_text(line)
    # Of the same asset, yet what is broken there does not concern it.
    last_word = Function(asset, aws.last_word.handler, aws.function.variables)
    broken = Function(asset, aws.function.handler, aws.function.variables, on_failure=last_word)
    stack = aws.stack()
    with serving_stacks(aws, broken):
        # The Delete of the roll back meets the same function: CloudFormation tells, it does not wait.
        assert stack.deploy({"Job": properties()}) == "ROLLBACK_FAILED"
    broken.close()
    last_word.close()
    assert "ended 3 times without an answer" in stack.reasons[0]
    create, delete = (event["RequestId"] for event in aws.cloudformation.requests)
    ids = [answer["PhysicalResourceId"] for each in (create, delete) for answer in aws.endpoint.answers(each)]
    assert ids == [f"Job-{create}"] * 2
    assert not aws.front.calls


SABOTAGE = """
def attributes(*_):
    {}
index.attributes = attributes
"""


@pytest.mark.parametrize(
    "breaks", ["raise SystemExit(1)", "raise KeyboardInterrupt", "raise MemoryError", "attributes()"]
)
def test_L02_a_handler_that_breaks_after_the_job_was_made_names_it(aws: Aws, tmp_path: Path, breaks: str) -> None:
    """An exit, an interrupt, no memory, no stack: FAILED with the job's ARN, so that the Delete stops it."""
    with function_of(aws, tmp_path, "sabotaged", {"SABOTAGE": SABOTAGE.format(breaks)}) as function:
        with serving_stacks(aws, function):
            stack = aws.stack()
            assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
            failed = aws.cloudformation.requests[1]
        (job,) = aws.bedrock.jobs
        assert failed["PhysicalResourceId"] == job.arn
        assert job.status == Status.STOPPED


@pytest.mark.parametrize("operation", [LIST, CREATE, GET])
@pytest.mark.parametrize("when", [before, after], ids=["before", "after"])
def test_L03_a_process_that_is_killed_at_any_moment_is_repeated(aws: Aws, operation: str, when: Any) -> None:
    """Out of memory before or after any call: the next delivery answers for the one job."""
    aws.front.meet(operation, when(aws.function.kill))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert [each.error for each in aws.function.invocations] == ["killed", None]
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert len(aws.bedrock.jobs) == 1


class LateFunction:
    """A function that Lambda throttles: its next event arrives so many of its seconds later."""

    def __init__(self, function: Function, seconds: float) -> None:
        self.function, self.seconds, self.speed = function, seconds, function.speed
        self.timers: list[Timer] = []

    def deliver(self, event: Any) -> None:
        seconds, self.seconds = self.seconds, 0
        self.timers.append(Timer(seconds / self.speed, self.function.deliver, (event,)))
        self.timers[-1].start()


def test_L04_an_event_that_is_late_is_answered(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack has waited."""
    monkeypatch.setattr(aws.cloudformation, "function", LateFunction(aws.function, 20))
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"


def test_L04_an_event_that_is_too_late_leaves_no_job(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack is gone when the Create arrives: what it makes is stopped, and its answer is for nobody."""
    late = LateFunction(aws.function, 60)
    monkeypatch.setattr(aws.cloudformation, "function", late)
    aws.cloudformation.service_timeout = 20
    assert aws.stack().deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    for timer in late.timers:
        timer.join()
    aws.function.settle()
    assert [each.event["RequestType"] for each in aws.function.invocations][:2] == ["Delete", "Create"]
    assert not aws.bedrock.live


@pytest.mark.parametrize("seconds", [1, 0.3])
def test_L05_a_function_without_time_asks_for_no_job(aws: Aws, seconds: float) -> None:
    """FAILED at once."""
    aws.function.timeout, aws.function.speed = seconds, 1
    event = aws.cloudformation.event("Create", aws.stack().id, "Job", ResourceProperties=properties())
    assert aws.cloudformation.send(event).status == "FAILED"
    aws.function.settle()
    assert aws.function.invocations[0].error is None
    assert not aws.front.of(CREATE)


def test_L05_what_takes_no_time_is_done_in_the_last_seconds(aws: Aws) -> None:
    """A Delete with nothing to stop succeeds."""

    def delete() -> str:
        fields = {"PhysicalResourceId": "None", "ResourceProperties": properties()}
        answer = aws.cloudformation.send(aws.cloudformation.event("Delete", aws.stack().id, "Job", **fields))
        aws.function.settle()
        return answer.status

    assert delete() == "SUCCESS"
    aws.function.timeout, aws.function.speed = 6, 1
    assert delete() == "SUCCESS"


def test_L06_a_wrong_clock_is_reported(aws: Aws) -> None:
    """Every signature has expired: FAILED in the service's words, and no job."""
    words = "Signature expired: 20261123T120000Z is now earlier than 20261123T124500Z"
    for operation in (CREATE, GET, LIST):
        aws.front.always(operation, refused("InvalidSignatureException", words, 403))
    event = aws.cloudformation.event("Create", aws.stack().id, "Job", ResourceProperties=properties())
    answer = aws.cloudformation.send(event)
    assert answer.status == "FAILED"
    assert words in answer.reason
    assert not aws.bedrock.jobs


def test_L07_missing_credentials_are_reported(aws: Aws) -> None:
    """FAILED, and the reason says that there are none."""
    aws.function.redeploy(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    event = aws.cloudformation.event("Create", aws.stack().id, "Job", ResourceProperties=properties())
    answer = aws.cloudformation.send(event)
    assert answer.status == "FAILED"
    assert "credentials" in answer.reason


def test_L07_expired_credentials_are_reported_and_kept_secret(aws: Aws) -> None:
    """FAILED in the service's words; neither the key nor the session's token is told."""
    secrets = {"AWS_SECRET_ACCESS_KEY": "canary-key", "AWS_SESSION_TOKEN": "canary-token"}
    aws.function.redeploy(**secrets)
    for operation in (CREATE, GET, LIST):
        words = "The security token included in the request is expired"
        aws.front.always(operation, refused("ExpiredTokenException", words, 403))
    event = aws.cloudformation.event("Create", aws.stack().id, "Job", ResourceProperties=properties())
    assert "expired" in aws.cloudformation.send(event).reason
    told = aws.function.log + json.dumps([put.body.decode() for put in aws.endpoint.puts])
    assert not [secret for secret in secrets.values() if secret in told]
