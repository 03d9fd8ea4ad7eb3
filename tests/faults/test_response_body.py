"""The answer itself: whatever the handler leaves, CloudFormation gets one body that it can use."""

import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status
from model_invocation_job.answers.answer import SafeCfnResource
from model_invocation_job.answers.response import Response
from tests.unit.handler.response_endpoint import response_endpoint

from .aws import Aws, properties
from .bedrock import Life
from .endpoint import SIGNATURE, Endpoint
from .other_functions import ask
from .replies import before
from .worker import Context

pytest_plugins = ["tests.faults.scripted_stacks"]

CREATE, LIST = "CreateModelInvocationJob", "ListModelInvocationJobs"


def strict(endpoint: Endpoint) -> dict[str, Any]:
    """The last answer, read as JSON without Python's extensions."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    answer: dict[str, Any] = json.loads(endpoint.puts[-1].body, parse_constant=refuse)
    return answer


@pytest.mark.parametrize(
    "value", ["datetime.date(2026, 11, 23)", "decimal.Decimal('1.5')", "b'x'", "{1}", "float('nan')", "float('inf')"]
)
def test_P07_data_of_any_type_is_answered_as_json(scripted: Aws, value: str) -> None:
    """A date, a decimal, bytes, a set and what is no number become text; the ids are whole."""
    ask(scripted, f"import datetime, decimal; helper.Data = {{'Value': {value}}}; answer = 'id'")
    answer = strict(scripted.endpoint)
    assert answer["PhysicalResourceId"] == "id"
    assert isinstance(answer["Data"]["Value"], str)


def test_P08_too_much_data_fails_with_a_reason(scripted: Aws) -> None:
    """6 KB do not fit: the answer is a failure that says so."""
    answer = ask(scripted, "helper.Data = {'Big': 'x' * 6000}; answer = 'id'")
    assert answer.status == "FAILED"
    assert "4096" in answer.reason


@pytest.mark.parametrize("character", ["x", "ü", "€", "🂡", '"', "\\\\", "\\n"])
def test_P08_a_long_message_of_bedrock_is_shortened(aws: Aws, character: str) -> None:
    """50 KB of any script become what fits, valid, with the job and the advice first."""
    aws.bedrock.life = Life(path=(Status.VALIDATING, Status.FAILED), message=character * 50_000)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    (reason,) = stack.reasons
    assert aws.bedrock.jobs[0].arn in reason
    assert character * 100 in reason


@pytest.mark.parametrize("character", ["x", "ü", "🂡"])
def test_P08_a_long_id_is_cut_to_what_cloudformation_takes(scripted: Aws, character: str) -> None:
    """An id of more than 1 KB is cut at a whole character."""
    answer = ask(scripted, f"answer = '{character}' * 2048")
    assert answer.succeeded
    assert set(answer.physical_id) == {character}


def test_P09_a_function_that_overruns_answers_once_and_does_nothing_after_it(aws: Aws) -> None:
    """Bedrock answers only when the timer has said FAILED: no job is asked for any more."""
    aws.function.timeout, aws.function.speed = 40, 10
    aws.front.always(LIST, before(lambda: until_answered(aws)))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    aws.function.settle()
    assert "ran out of time" in stack.reasons[0]
    assert not aws.front.of(CREATE)


def until_answered(aws: Aws) -> None:
    patience = time.monotonic() + 10
    while not aws.endpoint.puts and time.monotonic() < patience:
        time.sleep(0.01)


def test_P09_a_handler_that_never_ends_has_been_answered_for(scripted: Aws) -> None:
    """The answer is FAILED with a usable id; what the handler would have said comes too late."""
    scripted.cloudformation.function.speed = 10
    answer = ask(scripted, "import time; time.sleep(25); answer = 'late'")
    assert answer.status == "FAILED"
    assert answer.physical_id
    scripted.cloudformation.function.settle()
    assert len(scripted.endpoint.puts) == 1


STACK = "arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/guid"


def race(worker: int, url: str) -> None:
    """A warm function that handles request after request, each until the very moment in which its time is up."""
    helper, moment, delays = SafeCfnResource(), Barrier(2), itertools.cycle([0, 1e-6, 1e-4, 1e-3])

    def time_is_up(response: Response) -> None:
        moment.wait(10)
        helper._time_is_up(response)  # noqa: SLF001 (what the timer calls)

    def create(*_: object) -> str:
        Thread(target=time_is_up, args=(helper._response,)).start()  # noqa: SLF001 (as above)
        moment.wait(10)
        # Sometimes one of them is a little ahead, sometimes the other.
        time.sleep(next(delays))
        return "in time"

    helper.create(create)
    for number in range(125):
        event = {"RequestType": "Create", "ResponseURL": url, "StackId": STACK, "ResourceProperties": {"a": "b"}}
        helper({**event, "RequestId": f"{worker}-{number}", "LogicalResourceId": "Job"}, Context(time.monotonic() + 60))


def test_P10_timer_and_handler_that_end_together_decide_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand times both have something to say in the same moment: one of them is heard."""
    with response_endpoint() as endpoint, ThreadPoolExecutor(8) as pool:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
        list(pool.map(race, range(8), [endpoint.url] * 8))
    answers = [json.loads(body) for body in endpoint.bodies]
    assert len({answer["RequestId"] for answer in answers}) == len(answers) == 1000
    assert {answer["Status"] for answer in answers} == {"SUCCESS", "FAILED"}


def test_P10_a_timer_that_fires_too_late_answers_for_nobody_else(scripted: Aws) -> None:
    """Lambda freezes the function just when the timer has fired; thawed with the next request, it says nothing."""
    ask(scripted, "import builtins; builtins.fired = helper._timer.function; answer = 'first'")
    answer = ask(scripted, "import builtins; builtins.fired(); answer = 'second'")
    assert (answer.status, answer.physical_id) == ("SUCCESS", "second")


def test_P11_a_hidden_answer_hides_no_later_one(scripted: Aws) -> None:
    """The second request on the same warm function is answered in the open."""
    ask(scripted, "helper.NoEcho = True; answer = 'id'")
    ask(scripted, "answer = 'id'")
    assert [json.loads(put.body)["NoEcho"] for put in scripted.endpoint.puts] == [True, False]


def test_L11_a_line_that_quotes_the_signed_address_is_written_without_it(scripted: Aws) -> None:
    """The rest of the line is there."""
    line = "logging.getLogger('library').warning('PUT %s failed', event['ResponseURL'])"
    ask(scripted, f"import logging; {line}; answer = 'id'")
    log = scripted.cloudformation.function.log
    assert "PUT … failed" in log
    assert SIGNATURE not in log


def test_D23_an_id_that_a_delete_returns_is_not_answered(scripted: Aws) -> None:
    """CloudFormation takes a Delete for failed whose answer has another id, so it has the one of the request."""
    answer = ask(scripted, "answer = 'another'", "Delete")
    assert (answer.status, answer.physical_id) == ("SUCCESS", "known")
