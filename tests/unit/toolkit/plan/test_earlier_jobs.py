"""What an earlier deployment has paid for is found as the function finds it."""

from pathlib import Path
from typing import Any

import pytest

from bedrock_batch.plan.specification import Identity, specification
from bedrock_batch.plan.template.expressions import evaluate
from bedrock_batch.plan.template.known import Text, Value
from bedrock_batch.plan.template.side import Side

from .account import ACCOUNT, JOB, REGION, STACK_ID, Account, arn_of, changed, golden, job

PLACE = {"AWS::Partition": "aws", "AWS::AccountId": ACCOUNT, "AWS::Region": REGION}


def identity(template: dict[str, Any], stack_id: str = STACK_ID, **more: Value) -> Identity:
    physical = {name: f"p-{name.lower()}" for name in template["Resources"]}
    found = evaluate(job(template), Side(template, {}, PLACE, physical))
    assert isinstance(found, dict)
    return Identity.of(stack_id, JOB, {**specification(found, ACCOUNT), **more})


EARLIER = golden()
LONGER = changed(EARLIER, lambda template: job(template)["Job"].update(timeoutDurationInHours=48))
OTHER = changed(EARLIER, lambda template: job(template)["Job"].update(modelId="amazon.nova-pro-v1:0"))


def made_for(template: dict[str, Any], status: str, **more: Any) -> dict[str, Any]:
    known = identity(template)
    token = f"{known.owner}-{known.specification}-{'0' * 32}"
    return {"jobName": f"x-{known.wish}-00000000", "status": status, "clientRequestToken": token, **more}


@pytest.mark.parametrize(
    ("earlier", "action"),
    [
        (made_for(EARLIER, "Completed"), "adopted"),
        (made_for(EARLIER, "InProgress"), "adopted"),
        (made_for(EARLIER, "Completed", clientRequestToken=""), "adopted"),
        # It runs with another timeout; when it has completed, that says nothing.
        (made_for(LONGER, "InProgress"), "runs"),
        (made_for(LONGER, "Completed"), "adopted"),
        (made_for(EARLIER, "Failed"), "runs"),
        (made_for(EARLIER, "Stopping"), "runs"),
        (made_for(EARLIER, "PartiallyCompleted"), "runs"),
        (made_for(EARLIER, "Completed", clientRequestToken="somebody-else's"), "runs"),
        (made_for(EARLIER, "Completed", jobName="another"), "runs"),
    ],
)
def test_the_version_of_before_is_taken_if_it_is_of_use(tmp_path: Path, earlier: dict[str, Any], action: str) -> None:
    account = Account(OTHER, jobs={arn_of("earlierearli"): earlier})
    (planned,) = account.plan(tmp_path, EARLIER).jobs
    assert planned.action == action
    assert ("job earlierearli of an earlier deployment is" in planned.reason) == (action == "adopted")
    # The one of now is stopped either way.
    assert planned.before_is == "stopped"


def test_what_was_removed_from_a_stack_and_comes_back_is_taken(tmp_path: Path) -> None:
    without = changed(EARLIER, lambda template: template["Resources"].pop(JOB))
    account = Account(without, jobs={arn_of("earlierearli"): made_for(EARLIER, "Completed")})
    (planned,) = account.plan(tmp_path, EARLIER).jobs
    assert (planned.action, planned.before_is) == ("adopted", None)


def test_a_role_that_is_made_again_is_no_reason_to_pay_again(tmp_path: Path) -> None:
    role = "NumbersJobRoleEE9FA914"
    without = changed(EARLIER, lambda template: (template["Resources"].pop(JOB), template["Resources"].pop(role)))
    for status, action in (("Completed", "adopted"), ("InProgress", "runs")):
        account = Account(without, jobs={arn_of("earlierearli"): made_for(EARLIER, status)})
        (planned,) = account.plan(tmp_path, EARLIER).jobs
        assert planned.action == action


def test_of_what_is_not_known_no_earlier_job_is_found(tmp_path: Path) -> None:
    """A bucket that is to be made has no name yet, so no job can have read it."""
    named = changed(
        EARLIER,
        lambda template: template["Resources"]["BedrockBatchInput2BE83EE4"]["Properties"].update(BucketName="b"),
    )
    account = Account(OTHER, jobs={arn_of("earlierearli"): made_for(EARLIER, "Completed")})
    (planned,) = account.plan(tmp_path, named).jobs
    assert planned.action == "runs"


AWAITED = golden("wait_for_results")
NAME = "TranslationsD5917FCF"
GIVEN = {
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://mine/in.jsonl"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://mine/out/"}},
}


@pytest.mark.parametrize(
    ("status", "tags", "places", "action"),
    [
        ("InProgress", ["cdk-bedrock-batch:left-running"], GIVEN, "adopted"),
        ("InProgress", [], GIVEN, "runs"),
        ("Completed", ["cdk-bedrock-batch:left-running"], GIVEN, "adopted"),
        # Of a job that is over, Bedrock may show no tags.
        ("Completed", [], GIVEN, "cannot tell"),
        ("Failed", [], GIVEN, "runs"),
        # The buckets of a new stack are new.
        ("InProgress", ["cdk-bedrock-batch:left-running"], {}, "runs"),
    ],
)
def test_a_new_stack_takes_what_an_earlier_one_left_running(
    tmp_path: Path, status: str, tags: list[str], places: dict[str, Any], action: str
) -> None:
    template = changed(AWAITED, lambda found: job(found, NAME)["Job"].update(places))
    role = Text.of("arn:aws:iam::111122223333:role/earlier")
    found = evaluate(
        job(changed(template, lambda each: job(each, NAME)["Job"].update(GIVEN)), NAME), Side({}, {}, {}, {})
    )
    assert isinstance(found, dict)
    known = Identity.of("earlier", NAME, {**specification(found, ACCOUNT), "roleArn": role})
    left = {
        "jobName": f"{job(template, NAME)['JobNamePrefix']}-{known.wish}-00000000",
        "status": status,
        "roleArn": role.value,
        "clientRequestToken": f"{known.owner}-{known.specification}-{'0' * 32}",
        "tags": [{"key": key, "value": "Stack"} for key in tags],
    }
    (planned,) = Account(jobs={arn_of("earlierearli"): left}).plan(tmp_path, template).jobs
    assert planned.action == action
