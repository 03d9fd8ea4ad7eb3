from model_invocation_job import last_word

from .answering import Context, event
from .response_endpoint import ResponseEndpoint


def test_a_request_that_never_had_its_turn_is_told_why(endpoint: ResponseEndpoint) -> None:
    about = {"condition": "EventAgeExceeded", "functionArn": "arn:of:the:function", "approximateInvokeCount": 1}
    last_word.handler({"requestContext": about, "requestPayload": event(endpoint)}, Context())
    assert endpoint.answer["Status"] == "FAILED"
    assert "Concurrent executions" in endpoint.answer["Reason"]


def test_a_request_whose_function_died_until_it_was_too_old_is_told_what_it_said(endpoint: ResponseEndpoint) -> None:
    about = {"condition": "EventAgeExceeded", "functionArn": "arn:of:the:function", "approximateInvokeCount": 2}
    record = {"requestContext": about, "requestPayload": event(endpoint), "responsePayload": {"errorMessage": "killed"}}
    last_word.handler(record, Context())
    assert "ended 2 times without an answer" in endpoint.answer["Reason"]
    assert "killed" in endpoint.answer["Reason"]


def test_an_event_that_is_no_request_is_answered_to_nobody(endpoint: ResponseEndpoint) -> None:
    last_word.handler({"requestPayload": {"source": "aws.bedrock", "detail": {}}}, Context())
    assert endpoint.bodies == []


def test_an_answer_for_which_no_second_is_left_is_not_begun(endpoint: ResponseEndpoint) -> None:
    last_word.handler({"requestPayload": event(endpoint)}, Context(seconds=1))
    assert endpoint.bodies == []
    last_word.handler({"requestPayload": event(endpoint)}, Context())
    assert len(endpoint.bodies) == 1
