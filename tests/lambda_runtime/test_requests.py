"""Requests of CloudFormation, answered by the asset in the process that AWS's own client makes of it."""

import sys

import pytest

from tests.faults.aws import Aws, properties
from tests.faults.other_functions import serving_stacks

from .conftest import JOB, Start
from .function import CLIENTS, NATIVE
from .log import Sink


@pytest.mark.parametrize("client", CLIENTS)
def test_a_stack_lives_its_life_on_warm_processes(aws: Aws, start: Start, client: str) -> None:
    function = start(client=client)
    stack = aws.stack()
    with serving_stacks(aws, function):
        assert stack.deploy(JOB) == "CREATE_COMPLETE", stack.reasons
        # CloudFormation has its answer before Lambda has, which would start another process until then.
        function.settle()
        assert stack.deploy({"Job": {**JOB["Job"], **properties(timeoutDurationInHours=48)}}) == "UPDATE_COMPLETE"
        assert stack.destroy() == "DELETE_COMPLETE"
        function.settle()
    assert [each.event["RequestType"] for each in function.invocations] == ["Create", "Update", "Delete", "Delete"]
    assert [each.error for each in function.invocations] == [None] * 4
    create, update = function.invocations[:2]
    assert create.environment is update.environment
    assert aws.bedrock.statuses == ["Stopped", "Stopped"]


def test_the_last_word_answers_twice_on_one_warm_process(aws: Aws, start: Start) -> None:
    last_word = start(aws.last_word)
    event = aws.stack().event("Create", properties())
    for _ in range(2):
        assert last_word.invoke({"requestPayload": event}).error is None
    assert len(last_word.environments) == 1
    assert [answer["Status"] for answer in aws.endpoint.answers(event["RequestId"])] == ["FAILED"] * 2


def test_a_log_that_nobody_reads_costs_no_answer(aws: Aws, start: Start) -> None:
    """Each line that the function writes is an error, for both functions; the last word has to write one, too."""
    function, last_word = start(sink=Sink.BROKEN), start(aws.last_word, sink=Sink.BROKEN)
    stack = aws.stack()
    with serving_stacks(aws, function):
        assert stack.deploy(JOB) == "CREATE_COMPLETE", stack.reasons
        assert stack.destroy() == "DELETE_COMPLETE"
    event = stack.event("Create", properties())
    aws.endpoint.meet(503)
    assert last_word.invoke({"requestPayload": event}).error is None
    assert [put.status for put in aws.endpoint.puts[-2:]] == [503, 200]


def test_the_client_is_aws_s_own_to_the_last_part_where_aws_builds_that() -> None:
    """For Linux there is a native part for each Python that we support; a Mac has all of the client but that."""
    assert (NATIVE in CLIENTS) == (sys.platform == "linux")
