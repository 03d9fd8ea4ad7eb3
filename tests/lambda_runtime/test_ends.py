"""A process that ends before its time: at import, by itself, by Lambda. The fault matrix's worker says the same."""

import shutil
from pathlib import Path

import pytest

from tests.faults.aws import Aws
from tests.faults.function import Function
from tests.faults.other_functions import serving_stacks

from .conftest import JOB, Start

INDEX = "model_invocation_job.index"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("import no_such_module", f"Unable to import module '{INDEX}': No module named 'no_such_module'"),
        ("raise ValueError('broken')", "broken"),
        ("no Python", f"Syntax error in module '{INDEX}': invalid syntax (lifecycle.py, line 1)"),
        ("import os; os._exit(3)", "status 3"),
    ],
)
def test_a_broken_asset_is_reported_and_the_last_word_answers(
    aws: Aws, start: Start, tmp_path: Path, line: str, error: str
) -> None:
    asset = tmp_path / "asset"
    shutil.copytree(aws.function.asset, asset)
    (asset / "model_invocation_job" / "provision" / "lifecycle.py").write_text(line)
    # Of the same asset, yet what is broken there does not concern it.
    last_word = start(aws.last_word, asset=asset)
    function = start(asset=asset, on_failure=last_word)
    stack = aws.stack()
    with serving_stacks(aws, function):
        # The Delete of the roll back meets the same function.
        assert stack.deploy(JOB) == "ROLLBACK_FAILED"
    assert "ended 3 times without an answer" in stack.reasons[0]
    assert error in stack.reasons[0]
    assert [each.error for each in last_word.invocations] == [None, None]
    create, delete = (event["RequestId"] for event in aws.cloudformation.requests)
    ids = [answer["PhysicalResourceId"] for each in (create, delete) for answer in aws.endpoint.answers(each)]
    assert ids == [f"Job-{create}"] * 2
    worker = Function(asset, function.handler, function.variables)
    assert worker.invoke({}).error == function.invocations[0].error
    worker.close()


@pytest.mark.parametrize(
    ("breaks", "error"),
    [
        ("raise SystemExit(1)", "Runtime.ExitError: status 1"),
        ("import os; os._exit(3)", "Runtime.ExitError: status 3"),
    ],
)
def test_a_handler_that_exits_leaves_no_job_behind(
    aws: Aws, start: Start, start_sabotaged: Start, breaks: str, error: str
) -> None:
    """After the job was made: an exit that Python knows of is answered at once, any other by the last word."""
    function = start_sabotaged(
        f"def attributes(*_):\n    {breaks}\nindex.attributes = attributes", on_failure=start(aws.last_word)
    )
    stack = aws.stack()
    with serving_stacks(aws, function):
        assert stack.deploy(JOB) == "ROLLBACK_COMPLETE", stack.reasons
    assert function.invocations[0].error == error
    assert aws.bedrock.statuses == ["Stopped"]


@pytest.mark.parametrize(
    ("breaks", "reason"),
    [
        ("import time; time.sleep(600)", "The function ran out of time"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "Task timed out after 6.00 seconds"),
    ],
    ids=["slow", "frozen"],
)
def test_a_function_that_does_not_end_is_killed_and_answered_for(
    aws: Aws, start: Start, start_sabotaged: Start, breaks: str, reason: str
) -> None:
    """The function itself answers in time if it can, the last word if not; the next event gets another process."""
    script = f"def parse(*_):\n    {breaks}\nindex.parse = parse"
    function = start_sabotaged(script, on_failure=start(aws.last_word), timeout=6, retry_delays=())
    stack = aws.stack()
    with serving_stacks(aws, function):
        assert stack.deploy(JOB) == "ROLLBACK_COMPLETE", stack.reasons
    assert reason in stack.reasons[0]
    create, delete = function.invocations
    assert (create.error, delete.error) == ("Sandbox.Timedout: Task timed out after 6.00 seconds", None)
    assert not create.environment.alive
    assert create.environment is not delete.environment


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (
            "index.handler = lambda *_: object()",
            "Runtime.MarshalError: Unable to marshal response: Object of type object is not JSON serializable",
        ),
        ("def handler(*_):\n    raise ValueError('broken')\nindex.handler = handler", "ValueError: broken"),
        ("def handler(*_):\n    raise SystemExit(1)\nindex.handler = handler", "Runtime.ExitError: status 1"),
    ],
)
def test_the_fault_matrix_s_worker_reports_what_the_client_reports(
    start_sabotaged: Start, script: str, error: str
) -> None:
    function = start_sabotaged(script)
    worker = Function(function.asset, function.handler, function.variables)
    assert function.invoke({}).error == error
    assert worker.invoke({}).error == error
    worker.close()
