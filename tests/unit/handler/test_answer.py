import datetime as dt
import json
import logging
import time

import pytest

from model_invocation_job import last_word
from model_invocation_job.answers.addressee import MAX_RESPONSE
from model_invocation_job.answers.answer import SafeCfnResource
from model_invocation_job.answers.unforeseen import explained

from .answering import Context, event, failing, helper_that
from .response_endpoint import ResponseEndpoint


def test_success_carries_the_id_the_data_and_every_id_of_the_request(endpoint: ResponseEndpoint) -> None:
    helper = helper_that(lambda *_: "job-arn")
    helper(event(endpoint), Context())
    assert endpoint.answer == {
        "Status": "SUCCESS",
        "PhysicalResourceId": "job-arn",
        "StackId": "arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/guid",
        "RequestId": "request",
        "LogicalResourceId": "Job",
        "NoEcho": False,
        "Data": {},
    }
    # What CloudFormation's signature covers.
    assert endpoint.content_types == [""]


def test_a_failure_is_answered_with_its_reason_and_a_stable_id(endpoint: ResponseEndpoint) -> None:
    for _ in range(2):
        helper_that(failing(ValueError("no such model")))(event(endpoint), Context())
    first, second = endpoint.bodies
    assert first == second
    assert b'"Reason": "no such model"' in first
    assert b'"PhysicalResourceId": "Job-request"' in first


@pytest.mark.parametrize("error", [KeyError("jobArn"), MemoryError(), RecursionError("too deep")])
def test_an_error_that_nobody_has_foreseen_is_told_as_one(endpoint: ResponseEndpoint, error: Exception) -> None:
    helper_that(explained(failing(error)))(event(endpoint), Context())
    expected = f"The function failed, and its log says where: {type(error).__name__}: {error}"
    assert endpoint.answer["Reason"] == expected


def test_a_failure_after_the_job_exists_names_the_job(endpoint: ResponseEndpoint) -> None:
    helper = SafeCfnResource()

    @helper.create
    def create(*_: object) -> None:
        helper.PhysicalResourceId = "job-arn"
        raise ValueError("validation failed")

    helper(event(endpoint), Context())
    assert endpoint.answer["PhysicalResourceId"] == "job-arn"


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt()])
def test_an_exit_is_answered_too(endpoint: ResponseEndpoint, error: BaseException) -> None:
    with pytest.raises(type(error)):
        helper_that(failing(error))(event(endpoint), Context())
    assert endpoint.answer["Status"] == "FAILED"


def test_a_handler_that_overruns_gets_one_answer_in_time(endpoint: ResponseEndpoint) -> None:
    helper_that(lambda *_: time.sleep(0.5) or "late")(event(endpoint), Context(seconds=0.3))
    assert endpoint.answer["Status"] == "FAILED"
    assert endpoint.answer["PhysicalResourceId"]


def test_no_echo_does_not_stick(endpoint: ResponseEndpoint) -> None:
    helper = helper_that(lambda *_: "job-arn")
    secret = helper_that(lambda *_: setattr(secret, "NoEcho", True) or "job-arn")
    secret(event(endpoint), Context())
    secret._create_func = helper._create_func  # noqa: SLF001 (the same warm function, another request)
    secret(event(endpoint), Context())
    assert [b'"NoEcho": true' in body for body in endpoint.bodies] == [True, False]


@pytest.mark.parametrize("reason", ["x" * 50_000, "ü" * 5_000, "€" * 5_000, '"\\' * 5_000])
def test_a_long_reason_is_shortened_to_what_cloudformation_takes(endpoint: ResponseEndpoint, reason: str) -> None:
    helper_that(failing(ValueError(reason)))(event(endpoint), Context())
    assert len(endpoint.bodies[0]) <= MAX_RESPONSE
    assert endpoint.answer["Reason"].startswith(reason[:100])


def test_data_of_any_type_is_answered(endpoint: ResponseEndpoint) -> None:
    helper = SafeCfnResource()

    @helper.create
    def create(*_: object) -> str:
        helper.Data = {"When": dt.datetime(2026, 11, 23, tzinfo=dt.UTC)}
        return "job-arn"

    helper(event(endpoint), Context())
    assert endpoint.answer["Data"]["When"].startswith("2026-11-23")
    assert endpoint.answer["StackId"]


def test_too_much_data_fails_with_a_reason(endpoint: ResponseEndpoint) -> None:
    helper = SafeCfnResource()

    @helper.create
    def create(*_: object) -> str:
        helper.Data = {"Big": "x" * 6000}
        return "job-arn"

    helper(event(endpoint), Context())
    assert endpoint.answer["Status"] == "FAILED"
    assert "4096" in endpoint.answer["Reason"]


def test_nothing_signed_or_secret_is_logged(endpoint: ResponseEndpoint, caplog: pytest.LogCaptureFixture) -> None:
    endpoint.statuses = [503]
    with caplog.at_level(logging.DEBUG):
        helper_that(lambda *_: "job-arn")(
            event(endpoint, ResourceProperties={"Job": {"password": "canary"}}), Context()
        )
    assert caplog.messages
    assert "canary" not in caplog.text


def test_the_last_word_is_a_failure_under_the_id_that_the_function_would_have_used(endpoint: ResponseEndpoint) -> None:
    request = event(endpoint)
    helper_that(failing(ValueError("no such model")))(request, Context())
    record = {
        "requestPayload": request,
        "requestContext": {"functionArn": "arn:aws:lambda:::function:f", "approximateInvokeCount": 3},
        "responsePayload": {"errorType": "Runtime.OutOfMemory", "errorMessage": "signal: killed"},
    }
    last_word.handler(record, Context())
    answer, word = (json.loads(body) for body in endpoint.bodies)
    assert word["Status"] == "FAILED"
    assert "3 times" in word["Reason"]
    assert "signal: killed" in word["Reason"]
    assert {k: word[k] for k in ("PhysicalResourceId", "StackId", "RequestId", "LogicalResourceId")} == {
        k: answer[k] for k in ("PhysicalResourceId", "StackId", "RequestId", "LogicalResourceId")
    }


@pytest.mark.parametrize("given_up", [{"source": "aws.bedrock", "detail": {}}, {"look": {}}, None, "text"])
def test_there_is_no_last_word_on_what_nobody_waits_for(endpoint: ResponseEndpoint, given_up: object) -> None:
    last_word.handler({"requestPayload": given_up}, Context())
    assert not endpoint.bodies


def test_a_request_that_is_held_is_not_answered_and_the_next_one_is(endpoint: ResponseEndpoint) -> None:
    helper = SafeCfnResource()
    helper.create(lambda *_: helper.hold())
    helper.update(lambda *_: "job-arn")
    helper(event(endpoint), Context(seconds=0.3))
    assert helper.is_held
    time.sleep(0.4)
    assert not endpoint.bodies
    helper(event(endpoint, RequestType="Update", PhysicalResourceId="earlier-arn"), Context())
    assert endpoint.answer["PhysicalResourceId"] == "job-arn"


def test_importing_the_function_makes_no_client_and_needs_no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    helper = SafeCfnResource()
    assert helper._init_failed is None  # noqa: SLF001 (crhelper's record of what went wrong at import)
    assert not hasattr(helper, "_events_client")
