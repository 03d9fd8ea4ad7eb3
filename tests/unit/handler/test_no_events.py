"""Events that are no events: whatever is in them, they end in a sentence of ours, within CloudFormation's limits."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model_invocation_job import index, last_word
from model_invocation_job.answers.addressee import MAX_RESPONSE
from model_invocation_job.errors import InvalidRequestError, UndeliverableAnswerError
from model_invocation_job.requests.resource_types import JOB as JOB_TYPE

from .answering import Context
from .function import LINK, RESULTS, Function, LambdaContext
from .no_events import ARN, VALUES, anything, names, places, request, with_another
from .response_endpoint import ResponseEndpoint

#: A sentence that says nothing more than that something was not foreseen.
UNFORESEEN = "The function failed"
#: What an answer takes, and a request that says what it is.
NEEDED = ("RequestType", "ResponseURL", "StackId", "RequestId", "LogicalResourceId")
#: Characters of a line in the log.
SHORT = 2000
KINDS = [
    *((kind, JOB_TYPE) for kind in ("Create", "Update", "Delete")),
    *((kind, resource) for resource in (RESULTS, LINK) for kind in ("Create", "Delete")),
]
fuzzed = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def short_lines(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever happens, no line of the log is long."""
    with caplog.at_level(logging.INFO):
        yield
    lines = [index.formatter.format(record) for record in caplog.get_records("call")]
    assert not [line[:SHORT] for line in lines if len(line) > SHORT]


def ended(function: Function, event: Any) -> str:
    """Hand the function an event; return how it ended, which has to be one of the ways that there are."""
    function.endpoint.bodies.clear()
    try:
        index.handler(event, LambdaContext(900))
    except (InvalidRequestError, UndeliverableAnswerError) as error:
        refused: Exception | None = error
    else:
        refused = None
    if refused:
        assert 0 < len(str(refused)) < 300
        assert not function.endpoint.bodies
        return "refused"
    if not function.endpoint.bodies:
        return "held"
    (body,) = function.endpoint.bodies
    assert len(body) <= MAX_RESPONSE
    answer = json.loads(body)
    assert {name: answer[name] for name in ("StackId", "RequestId", "LogicalResourceId")} == {
        name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")
    }
    assert answer["PhysicalResourceId"]
    assert UNFORESEEN not in answer.get("Reason", "")
    return str(answer["Status"])


@pytest.mark.parametrize(("kind", "resource"), KINDS)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_each_member_of_each_type_ends_in_a_sentence(
    function: Function, kind: str, resource: str, value: object
) -> None:
    whole = request(function.endpoint, kind, resource)
    for path in places(whole):
        outcome = ended(function, with_another(whole, path, value))
        if kind == "Delete" and path[0] not in NEEDED:
            assert outcome == "SUCCESS", path


@pytest.mark.parametrize(("kind", "resource"), KINDS)
def test_each_member_that_is_missing_ends_in_a_sentence(function: Function, kind: str, resource: str) -> None:
    whole = request(function.endpoint, kind, resource)
    for name in whole:
        ended(function, {member: value for member, value in whole.items() if member != name})


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (["RequestType"], "Reboot", "'RequestType' must be one of Create, Update, Delete, got another text"),
        (["RequestType"], ["Create"], "'RequestType' must be one of Create, Update, Delete, got a list"),
        (["StackId"], "Stack", "'StackId' must be the ARN of a stack, got another text"),
        (["PhysicalResourceId"], 7, "'PhysicalResourceId' must be a text, got a number"),
        (["ResourceProperties"], None, "the resource's properties must be a map, got nothing"),
        (["ResourceProperties"], VALUES["deep_map"], "the resource's properties must be nested 20 levels deep at most"),
        (
            ["ResourceProperties", "StagedInput", 0, "Target"],
            f"s3://in/{VALUES['not_unicode']}",
            "the resource's properties must be of Unicode text, got half of a surrogate pair",
        ),
        (["ResourceProperties", "Job"], [], "the property 'Job' must be a map, got a list"),
        (["ResourceProperties", "Job", "roleArn"], 7, "the property 'Job.roleArn' must be a text, got a number"),
        (
            ["ResourceProperties", "Job", "outputDataConfig", "s3OutputDataConfig", "s3Uri"],
            None,
            "the property 'Job.outputDataConfig.s3OutputDataConfig.s3Uri' must be a text, got nothing",
        ),
        (["ResourceProperties", "RunToken"], {}, "the property 'RunToken' must be a text, got a map"),
        (["ResourceProperties", "StopOnDelete"], 1, "the property 'StopOnDelete' must be true or false, got a number"),
        (
            ["ResourceProperties", "WaitTimeoutSeconds"],
            "1000000",
            "the property 'WaitTimeoutSeconds' must be a whole number from 0 to 43200, got another one",
        ),
        (
            ["ResourceProperties", "WaitTimeoutSeconds"],
            float("inf"),
            "the property 'WaitTimeoutSeconds' must be a whole number from 0 to 43200, got a number",
        ),
        (
            ["ResourceProperties", "StagedInput", 0, "Target"],
            "in/a.jsonl",
            "the property 'StagedInput' must have S3 URIs as Source and Target, got another text",
        ),
        (
            ["ResourceProperties", "LeftBehind", "Policies"],
            "all",
            "the property 'LeftBehind.Policies' must be a list of texts",
        ),
    ],
)
def test_the_sentence_names_the_member_and_not_its_value(
    function: Function, caplog: pytest.LogCaptureFixture, path: list[Any], value: object, reason: str
) -> None:
    event = with_another(request(function.endpoint, "Update", JOB_TYPE), tuple(path), value)
    assert ended(function, event) == "FAILED"
    assert function.endpoint.answer["Reason"] == reason
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in told] == [reason]
    assert not function.jobs.created


@pytest.mark.parametrize("name", ["StackId", "RequestId", "LogicalResourceId", "ResponseURL"])
def test_an_id_of_100_kb_is_answered_to_nobody(function: Function, name: str) -> None:
    event = request(function.endpoint, "Create", JOB_TYPE)
    assert ended(function, {**event, name: event[name] + "x" * 100_000}) == "refused" or name == "ResponseURL"


@pytest.mark.parametrize("character", ["x", "ü", "\0"])
def test_a_physical_id_of_100_kb_is_cut(function: Function, character: str) -> None:
    event = {**request(function.endpoint, "Create", JOB_TYPE), "PhysicalResourceId": character * 100_000}
    assert ended(function, {**event, "ResourceProperties": {}}) == "FAILED"
    assert set(function.endpoint.answer["PhysicalResourceId"]) == {character}


def test_what_crhelper_would_take_for_orders_is_none(function: Function) -> None:
    event = request(function.endpoint, "Create", JOB_TYPE)
    ended(function, {**event, "CrHelperPoll": True, "CrHelperData": [], "CrHelperRule": "rule"})
    assert function.jobs.created


@pytest.mark.parametrize(
    "told",
    [{"look": look} for look in (*VALUES.values(), *({"Job": value, "Wait": "wait"} for value in VALUES.values()))]
    + [
        {"look": {"Job": ARN, "Wait": value}}
        for name, value in VALUES.items()
        if name not in ("text", "control", "not_unicode")
    ]
    + [{"source": "aws.bedrock", "detail": value} for value in VALUES.values()]
    + [{"source": "aws.bedrock", "detail": {"batchJobArn": value}} for value in VALUES.values()]
    + [{"source": value, "detail": {"batchJobArn": ARN}} for value in VALUES.values()],
    ids=lambda told: repr(told)[:60],
)
@pytest.mark.usefixtures("function")
def test_looks_and_events_of_other_types_are_refused_in_a_sentence(told: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError, match="this function answers CloudFormation only"):
        index.handler(told, LambdaContext(900))


@given(event=anything)
@fuzzed
def test_whatever_it_is_it_ends(function: Function, event: Any) -> None:
    ended(function, event)


@given(
    kind=st.sampled_from(KINDS), properties=anything, old=anything, more=st.dictionaries(names, anything, max_size=2)
)
@fuzzed
def test_whatever_its_properties_are_it_ends(
    function: Function, kind: tuple[str, str], properties: Any, old: Any, more: Mapping[str, Any]
) -> None:
    event = request(function.endpoint, *kind)
    given = {**properties, **more} if isinstance(properties, dict) else properties
    outcome = ended(function, {**event, "ResourceProperties": given, "OldResourceProperties": old})
    assert outcome == "SUCCESS" if kind[0] == "Delete" else outcome in ("SUCCESS", "FAILED", "held")


@given(record=anything)
@fuzzed
def test_the_last_word_never_raises(endpoint: ResponseEndpoint, record: Any) -> None:
    endpoint.bodies.clear()
    last_word.handler(record, Context(2))
    last_word.handler({"requestPayload": record}, Context(2))
    assert not endpoint.bodies


@given(about=anything, said=anything)
@fuzzed
def test_the_last_word_is_told_whatever_is_known_of_the_end(endpoint: ResponseEndpoint, about: Any, said: Any) -> None:
    endpoint.bodies.clear()
    payload = request(endpoint, "Create", JOB_TYPE)
    last_word.handler({"requestPayload": payload, "requestContext": about, "responsePayload": said}, Context(2))
    assert endpoint.answer["Status"] == "FAILED"
    assert len(endpoint.bodies[0]) <= MAX_RESPONSE


@pytest.mark.parametrize("path", list(places(request(ResponseEndpoint("http://127.0.0.1:9/"), "Update", JOB_TYPE))))
def test_the_last_word_on_a_request_with_a_member_of_another_type(
    endpoint: ResponseEndpoint, path: tuple[Any, ...]
) -> None:
    for value in VALUES.values():
        endpoint.bodies.clear()
        payload = with_another(request(endpoint, "Update", JOB_TYPE), path, value)
        last_word.handler({"requestPayload": payload}, Context(2))
        assert len(endpoint.bodies) == 1 or path[0] in NEEDED


@pytest.mark.parametrize("statuses", [[403], [500] * 99])
def test_a_last_word_that_nobody_takes_is_an_error_in_the_log(
    endpoint: ResponseEndpoint, capsys: pytest.CaptureFixture[str], statuses: list[int]
) -> None:
    endpoint.statuses = statuses
    last_word.handler({"requestPayload": request(endpoint, "Create", JOB_TYPE)}, Context(1.3))
    assert "CloudFormation cannot be told" in capsys.readouterr().out
