"""What the model, or who stands before it, refuses: waited out, written down, or no fault of the records."""

import json

import pytest

from tests.unit.pipeline.demand.model_endpoint import Body, ModelEndpoint, Refusal, generation
from tests.unit.pipeline.demand.one_task import ask, task, written
from tests.unit.pipeline.one_run import OneRun, record


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(429, "ThrottlingException"),
        Refusal(429, "ModelNotReadyException"),
        Refusal(408, "ModelTimeoutException"),
        Refusal(424, "ModelErrorException"),
        Refusal(500, "InternalServerException"),
        Refusal(503, "ServiceUnavailableException"),
        Refusal(400, "ServiceQuotaExceededException"),
        b"<html>",
    ],
)
def test_what_passes_is_waited_out(run: OneRun, endpoint: ModelEndpoint, refusal: Refusal | bytes) -> None:
    def answer(body: Body) -> Body | bytes | Refusal:
        return refusal if len(endpoint.asked) < 4 else generation(body)

    endpoint.answer = answer
    assert ask(run, endpoint, task(run, record("a")))["Succeeded"] == 1
    assert len(endpoint.asked) == 4


def test_a_record_that_is_throttled_is_asked_to_the_end_of_the_time_and_another_broken_one_is_not(
    run: OneRun, endpoint: ModelEndpoint
) -> None:
    def answer(body: Body) -> Refusal:
        return Refusal(429, "ThrottlingException") if body["prompt"] == "throttled" else Refusal(500, "Internal")

    endpoint.answer = answer
    place = task(run, record("a", "throttled"), record("b", "broken"))
    outcome = ask(run, endpoint, place, at_once=1)
    assert (outcome["Left"], outcome["Failed"]) == (2, 0)
    assert endpoint.asked.count("throttled") > 10
    # No time is left for it.
    assert "broken" not in endpoint.asked
    assert written(run)["a"]["error"] == {
        "errorCode": 429,
        "errorMessage": "no",
        "expired": False,
        "retryable": True,
    }
    assert written(run)["b"]["error"]["expired"] is True
    ask(run, endpoint, task(run, record("b", "broken")))
    assert endpoint.asked.count("broken") == 5


def test_what_fails_for_good_is_asked_once(run: OneRun, endpoint: ModelEndpoint) -> None:
    endpoint.answer = lambda _: Refusal(400, "ValidationException", "bad body")
    place = task(run, record("a"))
    for _ in range(2):
        outcome = ask(run, endpoint, place)
        assert outcome["Errors"] == {"400": {"Count": 1, "Message": "bad body"}}
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(404, "ResourceNotFoundException", "Could not resolve the foundation model"),
        Refusal(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
        Refusal(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
    ],
)
def test_a_model_that_may_not_be_asked_is_no_fault_of_the_records(
    run: OneRun, endpoint: ModelEndpoint, refusal: Refusal
) -> None:
    endpoint.answer = lambda _: refusal
    outcome = ask(run, endpoint, task(run, record("a")))
    assert refusal.message in outcome["Refused"]
    assert (outcome["Records"], outcome["Failed"]) == (0, 0)


def test_a_record_may_be_denied_alone(run: OneRun, endpoint: ModelEndpoint) -> None:
    denied = Refusal(403, "AccessDeniedException", "your request did not allow prompt caching")
    endpoint.answer = lambda body: denied if body["prompt"] == "1" else generation(body)
    outcome = ask(run, endpoint, task(run, record("a", "1"), record("b", "2")))
    assert (outcome["Succeeded"], outcome["Failed"]) == (1, 1)


def test_a_model_that_is_not_reached_leaves_the_records(run: OneRun, endpoint: ModelEndpoint) -> None:
    place = task(run, record("a"))
    unreachable = ModelEndpoint("http://127.0.0.1:9")
    assert ask(run, unreachable, place)["Left"] == 1
    assert "127.0.0.1" not in json.dumps(written(run))
    assert ask(run, endpoint, place)["Succeeded"] == 1
    assert "modelOutput" in written(run)["a"]
