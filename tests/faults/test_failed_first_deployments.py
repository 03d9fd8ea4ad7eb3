"""Delete: what a first deployment that failed has made goes, as far as it holds nothing of the user's."""

import json
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .replies import THROTTLED, refused
from .stack import Stack

TARGET = "input/0123/prompts.jsonl"
DENIED = refused("AccessDenied", "User is not authorized to perform this", 403)
SLOW_DOWN = refused("SlowDown", "Please reduce your request rate.", 503)
BUCKETS = {"Input": "input", "Output": "output"}
PLACES = {
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{TARGET}", "s3InputFormat": "JSONL"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://output/folder/"}},
}
NOTHING, STAGED = {"assets": ["prompts.jsonl"]}, {"assets": ["prompts.jsonl"], "input": ["0123/prompts.jsonl"]}


def wish(aws: Aws, **others: Any) -> dict[str, Any]:
    aws.s3.put("assets/prompts.jsonl", b"{}")
    staged = {"Source": "s3://assets/prompts.jsonl", "Target": f"s3://{TARGET}"}
    return {"Job": {**properties(**PLACES), "StagedInput": [staged], "OwnBuckets": list(BUCKETS), **others}}


def with_buckets(aws: Aws) -> Stack:
    """A stack that has made its buckets, and has yet to make its job."""
    stack = aws.stack()
    for logical_id, name in BUCKETS.items():
        aws.cloudformation.note(stack.id, logical_id, "CREATE_COMPLETE", name)
    return stack


def told(aws: Aws) -> dict[str, Any]:
    """The last answer."""
    answer: dict[str, Any] = json.loads(aws.endpoint.puts[-1].body)
    return answer


def test_D26_what_was_staged_goes_and_the_buckets_with_it(aws: Aws) -> None:
    """The job fails its validation; no bucket is left."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED))
    assert with_buckets(aws).deploy(wish(aws)) == "ROLLBACK_COMPLETE"
    assert aws.s3.left == NOTHING


def test_D26_a_bucket_with_results_is_kept_and_named(aws: Aws) -> None:
    """Another resource fails when the job has written something: that bucket stays, and the answer tells its name."""
    stack = with_buckets(aws)
    aws.s3.put("output/folder/results.jsonl.out", b"{}")
    assert stack.deploy(wish(aws), sibling_fails_last=True) == "ROLLBACK_COMPLETE"
    assert aws.s3.left == {**NOTHING, "output": ["folder/results.jsonl.out"]}
    assert "holds more than was put there for the job: s3://output" in told(aws)["Reason"]


def test_D26_a_job_that_is_still_stopping_keeps_its_buckets(aws: Aws) -> None:
    """It may write for a while: nothing of it is removed, and the answer names both."""
    aws.bedrock.life = Life(stops=False)
    stack = with_buckets(aws)
    aws.function.speed = 100
    assert stack.deploy(wish(aws), sibling_fails_last=True) == "ROLLBACK_COMPLETE"
    assert aws.s3.left == {**STAGED, "output": []}
    assert told(aws)["Reason"].count("a job uses it") == 2


def test_D26_a_job_of_another_stack_keeps_the_bucket_that_it_uses(aws: Aws) -> None:
    """Whoever asked for it, and also before it has written anything."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED))
    aws.bedrock.foreign_job("somebody-else", **PLACES)
    stack = with_buckets(aws)
    assert stack.deploy(wish(aws)) == "ROLLBACK_COMPLETE"
    assert "output" in aws.s3.left


@pytest.mark.parametrize("operation", ["ListObjectVersions", "DeleteObjects", "DeleteBucket"])
@pytest.mark.parametrize("refusal", [DENIED, SLOW_DOWN])
def test_D27_what_is_refused_stays_and_the_roll_back_succeeds(aws: Aws, operation: str, refusal: Any) -> None:
    """Denied or throttled for ever: the bucket is kept, and the stack is not."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED))
    aws.function.speed = 100
    aws.front.always(operation, refusal)
    assert with_buckets(aws).deploy(wish(aws)) == "ROLLBACK_COMPLETE"
    assert "input" in aws.s3.left


def test_D27_where_the_jobs_that_run_cannot_be_listed_the_buckets_stay(aws: Aws) -> None:
    """One of them may use them."""
    stack = with_buckets(aws)
    assert stack.deploy(wish(aws), sibling_fails_last=True, rollback=False) == "CREATE_FAILED"
    aws.function.speed = 100
    aws.front.always("ListModelInvocationJobs", THROTTLED)
    assert stack.roll_back() == "ROLLBACK_COMPLETE"
    assert aws.s3.left == {**STAGED, "output": []}
    assert "it is not known which jobs use them: s3://input, s3://output" in told(aws)["Reason"]


def test_D27_where_the_stack_cannot_be_seen_the_buckets_stay(aws: Aws) -> None:
    """Nobody knows then whether they are new."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED))
    aws.front.always("DescribeStacks", DENIED)
    assert with_buckets(aws).deploy(wish(aws)) == "ROLLBACK_COMPLETE"
    assert aws.s3.left == {**STAGED, "output": []}


def test_D27_the_event_comes_again_when_all_is_gone(aws: Aws) -> None:
    """The same is answered once more."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED))
    stack = with_buckets(aws)
    assert stack.deploy(wish(aws)) == "ROLLBACK_COMPLETE"
    stack.status = aws.cloudformation.stacks[stack.id] = "ROLLBACK_IN_PROGRESS"
    aws.function.invoke(aws.cloudformation.requests[-1])
    assert told(aws)["Status"] == "SUCCESS"
    assert "kept" not in told(aws).get("Reason", "")
    assert aws.s3.left == NOTHING


def test_D28_a_deleted_stack_leaves_its_buckets(aws: Aws) -> None:
    """With all that is in them: they are retained."""
    stack = with_buckets(aws)
    assert stack.deploy(wish(aws)) == "CREATE_COMPLETE"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert aws.s3.left == {**STAGED, "output": []}


def test_D28_an_update_that_fails_leaves_its_buckets(aws: Aws) -> None:
    """Both jobs read the same records, and the one of before has yet to write."""
    stack = with_buckets(aws)
    template = wish(aws)
    assert stack.deploy(template) == "CREATE_COMPLETE"
    changed = {"Job": {**template["Job"], "RunToken": "2"}}
    assert stack.deploy(changed, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert aws.s3.left == {**STAGED, "output": []}


def test_D28_a_job_that_outlives_its_stack_keeps_its_buckets(aws: Aws) -> None:
    """With 'stop_on_delete' off a job that runs is left alone, and all that it reads and writes."""
    stack = with_buckets(aws)
    assert stack.deploy(wish(aws, StopOnDelete=False), sibling_fails_last=True) == "ROLLBACK_COMPLETE"
    assert aws.s3.left == {**STAGED, "output": []}
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.COMPLETED)
