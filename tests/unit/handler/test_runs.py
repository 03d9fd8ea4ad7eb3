"""A pipeline's run and its deployments: one for each content, however often CloudFormation asks."""

import io
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from model_invocation_job.errors import NotYetPermittedError, RunError
from model_invocation_job.runs.executions import STOPPED, Execution, StepFunctionsExecutions

from .deployed_run import RUN, DeployedRun, arn, properties
from .room import REQUEST


def test_a_request_that_is_delivered_again_begins_no_other_run(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    assert deployed.answer["Data"] == {"Run": first}
    for status in ("RUNNING", "SUCCEEDED", "FAILED"):
        deployed.becomes(first, status)
        assert deployed.create("1") == first
        assert deployed.answer["Status"] == "SUCCESS"
    assert deployed.executions.of("start") == [first]


def test_what_does_not_decide_the_results_is_the_same_content(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    again = properties("1", timeoutDurationInHours="48", modelInvocationType="InvokeModel", roleArn="arn:another")
    deployed.function.send(
        RequestType="Update",
        ResourceType=RUN,
        PhysicalResourceId=arn(first),
        ResourceProperties=again,
        OldResourceProperties=properties("1"),
    )
    assert deployed.answer["PhysicalResourceId"] == arn(first)
    assert deployed.executions.calls == [("start", first)]


def test_other_content_stops_the_run_and_its_jobs_and_begins_another(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    assert deployed.executions.calls[1:] == [("stop", first), ("stop_jobs", first), ("start", second)]
    deployed.delete("1", first)
    assert deployed.status(second) == "RUNNING"
    assert deployed.status(first) == "ABORTED"


def test_going_back_to_content_whose_run_failed_says_what_to_do(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    deployed.becomes(first, "FAILED", "BadInputError")
    second = deployed.update("2", "1", first)
    deployed.becomes(second, "SUCCEEDED")
    deployed.update("1", "2", second)
    assert deployed.answer["Status"] == "FAILED"
    assert f"as {first}, and that is FAILED BadInputError: give another 'run_token'" in deployed.answer["Reason"]


def test_a_run_that_somebody_else_began_is_not_in_the_way_where_several_may_go_on(deployed: DeployedRun) -> None:
    deployed.becomes("by-hand", "RUNNING")
    deployed.more = {"ConcurrentRuns": "true"}
    first = deployed.create("1")
    assert deployed.answer["Status"] == "SUCCESS"
    assert (deployed.status(first), deployed.status("by-hand")) == ("RUNNING", "RUNNING")


def test_a_run_that_was_stopped_too_long_ago_to_go_on_is_as_one_that_failed(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    deployed.executions.known[arn(first)] = Execution("ABORTED", STOPPED, is_redrivable=False)
    deployed.update("1", "2", second)
    assert "ABORTED StoppedByDeployment: give another 'run_token'" in deployed.answer["Reason"]
    # Nor does a roll-back fail of it.
    third = deployed.update("3", "2", second)
    deployed.executions.known[arn(second)] = Execution("ABORTED", STOPPED, is_redrivable=False)
    assert deployed.update("2", "3", third, back=True) == second
    assert deployed.answer["Status"] == "SUCCESS"
    assert deployed.executions.of("redrive") == []


@pytest.mark.parametrize(
    ("status", "redrive", "can_go_on"),
    [("ABORTED", "REDRIVABLE", True), ("ABORTED", "NOT_REDRIVABLE", False), ("RUNNING", "NOT_REDRIVABLE", False)],
)
def test_step_functions_tells_what_can_be_redriven(status: str, redrive: str, can_go_on: bool) -> None:  # noqa: FBT001 (a table)
    told = {"status": status, "error": STOPPED, "redriveStatus": redrive}
    client = SimpleNamespace(describe_execution=lambda **_: told)
    found = StepFunctionsExecutions(client, dict).get("arn")
    assert found
    assert (found.status, found.can_go_on) == (status, can_go_on)


def test_a_run_that_somebody_else_began_is_in_the_way_of_a_deployment_and_not_of_a_roll_back(
    deployed: DeployedRun,
) -> None:
    first = deployed.create("1")
    deployed.becomes(first, "ABORTED", STOPPED)
    deployed.becomes("by-hand", "RUNNING")
    deployed.update("2", "1", first)
    assert "the run by-hand of this pipeline goes on" in deployed.answer["Reason"]
    assert deployed.update("1", "2", first, back=True) == first
    assert deployed.answer["Status"] == "SUCCESS"
    assert deployed.status("by-hand") == "RUNNING"
    assert "redrive" not in dict(deployed.executions.calls)


def test_what_nobody_waits_for_any_more_begins_no_run(deployed: DeployedRun) -> None:
    deployed.function.stacks.status = "DELETE_COMPLETE"
    deployed.create("1")
    assert deployed.executions.calls == []
    assert "CloudFormation had given up on the run" in deployed.answer["Reason"]


def test_a_run_that_nobody_waits_for_when_it_has_begun_is_stopped(
    deployed: DeployedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Delete was there in between, and has seen no run."""
    start = deployed.executions.start

    def late(machine: str, name: str) -> None:
        start(machine, name)
        deployed.function.stacks.status = "DELETE_COMPLETE"

    monkeypatch.setattr(deployed.executions, "start", late)
    deployed.create("1")
    assert [call for call, _ in deployed.executions.calls] == ["start", "stop", "stop_jobs"]


def test_another_stack_or_resource_has_another_run(deployed: DeployedRun) -> None:
    """Its output may be the same, where nothing of two runs must be mixed."""
    first = deployed.create("1")
    for changed in ({"LogicalResourceId": "Other"}, {"StackId": REQUEST.stack_id.replace("stack/", "stack/Other")}):
        given = {"RequestType": "Create", "ResourceType": RUN, "ResourceProperties": properties("1")}
        deployed.executions.known.clear()
        deployed.function.send(**given, **changed)
        assert deployed.answer["Data"]["Run"] != first


def test_a_delete_leaves_a_run_that_succeeded_alone(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    deployed.becomes(first, "SUCCEEDED")
    deployed.delete("1", first)
    assert deployed.executions.calls == [("start", first)]


def test_a_right_that_is_seconds_old_is_waited_for(deployed: DeployedRun) -> None:
    deployed.executions.refusals["start"] = [NotYetPermittedError("not yet")] * 3
    assert deployed.status(deployed.create("1")) == "RUNNING"


def test_a_delete_stops_jobs_that_were_being_asked_for(deployed: DeployedRun) -> None:
    """Of one of them nothing is seen at first."""
    first = deployed.create("1")
    deployed.executions.unseen = [1, 1]
    deployed.delete("1", first)
    assert deployed.executions.of("stop_jobs") == [first] * 3
    # A function that was killed in between has asked for none.
    deployed.executions.unseen = [1] * 1000
    deployed.delete("1", first)
    assert deployed.answer["Status"] == "SUCCESS"


def test_a_delete_whose_jobs_cannot_be_stopped_fails(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    deployed.executions.refusals["stop_jobs"] = [RunError("the jobs of the run cannot be stopped: no ledger")]
    deployed.delete("1", first)
    assert (deployed.answer["Status"], deployed.answer["Reason"][-9:]) == ("FAILED", "no ledger")


def test_a_delete_of_a_create_that_failed_stops_what_that_began(deployed: DeployedRun) -> None:
    """Its answer was another id: the function died when the run had begun."""
    first = deployed.create("1")
    deployed.delete("1", "Resource-request")
    assert deployed.status(first) == "ABORTED"


def test_a_delete_of_what_cannot_be_read_succeeds(deployed: DeployedRun) -> None:
    deployed.function.send(RequestType="Delete", ResourceType=RUN, PhysicalResourceId="x", ResourceProperties={})
    assert deployed.answer["Status"] == "SUCCESS"


class Functions:
    """A client of Lambda's whose function answers something."""

    def __init__(self, payload: object, **more: str) -> None:
        self._answer = {"Payload": io.BytesIO(json.dumps(payload).encode()), **more}
        self.sent: dict[str, Any] = {}

    def invoke(self, **call: str) -> Mapping[str, Any]:
        assert call["FunctionName"] == "jobs"
        self.sent = json.loads(call["Payload"])
        return self._answer


def test_the_pipelines_function_stops_jobs_as_if_it_were_told_by_an_event() -> None:
    functions = Functions({"Unseen": 2})
    assert StepFunctionsExecutions(None, lambda: functions).stop_jobs(arn("deployed-1"), "jobs") == 2
    assert functions.sent["source"] == "aws.states"
    assert functions.sent["detail"] == {"executionArn": arn("deployed-1"), "name": "deployed-1", "status": "ABORTED"}


def test_a_function_that_fails_is_told_in_a_sentence() -> None:
    functions = Functions({"errorMessage": "no ledger", "errorType": "ClientError"}, FunctionError="Unhandled")
    with pytest.raises(RunError, match="the jobs of the run deployed-1 cannot be stopped: no ledger"):
        StepFunctionsExecutions(None, lambda: functions).stop_jobs(arn("deployed-1"), "jobs")
