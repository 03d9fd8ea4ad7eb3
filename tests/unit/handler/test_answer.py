import datetime as dt
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from model_invocation_job import last_word
from model_invocation_job.answer import SafeCfnResource
from model_invocation_job.errors import InvalidRequestError, UndeliverableAnswerError
from model_invocation_job.response import MAX_RESPONSE

from .response_endpoint import ResponseEndpoint, response_endpoint


class Context:
    aws_request_id = "invocation"

    def __init__(self, seconds: float = 60) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int((self._end - time.monotonic()) * 1000)


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ResponseEndpoint]:
    with response_endpoint() as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
        yield endpoint


def event(endpoint: ResponseEndpoint, **changes: Any) -> dict[str, Any]:
    return {
        "RequestType": "Create",
        "ResponseURL": endpoint.url,
        "StackId": "arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/guid",
        "RequestId": "request",
        "LogicalResourceId": "Job",
        "ResourceProperties": {"Job": {}},
        **changes,
    }


def helper_that(does: Any) -> SafeCfnResource:
    helper = SafeCfnResource()
    for register in (helper.create, helper.update, helper.delete):
        register(does)
    return helper


def failing(error: BaseException) -> Any:
    def fail(*_: object) -> None:
        raise error

    return fail


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


def test_an_answer_is_sent_again_unchanged_until_it_is_accepted(endpoint: ResponseEndpoint) -> None:
    endpoint.statuses = [503, 500]
    helper_that(lambda *_: "job-arn")(event(endpoint), Context())
    assert len(endpoint.bodies) == 3
    assert len(set(endpoint.bodies)) == 1


def test_a_refused_answer_is_an_error_of_the_invocation(endpoint: ResponseEndpoint) -> None:
    endpoint.statuses = [403] * 9
    with pytest.raises(UndeliverableAnswerError, match="HTTP 403"):
        helper_that(lambda *_: "job-arn")(event(endpoint), Context())
    assert len(endpoint.bodies) == 1


def test_an_endpoint_that_is_gone_is_given_up_before_the_deadline(endpoint: ResponseEndpoint) -> None:
    gone = event(endpoint, ResponseURL="http://127.0.0.1:9/")
    started = time.monotonic()
    with pytest.raises(UndeliverableAnswerError, match="in time"):
        helper_that(lambda *_: "job-arn")(gone, Context(seconds=1))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "http://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.evil.example/",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
    ],
)
def test_an_answer_goes_to_cloudformation_only(endpoint: ResponseEndpoint, url: str) -> None:
    with pytest.raises(UndeliverableAnswerError, match="not CloudFormation's"):
        helper_that(lambda *_: "job-arn")(event(endpoint, ResponseURL=url), Context())


def test_loopback_is_refused_where_aws_is_not_local(
    endpoint: ResponseEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    with pytest.raises(UndeliverableAnswerError, match="not CloudFormation's"):
        helper_that(lambda *_: "job-arn")(event(endpoint), Context())
    assert not endpoint.bodies


@pytest.mark.parametrize("broken", [{}, {"RequestType": ""}, {"ResponseURL": None}, {"RequestType": "Reboot"}])
def test_a_malformed_event_sends_nothing_even_on_a_warm_function(
    endpoint: ResponseEndpoint, broken: dict[str, Any]
) -> None:
    helper = helper_that(lambda *_: "job-arn")
    helper(event(endpoint), Context())
    with pytest.raises(InvalidRequestError):
        helper({**event(endpoint), **broken} if broken else {}, Context())
    assert len(endpoint.bodies) == 1


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


def test_importing_the_function_makes_no_client_and_needs_no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    helper = SafeCfnResource()
    assert helper._init_failed is None  # noqa: SLF001 (crhelper's record of what went wrong at import)
    assert not hasattr(helper, "_events_client")
