from collections.abc import Mapping
from typing import Any

import pytest

from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.requests.request import JobRequest, parse, parse_for_delete

from .fakes import ACCOUNT
from .room import PARAMETERS, REQUEST

OWN, OTHER = ({"s3BucketOwner": account} for account in (ACCOUNT, "999999999999"))
INPUT, OUTPUT = PARAMETERS["inputDataConfig"], PARAMETERS["outputDataConfig"]


def sent(job: Mapping[str, Any] = PARAMETERS, **properties: Any) -> JobRequest:
    event = {"StackId": REQUEST.stack_id, "LogicalResourceId": "Job", "RequestId": "request"}
    return parse(event, {"Job": job, "JobNamePrefix": "Stack-Job", **properties})


def with_input(**fields: str) -> dict[str, Any]:
    return {**PARAMETERS, "inputDataConfig": {"s3InputDataConfig": {**INPUT["s3InputDataConfig"], **fields}}}


def with_output(**fields: str) -> dict[str, Any]:
    return {**PARAMETERS, "outputDataConfig": {"s3OutputDataConfig": {**OUTPUT["s3OutputDataConfig"], **fields}}}


@pytest.mark.parametrize(
    "spelled",
    [
        {**PARAMETERS, "timeoutDurationInHours": "24"},
        {**PARAMETERS, "modelInvocationType": "InvokeModel"},
        with_input(s3InputFormat="JSONL"),
        with_input(**OWN),
        with_output(**OWN),
    ],
)
def test_a_default_spelled_out_is_sent_and_asks_for_the_same_job(spelled: dict[str, Any]) -> None:
    request = sent(spelled)
    assert JobIdentity.of(request).wish == JobIdentity.of(sent()).wish
    hours = {"timeoutDurationInHours": 24} if "timeoutDurationInHours" in spelled else {}
    assert request.parameters == {**spelled, **hours}


@pytest.mark.parametrize(
    "job",
    [
        {**PARAMETERS, "timeoutDurationInHours": "25"},
        {**PARAMETERS, "modelInvocationType": "Converse"},
        {**PARAMETERS, "clientRequestToken": "mine"},
        {**PARAMETERS, "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}},
        with_input(**OTHER),
        with_output(**OTHER),
        with_output(s3EncryptionKeyId="alias/key"),
    ],
)
def test_anything_else_asks_for_another_job(job: dict[str, Any]) -> None:
    assert JobIdentity.of(sent(job)).wish != JobIdentity.of(sent()).wish


def test_a_job_made_before_defaults_were_spelled_out_is_still_the_same() -> None:
    """The digests are in the names and tokens of jobs that run."""
    assert JobIdentity.of(sent(with_input(s3InputFormat="JSONL", **OWN))).earlier_wish == "b7fbb515d095408a"


def test_tags_are_sent_and_are_no_part_of_the_specification() -> None:
    tags = [{"key": "team", "value": "blue"}]
    request = sent(Tags=tags)
    assert request.parameters["tags"] == request.tags == tags
    assert JobIdentity.of(request).wish == JobIdentity.of(sent()).wish


def test_a_token_of_the_users_is_not_among_the_parameters() -> None:
    request = sent({**PARAMETERS, "clientRequestToken": "mine"})
    assert (request.client_request_token, request.parameters) == ("mine", PARAMETERS)


@pytest.mark.parametrize("tags", ["team", ["team"], [{"key": "team"}], 7])
def test_tags_that_are_no_tags_are_refused(tags: Any) -> None:
    with pytest.raises(InvalidRequestError, match="'Tags' must be a list of maps with key and value"):
        sent(Tags=tags)


def test_a_delete_reads_only_what_it_depends_on() -> None:
    properties = {"Job": {**PARAMETERS, "clientRequestToken": "mine"}, "JobNamePrefix": "n", "Tags": 7, "WaitUntil": 7}
    event = {"StackId": "stack", "LogicalResourceId": "Job", "RequestId": "r", "ResourceProperties": properties}
    request = parse_for_delete(event)
    assert (request.client_request_token, request.parameters) == ("mine", PARAMETERS)
