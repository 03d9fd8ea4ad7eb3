"""The operations, through boto3."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, MODEL_ARN, LocalAws, records

UNKNOWN_JOB = "abcdefghwxyz"


def names(answer: dict) -> list[str]:
    return [job["jobName"] for job in answer["invocationJobSummaries"]]


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int, str]:
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def test_create_answers_the_arn_only(aws: LocalAws) -> None:
    answer = aws.bedrock.create_model_invocation_job(**aws.request())
    assert set(answer) == {"jobArn", "ResponseMetadata"}
    job_id = answer["jobArn"].removeprefix(f"arn:aws:bedrock:us-east-1:{ACCOUNT}:model-invocation-job/")
    assert len(job_id) == 12
    assert job_id.isalnum()


def test_get_answers_what_was_sent_and_what_was_left_out(idle_aws: LocalAws) -> None:
    request = idle_aws.request(clientRequestToken="token-1")
    arn = idle_aws.bedrock.create_model_invocation_job(**request)["jobArn"]
    job = idle_aws.bedrock.get_model_invocation_job(jobIdentifier=arn)
    assert job["modelId"] == MODEL_ARN
    assert job["jobName"] == request["jobName"]
    assert job["clientRequestToken"] == "token-1"
    assert job["inputDataConfig"]["s3InputDataConfig"]["s3BucketOwner"] == ACCOUNT
    assert job["outputDataConfig"]["s3OutputDataConfig"]["s3BucketOwner"] == ACCOUNT
    assert job["timeoutDurationInHours"] == 24
    assert job["modelInvocationType"] == "InvokeModel"
    assert job["jobExpirationTime"] - job["submitTime"] == timedelta(hours=24)
    assert job["status"] == "Submitted"
    assert job["lastModifiedTime"] == job["submitTime"]
    assert not {"endTime", "message", "tags", "vpcConfig"} & set(job)
    assert (job["totalRecordCount"], job["processedRecordCount"]) == (0, 0)


def test_get_takes_the_bare_id_too(aws: LocalAws) -> None:
    arn = aws.bedrock.create_model_invocation_job(**aws.request())["jobArn"]
    assert aws.bedrock.get_model_invocation_job(jobIdentifier=arn.rpartition("/")[2])["jobArn"] == arn


@pytest.mark.parametrize("operation", ["get_model_invocation_job", "stop_model_invocation_job"])
def test_an_unknown_job_is_not_found(aws: LocalAws, operation: str) -> None:
    with pytest.raises(ClientError) as error:
        getattr(aws.bedrock, operation)(jobIdentifier=UNKNOWN_JOB)
    expected = "The provided batch inference job was not found."
    assert refusal(error) == ("ResourceNotFoundException", 404, expected)


def test_a_job_of_another_region_is_not_found(aws: LocalAws) -> None:
    arn = aws.bedrock.create_model_invocation_job(**aws.request())["jobArn"]
    with pytest.raises(ClientError) as error:
        aws.client("bedrock", region="eu-west-1").get_model_invocation_job(jobIdentifier=arn)
    assert refusal(error)[0] == "ResourceNotFoundException"


def test_a_repeated_token_answers_the_same_job(aws: LocalAws) -> None:
    request = aws.request(clientRequestToken=uuid.uuid4().hex)
    first = aws.bedrock.create_model_invocation_job(**request)["jobArn"]
    assert aws.bedrock.create_model_invocation_job(**request)["jobArn"] == first
    assert names(aws.bedrock.list_model_invocation_jobs(nameContains=request["jobName"])) == [request["jobName"]]


def test_summaries_have_no_token_message_and_counts(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records(1)})
    job = aws.end(aws.start(bucket, clientRequestToken=uuid.uuid4().hex))
    (summary,) = aws.bedrock.list_model_invocation_jobs(nameContains=job["jobName"])["invocationJobSummaries"]
    assert job["message"]
    missing = {"clientRequestToken", "message"} | {name for name in job if name.endswith("Count")}
    assert set(summary) == set(job) - missing - {"ResponseMetadata"}
    assert summary == {name: job[name] for name in summary}


def test_tags_are_listed_added_and_removed(idle_aws: LocalAws) -> None:
    tags = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    arn = idle_aws.bedrock.create_model_invocation_job(**idle_aws.request(tags=tags))["jobArn"]
    assert idle_aws.bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == tags
    idle_aws.bedrock.tag_resource(resourceARN=arn, tags=[{"key": "b", "value": "3"}, {"key": "c", "value": "4"}])
    idle_aws.bedrock.untag_resource(resourceARN=arn, tagKeys=["a"])
    assert idle_aws.bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [
        {"key": "b", "value": "3"},
        {"key": "c", "value": "4"},
    ]


def test_a_job_has_at_most_fifty_tags(idle_aws: LocalAws) -> None:
    arn = idle_aws.bedrock.create_model_invocation_job(**idle_aws.request(tags=[{"key": "a", "value": ""}]))["jobArn"]
    with pytest.raises(idle_aws.bedrock.exceptions.TooManyTagsException):
        idle_aws.bedrock.tag_resource(resourceARN=arn, tags=[{"key": str(n), "value": ""} for n in range(50)])


@pytest.mark.parametrize("key", ["aws:x", "AWS:cloudformation:stack-name"])
def test_nobody_has_the_tags_that_aws_keeps_for_itself(idle_aws: LocalAws, key: str) -> None:
    reserved = [{"key": key, "value": "1"}]
    arn = idle_aws.start("some", tags=[{"key": "awsome", "value": "1"}])
    calls = (
        partial(idle_aws.bedrock.create_model_invocation_job, **idle_aws.request(tags=reserved)),
        partial(idle_aws.bedrock.tag_resource, resourceARN=arn, tags=reserved),
        partial(idle_aws.bedrock.untag_resource, resourceARN=arn, tagKeys=[key]),
    )
    for call in calls:
        with pytest.raises(idle_aws.bedrock.exceptions.ValidationException, match="reserved for AWS"):
            call()
    tagging = idle_aws.client("resourcegroupstaggingapi")
    (failure,) = tagging.tag_resources(ResourceARNList=[arn], Tags={key: "1"})["FailedResourcesMap"].values()
    assert failure["ErrorCode"] == "ValidationException"


def test_tagging_anything_but_a_job_stays_with_the_emulator(aws: LocalAws) -> None:
    made = aws.bedrock.create_guardrail(name="g", blockedInputMessaging="no", blockedOutputsMessaging="no")
    aws.bedrock.tag_resource(resourceARN=made["guardrailArn"], tags=[{"key": "a", "value": "1"}])
    assert aws.bedrock.list_tags_for_resource(resourceARN=made["guardrailArn"])["tags"] == [{"key": "a", "value": "1"}]
