"""The response channel: the answer arrives once, unchanged, or the invocation is an error that Lambda repeats."""

from pathlib import Path
from typing import Any

import pytest

from .aws import Aws, properties
from .endpoint import Mishap
from .front import Reply
from .replies import before, healthy
from .stack import Stack

CREATE, LIST = "CreateModelInvocationJob", "ListModelInvocationJobs"


RESULTS = "Custom::BedrockModelInvocationJobResults"
#: Of a pair of surrogates: JSON can escape it, and nothing that is sent in UTF-8 can hold it.
HALF = "\ud800"


def nested(levels: int) -> Any:
    value: Any = {}
    for _ in range(levels):
        value = {"inner": value}
    return value


def heals(aws: Aws) -> Reply:
    """From this call on answers are taken."""
    return before(lambda: setattr(aws.endpoint, "always", None))


def deploy_until_answered(aws: Aws, fate: int | Mishap) -> Stack:
    """Deploy with an endpoint that takes nothing before the second delivery begins: each begins with two Lists."""
    aws.endpoint.always = fate
    aws.front.meet(LIST, healthy, healthy, heals(aws))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    return stack


def create_event(aws: Aws, **changes: Any) -> dict[str, Any]:
    event = aws.cloudformation.event("Create", aws.stack().id, "Job", ResourceProperties=properties())
    aws.cloudformation.requests.append(event)
    return {**event, **changes}


def test_P01_a_busy_endpoint_is_tried_again_with_the_same_bytes(aws: Aws) -> None:
    """Twice 503, then taken: three PUTs, one body, with the header that the address is signed for."""
    aws.endpoint.meet(503, 503)
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert [put.status for put in aws.endpoint.puts] == [503, 503, 200]
    assert len({put.body for put in aws.endpoint.puts}) == 1
    assert {put.content_type for put in aws.endpoint.puts} == {""}


def test_P02_a_refused_answer_is_an_error_of_the_invocation(aws: Aws) -> None:
    """An expired address takes nothing, ever: each delivery and the last word PUT once, then give up visibly."""
    aws.endpoint.meet(*[403] * 4)
    aws.cloudformation.service_timeout = 90
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    errors = [each.error for each in aws.function.invocations[:3]]
    assert all("UndeliverableAnswerError" in str(error) and "HTTP 403" in str(error) for error in errors)
    assert len(aws.bedrock.jobs) == 1
    assert not aws.bedrock.live


@pytest.mark.parametrize("fate", [Mishap.RESET, Mishap.NOT_TLS, Mishap.NOT_HTTP])
def test_P03_a_broken_connection_is_given_up_before_the_function_is_killed(aws: Aws, fate: Mishap) -> None:
    """The delivery ends in an error of its own, in time; the next one answers for the same job."""
    aws.function.timeout = 100
    deploy_until_answered(aws, fate)
    assert "UndeliverableAnswerError" in str(aws.function.invocations[0].error)
    assert len(aws.bedrock.jobs) == 1


def test_P03_an_endpoint_that_is_gone_is_given_up_before_the_function_is_killed(aws: Aws) -> None:
    """Nobody listens: the invocation ends in an error of its own, in time."""
    aws.function.timeout = 100
    event = create_event(aws)
    gone = {**event, "ResponseURL": event["ResponseURL"].replace(aws.endpoint.address, "127.0.0.1:9")}
    invocation = aws.function.invoke(gone)
    assert "Undeliverable" in str(invocation.error)
    delete_unanswered(aws, event)


def delete_unanswered(aws: Aws, event: dict[str, Any]) -> None:
    """Delete what a Create made that could not tell."""
    stack_id, physical_id = event["StackId"], "made-up"
    delete = aws.cloudformation.event(
        "Delete", stack_id, "Job", PhysicalResourceId=physical_id, ResourceProperties=properties()
    )
    assert aws.cloudformation.send(delete).succeeded
    assert not aws.bedrock.live


def test_P04_a_silent_endpoint_is_given_up_before_the_function_is_killed(aws: Aws) -> None:
    """A black hole accepts and never answers: the socket's timeout ends each try."""
    # Slow enough that the second before the kill is not lost to a busy machine.
    aws.function.timeout, aws.function.speed = 40, 8
    deploy_until_answered(aws, Mishap.STALL)
    assert "UndeliverableAnswerError" in str(aws.function.invocations[0].error)
    assert len(aws.bedrock.jobs) == 1


def test_P04_one_silent_connection_costs_no_deployment(aws: Aws) -> None:
    """It is given up after seconds for another, over which the answer arrives in the same delivery."""
    aws.endpoint.meet(Mishap.STALL)
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert [each.error for each in aws.function.invocations] == [None]


def test_P05_an_answer_whose_receipt_is_lost_is_sent_again(aws: Aws) -> None:
    """The endpoint has taken it and drops its reply: the same bytes come again."""
    aws.endpoint.meet(Mishap.DROP)
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"
    aws.function.settle()
    first, second = aws.endpoint.puts
    assert first.body == second.body


def test_P06_an_endpoint_that_is_busy_until_the_deadline_is_answered_by_the_next_delivery(aws: Aws) -> None:
    """The first tries again at ever longer intervals; the second adopts its job and tells."""
    aws.function.timeout = 100
    stack = deploy_until_answered(aws, 503)
    (job,) = aws.bedrock.jobs
    assert stack.resources["Job"].physical_id == job.arn
    assert len(aws.front.of(CREATE)) == 1
    assert len(aws.endpoint.puts) < 50


@pytest.mark.parametrize("missing", ["ResponseURL", "RequestId", "StackId", "LogicalResourceId"])
def test_P12_a_malformed_event_on_a_warm_function_answers_nobody(aws: Aws, missing: str) -> None:
    """Not even the previous request: nothing is sent, nothing is called, the invocation is an error."""
    aws.stack().deploy({"Job": properties()})
    aws.function.settle()
    puts, calls, event = len(aws.endpoint.puts), len(aws.front.calls), dict(aws.cloudformation.requests[0])
    del event[missing]
    invocation = aws.function.invoke(event)
    assert f"the event has no {missing}" in str(invocation.error)
    assert (len(aws.endpoint.puts), len(aws.front.calls)) == (puts, calls)


@pytest.mark.parametrize(
    "broken",
    [
        {"RequestType": "Reboot"},
        {"RequestType": ["Create"]},
        {"ResourceProperties": None},
        {"ResourceProperties": {**properties(), "Job": {**properties()["Job"], "inputDataConfig": []}}},
        {"ResourceProperties": nested(900)},
        {"RequestType": "Update", "PhysicalResourceId": 7},
        {"ResourceType": RESULTS, "ResourceProperties": {"JobArn": 7}},
        {"ResourceProperties": {**properties(), "StagedInput": [{"Source": f"s3://a/{HALF}", "Target": "s3://b/c"}]}},
        {"ResourceProperties": {**properties(), "Other": {HALF: "value"}}},
    ],
    ids=lambda broken: str(broken)[:60],
)
def test_P15_a_member_of_another_type_fails_in_a_sentence(aws: Aws, broken: dict[str, Any]) -> None:
    """Whoever waits is told which member it is, at once and within the limits; no job is made."""
    event = create_event(aws, **broken)
    assert aws.function.invoke(event).error is None
    (answer,) = aws.endpoint.answers(event["RequestId"])
    assert answer["Status"] == "FAILED"
    assert " must be " in answer["Reason"]
    assert not aws.bedrock.jobs


@pytest.mark.parametrize("name", ["StackId", "RequestId", "LogicalResourceId"])
def test_P15_ids_that_no_answer_has_room_for_are_answered_to_nobody(aws: Aws, name: str) -> None:
    """An id of 100 kB is none of CloudFormation's: nothing is sent, and the error is one sentence."""
    event = create_event(aws)
    invocation = aws.function.invoke({**event, name: event[name] + "x" * 100_000})
    assert "the event's ids have more than" in str(invocation.error)
    assert not aws.endpoint.puts


@pytest.mark.parametrize("name", ["StackId", "RequestId", "LogicalResourceId"])
def test_P15_ids_that_cannot_be_sent_on_are_answered_to_nobody(aws: Aws, name: str) -> None:
    """Half a character is in no id of CloudFormation's: nothing is sent, and the error is one sentence."""
    event = create_event(aws)
    invocation = aws.function.invoke({**event, name: event[name] + HALF})
    assert f"the event's {name} must be of Unicode text" in str(invocation.error)
    assert not aws.endpoint.puts
    assert not aws.front.calls


@pytest.mark.parametrize("record", [None, [], {}, {"requestPayload": {"ResponseURL": 7}}], ids=str)
def test_P16_the_last_word_on_no_event_is_a_line_in_the_log(aws: Aws, record: Any) -> None:
    """It ends without an error, whatever it is handed; nobody is answered."""
    assert aws.last_word.invoke(record).error is None
    assert "no request of CloudFormation" in aws.last_word.log
    assert not aws.endpoint.puts


@pytest.mark.parametrize("event", [{}, None, [], "text", {"key1": "value1"}, {"RequestType": "Create"}], ids=str)
def test_P13_a_malformed_event_on_a_cold_function_ends_at_once(aws: Aws, event: Any) -> None:
    """What the console's test button sends is refused in a sentence; there is no waiting and no answer."""
    aws.function.warm = False
    invocation = aws.function.invoke(event)
    assert "InvalidRequestError: this function answers CloudFormation only" in str(invocation.error)
    assert not aws.endpoint.puts
    assert not aws.front.calls


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "http://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-mine.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.example.com/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com@example.com/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com:8443/",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://[::1",
        "no url",
    ],
)
def test_P14_a_forged_event_makes_the_function_neither_write_elsewhere_nor_pay(aws: Aws, url: str) -> None:
    """An address that is not CloudFormation's is refused before anything is done for the request."""
    invocation = aws.function.invoke(create_event(aws, ResponseURL=f"{url}"))
    assert "Error: the answer's address is not CloudFormation's" in str(invocation.error)
    assert not aws.bedrock.jobs
    assert not aws.endpoint.puts


def test_P14_loopback_is_taken_only_where_aws_is_local(aws: Aws, tmp_path: Path) -> None:
    """Without a local AWS in its environment the function writes to no address of its own machine."""
    aws.function.redeploy(AWS_ENDPOINT_URL="", AWS_ENDPOINT_URL_BEDROCK=aws.front.url, HOME=str(tmp_path))
    invocation = aws.function.invoke(create_event(aws))
    assert "the answer's address is not CloudFormation's" in str(invocation.error)
    assert not aws.endpoint.puts
    assert not aws.bedrock.jobs
