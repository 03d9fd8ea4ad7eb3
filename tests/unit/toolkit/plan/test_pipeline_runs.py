"""Runs that begin with a deployment: when one begins, goes on, or is no longer asked for."""

from pathlib import Path
from typing import Any

import pytest

from bedrock_batch.plan.specification import Identity, specification
from bedrock_batch.plan.template.expressions import evaluate
from bedrock_batch.plan.template.side import Side

from .account import ACCOUNT, REGION, STACK_ID, Account, Template, changed, golden

MACHINE, RUN = "NightlyStateMachineF28BA435", "NightlyDeployed0123ABCD"
BEFORE = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:Machine:deployed-0"
_CALL = {
    "modelId": "amazon.nova-lite-v1:0",
    "roleArn": "arn:aws:iam::111122223333:role/Nightly",
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://articles/", "s3InputFormat": "JSONL"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://summaries/"}},
}


def pipeline(**given: Any) -> Template:
    """The example of a pipeline, with a run when it is deployed."""
    properties = {"Job": {**_CALL, **given.pop("job", {})}, "StateMachineArn": {"Ref": MACHINE}, **given}
    resource = {"Type": "Custom::BedrockBatchInferenceRun", "Properties": properties}
    return changed(golden("nightly_pipeline"), lambda template: template["Resources"].update({RUN: resource}))


def execution(template: Template) -> str:
    properties = evaluate(template["Resources"][RUN]["Properties"], Side({}, {}, {}, {}))
    assert isinstance(properties, dict)
    run = Identity.of(STACK_ID, RUN, specification(properties, ACCOUNT)).run
    return f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{MACHINE}:{run}"


def planned(folder: Path, there: Template | None, to_be: Template, executions: dict[str, Any], **options: Any) -> Any:
    (found,) = Account(there, executions=executions).plan(folder, to_be, **options).jobs
    assert found.is_run
    return found


NEXT = pipeline(RunToken="2")
MINE = execution(NEXT)


@pytest.mark.parametrize(
    ("to_be", "executions", "action", "reason"),
    [
        (pipeline(), {}, "nothing", ""),
        # What the jobs of the run only need while they run is no other content.
        (pipeline(job={"timeoutDurationInHours": 48}), {}, "nothing", ""),
        (NEXT, {}, "runs", ""),
        (NEXT, {BEFORE: {"status": "RUNNING"}}, "runs", "the run before goes on, and is stopped with its jobs"),
        (NEXT, {MINE: {"status": "SUCCEEDED"}}, "adopted", "of this content is SUCCEEDED, and stands for it"),
        (NEXT, {MINE: {"status": "RUNNING"}}, "adopted", "of this content is RUNNING"),
        (NEXT, {MINE: {"status": "ABORTED", "error": "StoppedByDeployment"}}, "runs", "goes on where a deployment"),
        (
            NEXT,
            {MINE: {"status": "ABORTED", "error": "StoppedByDeployment", "redriveStatus": "NOT_REDRIVABLE"}},
            "fails",
            "which is ABORTED: give another run_token",
        ),
        (NEXT, {MINE: {"status": "FAILED"}}, "fails", "which is FAILED: give another run_token"),
        (NEXT, {f"{MINE}-by-hand": {"status": "RUNNING"}}, "fails", "goes on, and there is one at a time"),
        (NEXT, {MINE: {"status": "SUCCEEDED"}, f"{MINE}-by-hand": {"status": "RUNNING"}}, "adopted", "stands for it"),
        (pipeline(RunToken="2", ConcurrentRuns=True), {f"{MINE}-by-hand": {"status": "RUNNING"}}, "runs", ""),
    ],
)
def test_a_run_begins_when_its_content_is_another_one(
    tmp_path: Path, to_be: Template, executions: dict[str, Any], action: str, reason: str
) -> None:
    found = planned(tmp_path, pipeline(), to_be, executions)
    assert found.action == action
    assert reason in found.reason


def test_a_run_of_a_new_stack_begins(tmp_path: Path) -> None:
    found = planned(tmp_path, None, pipeline(), {})
    assert (found.action, found.reason) == ("runs", "its resource is new")


@pytest.mark.parametrize(("status", "action"), [("RUNNING", "stopped"), ("SUCCEEDED", "goes")])
def test_a_run_whose_stack_is_destroyed(tmp_path: Path, status: str, action: str) -> None:
    found = planned(tmp_path, pipeline(), pipeline(), {BEFORE: {"status": status}}, destroy=True)
    assert found.action == action


def test_another_definition_of_the_machine_is_no_other_run(tmp_path: Path) -> None:
    other = changed(pipeline(), lambda each: each["Resources"][MACHINE]["Properties"].update(DefinitionString="{}"))
    assert planned(tmp_path, pipeline(), other, {}).action == "nothing"
    other["Resources"][MACHINE]["Properties"]["StateMachineName"] = "another"
    assert planned(tmp_path, pipeline(), other, {}).action == "runs"
