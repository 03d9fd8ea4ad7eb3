"""What a job came to, as its results' resource tells it."""

import pytest

from model_invocation_job.errors import NotYetPermittedError

from .function import COUNTS, RESULTS, Function


def test_a_completed_job_is_told_with_its_counts(function: Function) -> None:
    job = function.finish()
    function.end(**COUNTS)
    function.ask()
    answer = function.endpoint.answer
    assert answer["PhysicalResourceId"] == "Results-results"
    assert answer["Data"] == {
        "OutputUri": f"s3://out/{job.rpartition('/')[2]}/",
        "JobStatus": "Completed",
        "TotalRecordCount": "100",
        "ProcessedRecordCount": "100",
        "SuccessRecordCount": "98",
        "ErrorRecordCount": "2",
    }


def test_an_update_keeps_its_id(function: Function) -> None:
    job = function.finish()
    function.end(**COUNTS)
    function.send(
        RequestType="Update",
        ResourceType=RESULTS,
        PhysicalResourceId="Results-before",
        ResourceProperties={"JobArn": job, "OutputUri": "s3://out/"},
    )
    assert function.endpoint.answer["PhysicalResourceId"] == "Results-before"


def test_what_is_not_told_is_unknown(function: Function) -> None:
    function.finish()
    function.end()
    function.ask()
    assert function.endpoint.answer["Data"]["SuccessRecordCount"] == "Unknown"


def test_a_job_that_bedrock_knows_no_more_is_no_failure(function: Function) -> None:
    function.finish()
    function.jobs.jobs.clear()
    function.ask()
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert function.endpoint.answer["Data"]["JobStatus"] == "Unknown"


def test_tokens_are_read_where_they_are_asked_for(function: Function) -> None:
    job = function.finish()
    function.end(**COUNTS)
    function.manifests.manifests[f"s3://out/{job.rpartition('/')[2]}/"] = {"inputTokenCount": 7, "outputTokenCount": 9}
    function.manifests.refusals = [NotYetPermittedError("young")]
    function.ask(ReadManifest="true")
    data = function.endpoint.answer["Data"]
    assert (data["InputTokenCount"], data["OutputTokenCount"]) == ("7", "9")


def test_tokens_that_cannot_be_read_are_unknown(function: Function) -> None:
    function.finish()
    function.end(**COUNTS)
    function.manifests.refusals = [NotYetPermittedError("never")] * 100
    function.ask(ReadManifest="true")
    assert function.endpoint.answer["Data"]["InputTokenCount"] == "Unknown"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            "Failed",
            "Correct the cause and deploy again; if nothing in the job changes, give it another 'run_token', or",
        ),
        ("Failed", "or 'client_request_token' if it has one."),
        ("Stopped", "The job ended as Stopped"),
        ("Expired", "The job ended as Expired. Give it a longer 'timeout', or correct the cause and deploy again"),
        ("PartiallyCompleted", "'accept_partial_completion=True'"),
        ("PartiallyCompleted", "the results of the others are in s3://out/"),
    ],
)
def test_a_job_without_its_results_fails_with_what_to_do_first(function: Function, status: str, words: str) -> None:
    job = function.finish()
    function.jobs.message = "the bucket is gone"
    function.end(status, **{**COUNTS, "processedRecordCount": 3})
    function.ask()
    reason = function.endpoint.answer["Reason"]
    assert words in reason
    assert job in reason
    assert reason.index(words) < reason.index("Bedrock says") < reason.index("3 of 100 records processed")
    assert ("the bucket is gone" in reason) == (status == "Failed")


def test_a_part_is_enough_where_that_is_said(function: Function) -> None:
    function.finish()
    function.end("PartiallyCompleted", **COUNTS)
    function.ask(AcceptPartialCompletion="true")
    assert function.endpoint.answer["Data"]["JobStatus"] == "PartiallyCompleted"


def test_a_job_of_which_no_record_succeeded_is_a_failure(function: Function) -> None:
    function.finish()
    function.end(**{**COUNTS, "successRecordCount": 0, "errorRecordCount": 100})
    function.ask()
    assert "The job is Completed, but" in function.endpoint.answer["Reason"]
    assert "no record succeeded" in function.endpoint.answer["Reason"]
    assert "0 succeeded, 100 failed" in function.endpoint.answer["Reason"]
