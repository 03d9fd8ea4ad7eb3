"""Which change of a stack runs a job, and which does not: on templates of the examples, changed by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .account import JOB, Account, Template, arn_of, changed, golden, job

INPUT, ROLE, FUNCTION = "BedrockBatchInput2BE83EE4", "NumbersJobRoleEE9FA914", "BedrockBatchProviderFunction79399CB2"


def properties(resource: str, **given: Any) -> Callable[[Template], object]:
    return lambda template: template["Resources"][resource]["Properties"].update(given)


def of_job(**given: Any) -> Callable[[Template], object]:
    return lambda template: job(template).update(given)


def call(**given: Any) -> Callable[[Template], object]:
    return lambda template: job(template)["Job"].update(given)


def other_records(template: Template) -> None:
    uri = job(template)["Job"]["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]["Fn::Join"][1]
    uri[2] = uri[2].replace("2ce2178b", "99999999")


def renamed(template: Template) -> None:
    template["Resources"]["Other12345678"] = template["Resources"].pop(JOB)


def moved_bucket(template: Template) -> None:
    text = str(job(template)["Job"]).replace(INPUT, "Mine")
    template["Resources"]["Mine"] = template["Resources"][INPUT]
    job(template)["Job"] = eval(text)  # noqa: S307 - written here


TAGGED = of_job(Tags=[{"key": "team", "value": "blue"}])
#: A change, the status of the job, what is planned, and because of what.
TABLE: list[tuple[Callable[[Template], object], str, str, str]] = [
    (lambda _: None, "InProgress", "nothing", ""),
    (TAGGED, "InProgress", "in place", "tags none -> team=blue"),
    (
        of_job(JobNamePrefix="nightly-01d30104"),
        "InProgress",
        "in place",
        "job_name Minimal-Numbers-",
    ),
    (of_job(WaitUntil="SUBMITTED", StopOnDelete=False), "InProgress", "in place", "stop_on_delete true -> false"),
    (call(modelId="amazon.nova-pro-v1:0"), "InProgress", "runs", "model amazon.nova-lite-v1:0 -> amazon.nova-pro-v1:0"),
    (call(modelId="amazon.nova-pro-v1:0"), "Completed", "runs", "model amazon.nova-lite-v1:0 -> amazon.nova-pro-v1:0"),
    (other_records, "InProgress", "runs", "input_data …/2ce2178b…/… -> …/99999999…/…"),
    (of_job(RunToken="2"), "Completed", "runs", "run_token none -> 2"),
    (of_job(RunToken=""), "InProgress", "nothing", ""),
    (of_job(OwnBuckets=[]), "InProgress", "in place", ""),
    (call(modelInvocationType="Converse"), "InProgress", "runs", "invocation_type none -> Converse"),
    (call(modelInvocationType="InvokeModel"), "InProgress", "nothing", ""),
    (call(timeoutDurationInHours="24"), "InProgress", "nothing", ""),
    (call(timeoutDurationInHours=48), "InProgress", "runs", "timeout none -> 48"),
    (call(timeoutDurationInHours=48), "Failed", "runs", "timeout none -> 48"),
    (call(timeoutDurationInHours=48), "Completed", "in place", "timeout none -> 48"),
    (call(timeoutDurationInHours=48), "gone", "in place", "timeout none -> 48"),
    (call(vpcConfig={"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}), "InProgress", "runs", "vpc none -> "),
    (call(roleArn="arn:aws:iam::111122223333:role/Mine"), "InProgress", "runs", "role …/p-numbersjobrole"),
    # As it stands there, in other words.
    (call(roleArn=f"arn:aws:iam::111122223333:role/p-{ROLE.lower()}"), "InProgress", "nothing", ""),
    (call(roleArn={"Fn::Sub": f"${{{ROLE}.Arn}}"}), "InProgress", "nothing", ""),
    (properties(FUNCTION, Code={"S3Key": "another.zip"}), "InProgress", "nothing", ""),
    (properties(INPUT, LifecycleConfiguration={"Rules": []}), "InProgress", "nothing", ""),
    (properties(INPUT, BucketName="named"), "InProgress", "runs", "input_data …/p-bedrockbatchinput"),
    (properties(ROLE, Path="/batch/"), "InProgress", "runs", "role "),
    (properties(ROLE, Path="/batch/"), "Completed", "in place", "role "),
    (properties(ROLE, Description="of the job"), "InProgress", "nothing", ""),
    (moved_bucket, "InProgress", "runs", "input_data "),
]


@pytest.mark.parametrize(("change", "status", "action", "because"), TABLE)
def test_a_change_does_to_a_job_what_is_planned(
    tmp_path: Path, change: Callable[[Template], object], status: str, action: str, because: str
) -> None:
    (planned,) = Account(golden(), status=status).plan(tmp_path, changed(golden(), change)).jobs
    assert planned.action == action
    told = "; ".join(map(str, planned.changes))
    assert because in told if because else not told, told
    replaced = action == "runs" and status == "InProgress"
    assert planned.before_is == ("stopped" if replaced else "over" if action == "runs" else None)


def test_a_tag_on_all_of_an_app_is_a_tag(tmp_path: Path) -> None:
    def tagged(template: Template) -> None:
        for resource in template["Resources"].values():
            resource.setdefault("Properties", {})["Tags"] = [{"Key": "team", "Value": "blue"}]

    there = golden("encrypted_in_vpc")
    (planned,) = Account(there).plan(tmp_path, changed(there, tagged)).jobs
    assert planned.action == "in place"
    assert [change.property for change in planned.changes] == ["tags"]


def test_a_resource_that_is_another_one_is_named(tmp_path: Path) -> None:
    (planned,) = Account(golden()).plan(tmp_path, changed(golden(), properties(INPUT, BucketName="named"))).jobs
    assert planned.reason == f"{INPUT} is another one, for its BucketName is"


def test_a_job_that_failed_stays_so_and_it_is_said_how_to_run_it_again(tmp_path: Path) -> None:
    (planned,) = Account(golden(), status="Failed").plan(tmp_path, golden()).jobs
    assert (planned.action, planned.reason) == (
        "nothing",
        "it is Failed, and is not run again: another run_token does so",
    )


def test_that_objects_of_a_bucket_may_have_changed_is_said_where_nothing_is_done(tmp_path: Path) -> None:
    def reads_a_bucket(template: dict[str, Any]) -> None:
        del job(template)["StagedInput"]

    there = changed(golden(), reads_a_bucket)
    (planned,) = Account(there, status="Completed").plan(tmp_path, there).jobs
    assert planned.action == "nothing"
    assert planned.reason.endswith("is not looked at: another run_token runs it again")
    (planned,) = Account(golden(), status="Completed").plan(tmp_path, golden()).jobs
    assert planned.reason == ""


def test_a_rename_is_two_lines_of_which_one_is_paid(tmp_path: Path) -> None:
    new, old = Account(golden()).plan(tmp_path, changed(golden(), renamed)).jobs
    assert (new.logical_id, new.action, old.logical_id, old.action) == ("Other12345678", "runs", JOB, "stopped")
    assert "it reads what Minimal/Numbers does, which goes" in new.reason


def test_a_token_of_the_users_makes_one_job_only(tmp_path: Path) -> None:
    given = changed(golden(), call(clientRequestToken="mine"))
    (planned,) = Account(given).plan(tmp_path, changed(given, other_records)).jobs
    assert (planned.action, planned.reason) == (
        "fails",
        "client_request_token stays mine, of which Bedrock makes one job only: change it as well",
    )
    (planned,) = Account(given).plan(tmp_path, changed(given, call(clientRequestToken="yours", modelId="m"))).jobs
    assert planned.action == "runs"
    (planned,) = Account().plan(tmp_path, given).jobs
    assert planned.reason.endswith("if the client_request_token mine was used before, the deployment fails")


@pytest.mark.parametrize(
    ("given", "status", "action", "becomes"),
    [
        ({}, "InProgress", "stopped", "stopped"),
        ({}, "Completed", "goes", "over"),
        ({}, "gone", "goes", "over"),
        ({"StopOnDelete": False}, "InProgress", "goes", "goes on"),
        ({"DeletionPolicy": "Retain"}, "InProgress", "goes", "goes on"),
        ({"DeletionPolicy": "Delete"}, "InProgress", "stopped", "stopped"),
    ],
)
def test_a_job_whose_stack_is_destroyed(
    tmp_path: Path, given: dict[str, Any], status: str, action: str, becomes: str
) -> None:
    there = changed(golden(), of_job(**given))
    if policy := given.get("DeletionPolicy"):
        there["Resources"][JOB]["DeletionPolicy"] = policy
    (planned,) = Account(there, status=status).plan(tmp_path, there, destroy=True).jobs
    assert (planned.action, planned.before_is) == (action, becomes)
    assert planned.reason.endswith("deployed again, it is run and paid again")


def test_a_stack_that_is_protected_is_not_destroyed(tmp_path: Path) -> None:
    account = Account(golden(), is_protected=True)
    (planned,) = account.plan(tmp_path, golden(), destroy=True).jobs
    assert planned.action == "fails"
    assert planned.reason.startswith("the stack has termination protection")
    (planned,) = account.plan(tmp_path, golden()).jobs
    assert planned.action == "nothing"


def test_a_job_that_was_left_running_on_purpose_is_not_stopped(tmp_path: Path) -> None:
    awaited = golden("wait_for_results")
    tags = [{"key": "cdk-bedrock-batch:left-running", "value": "Stack"}]
    left = {"jobName": "x", "status": "InProgress", "tags": tags}
    (planned,) = Account(awaited, jobs={arn_of(): left}).plan(tmp_path, awaited, destroy=True).jobs
    assert planned.action == "goes"
    (planned,) = Account(awaited).plan(tmp_path, awaited, destroy=True).jobs
    assert planned.action == "stopped"
