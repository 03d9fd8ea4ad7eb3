"""What Step Functions is asked of executions, as botocore knows its answers."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import Stubber

from batch_inference_pipeline.machines import StepFunctions

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:Nightly:monday"


@pytest.fixture
def states() -> Iterator[tuple[StepFunctions, Stubber]]:
    client = boto3.client("stepfunctions", region_name="us-east-1")
    with Stubber(client) as stubber:
        yield StepFunctions(client, "arn:aws:states:us-east-1:123456789012:stateMachine:Looks", "watch"), stubber
        stubber.assert_no_pending_responses()


def test_an_execution_that_is_gone_neither_runs_nor_goes_on(states: tuple[StepFunctions, Stubber]) -> None:
    machines, stubber = states
    for _ in range(2):
        stubber.add_client_error("describe_execution", "ExecutionDoesNotExist")
    assert not machines.is_running(EXECUTION)
    assert machines.redrives(EXECUTION) == 0


def test_another_refusal_is_no_answer(states: tuple[StepFunctions, Stubber]) -> None:
    machines, stubber = states
    stubber.add_client_error("describe_execution", "AccessDeniedException")
    with pytest.raises(stubber.client.exceptions.ClientError, match="AccessDeniedException"):
        machines.redrives(EXECUTION)
