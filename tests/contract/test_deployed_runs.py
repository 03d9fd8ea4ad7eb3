"""What the construct and the function have to agree on so that a deployment begins a pipeline's run."""

from pathlib import Path

import pytest

from cdk_bedrock_batch._function import properties
from cdk_bedrock_batch._pipeline import state_machine
from model_invocation_job.requests import resource_types
from model_invocation_job.requests.run_request import parse_run
from model_invocation_job.runs.run import name_of

_IDS = {
    "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/1",
    "LogicalResourceId": "Run",
    "RequestId": "1",
}
_CALL = properties.JobCall(model_id="model", role_arn="arn:role", input_uri="s3://in/", output_uri="s3://out/")
_MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"


def test_the_resource_is_called_the_same() -> None:
    assert properties.RUN_TYPE == resource_types.RUN


@pytest.mark.parametrize("concurrent", [True, False])
def test_what_is_rendered_is_read(concurrent: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    rendered = properties.render_run(_CALL, "Stack-Run", _MACHINE, "function", "token", concurrent=concurrent)
    request = parse_run(_IDS, rendered)
    assert (request.machine, request.jobs_function, request.asked.run_token) == (_MACHINE, "function", "token")
    assert request.concurrent == concurrent
    assert request.asked.parameters == properties.render_call(_CALL)


def test_executions_are_named_as_the_functions_policy_has_it() -> None:
    request = parse_run(_IDS, properties.render_run(_CALL, "Stack-Run", _MACHINE, "function", None, concurrent=False))
    allowed = name_of(request).split("-")[0] + "-*"
    assert f":{allowed}" in Path(str(state_machine.__file__)).read_text(encoding="utf-8")
