import time
from typing import Any

import pytest

from model_invocation_job.answers.delivery import deliver
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import InvalidRequestError, UndeliverableAnswerError

from .answering import Context, event, helper_that
from .fakes import FakeClock
from .response_endpoint import ResponseEndpoint


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


def test_a_function_whose_time_is_over_sends_nothing_and_says_so(endpoint: ResponseEndpoint) -> None:
    with pytest.raises(UndeliverableAnswerError, match=r"in time: there was no time left$"):
        deliver(endpoint.url, b"{}", Deadline.after(FakeClock(), 0))
    assert not endpoint.bodies


@pytest.mark.parametrize("broken", [{}, {"StackId": ""}, {"ResponseURL": None}, {"RequestId": 7}])
def test_a_malformed_event_sends_nothing_even_on_a_warm_function(
    endpoint: ResponseEndpoint, broken: dict[str, Any]
) -> None:
    helper = helper_that(lambda *_: "job-arn")
    helper(event(endpoint), Context())
    with pytest.raises(InvalidRequestError):
        helper({**event(endpoint), **broken} if broken else {}, Context())
    assert len(endpoint.bodies) == 1
