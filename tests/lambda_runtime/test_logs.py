"""The functions' logs, in both formats of Lambda and in both ways in which its client writes them."""

import json
from datetime import datetime
from typing import Any

import pytest

from tests.faults.aws import Aws, properties
from tests.faults.other_functions import serving_stacks

from .conftest import JOB, Start
from .function import RuntimeFunction
from .log import Sink

pytestmark = [
    pytest.mark.parametrize("log_format", ["Text", "JSON"]),
    pytest.mark.parametrize("sink", [Sink.PLAIN, Sink.FRAMED], ids=lambda sink: sink.name.lower()),
]
#: Those that Lambda's log-level filtering knows. Source: Lambda developer guide, "Log-level filtering".
LEVELS = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}
REFUSED = "CloudFormation refused the answer with HTTP 403"


def own_records(function: RuntimeFunction) -> list[dict[str, Any]]:
    """What the function itself logged: each record is a line of standard output, whatever else there is."""
    (environment,) = function.environments
    records = [json.loads(line) for line in environment.log_sink.lines if not _is_reported(line)]
    for record in records:
        assert record["level"] in LEVELS
        assert datetime.fromisoformat(record["timestamp"]).tzinfo
    return records


def reported(function: RuntimeFunction) -> list[str]:
    """What AWS's client wrote of the handler's errors."""
    (environment,) = function.environments
    return [record for record in environment.log_sink.records if _is_reported(record)]


def _is_reported(record: str) -> bool:
    return record.startswith("[ERROR]") or "errorType" in json.loads(record)


def test_each_line_of_the_function_is_one_record(aws: Aws, start: Start, log_format: str, sink: Sink) -> None:
    """An answer that is tried again, and one that is refused: the handler's error is a record of the client's."""
    function = start(log_format=log_format, sink=sink)
    aws.endpoint.meet(503, 403)
    stack = aws.stack()
    with serving_stacks(aws, function):
        assert stack.deploy(JOB) == "CREATE_COMPLETE", stack.reasons
        function.settle()
        assert stack.destroy() == "DELETE_COMPLETE"
    records = own_records(function)
    told = [(record["level"], record["message"], record["requestType"]) for record in records]
    assert told.count(("INFO", "created a job", "Create")) == 1
    assert told.count(("WARN", "the answer was not accepted: HTTP 503", "Create")) == 1
    assert told.count(("INFO", "stopping the job", "Delete")) == 1
    assert {record["stackId"] for record in records} == {stack.id}
    (error,) = reported(function)
    assert f"UndeliverableAnswerError: {REFUSED}" in error or json.loads(error)["errorMessage"] == REFUSED
    assert (log_format == "JSON") == error.startswith("{")


def test_each_line_of_the_last_word_is_one_record(aws: Aws, start: Start, log_format: str, sink: Sink) -> None:
    last_word = start(aws.last_word, log_format=log_format, sink=sink)
    event = aws.stack().event("Create", properties())
    aws.endpoint.meet(503, 503, 403)
    last_word.deliver({"requestPayload": event})
    last_word.settle()
    records = own_records(last_word)
    told = [(record["level"], record["message"], record["requestId"]) for record in records]
    assert told == [
        *[("WARN", "the answer was not accepted: HTTP 503", event["RequestId"])] * 2,
        ("ERROR", f"CloudFormation cannot be told: {REFUSED}", event["RequestId"]),
    ]
    # Nobody comes after it: what is refused for good is no error that Lambda would repeat.
    assert not reported(last_word)
