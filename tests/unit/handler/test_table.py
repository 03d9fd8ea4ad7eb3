"""The table, and who is asked to look: what is sent to AWS, checked by its own client, and what comes back."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.model import OperationModel
from botocore.session import Session
from botocore.stub import ANY, Stubber

from model_invocation_job.errors import NotYetPermittedError, ThrottledError
from model_invocation_job.waiting.looks import StepFunctionsLooks, name_of
from model_invocation_job.waiting.table import DynamoDbTable
from model_invocation_job.waiting.waits import Wait

JOB = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/job000000000"
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:Looks"
HELD = Wait(JOB, "Job#first", "first", 100, 700, event='{"ResponseURL": "https://canary"}', rolled_back=False)
CONDITION = Wait(JOB, "Condition", "first", 100, 700, stack="stack")
REFUSED = "ConditionalCheckFailedException"


def client(service: str) -> Any:
    return Session().create_client(service, "us-east-1", aws_access_key_id="id", aws_secret_access_key="key")


def check_names(params: dict[str, Any], model: OperationModel, **_: Any) -> None:
    """Refuse, as DynamoDB does, names and values in expressions that are not declared, or declared and not there."""
    said = " ".join(text for name, text in params.items() if name.endswith("Expression"))
    for kind, sign in (("ExpressionAttributeNames", "#"), ("ExpressionAttributeValues", ":")):
        if kind in model.input_shape.members:
            assert set(re.findall(rf"{sign}\w+", said)) == set(params.get(kind, ()))


@pytest.fixture
def aws() -> Iterator[Stubber]:
    with Stubber(client("dynamodb")) as stubber:
        stubber.client.meta.events.register("before-parameter-build.dynamodb", check_names)
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def table(aws: Stubber) -> DynamoDbTable:
    return DynamoDbTable(aws.client, "waits")


def stored(aws: Stubber, table: DynamoDbTable, wait: Wait) -> dict[str, Any]:
    """Return the item that a wait is kept as."""
    items: list[dict[str, Any]] = []
    aws.client.meta.events.register("provide-client-params.dynamodb.PutItem", lambda params, **_: items.append(params))
    aws.add_response("put_item", {})
    assert table.put(wait) == wait
    item: dict[str, Any] = items[0]["Item"]
    return item


@pytest.mark.parametrize("wait", [HELD, CONDITION, replace(HELD, rolled_back=None)])
def test_a_wait_comes_back_as_it_was_kept(aws: Stubber, table: DynamoDbTable, wait: Wait) -> None:
    item = stored(aws, table, wait)
    assert item["Expires"] == {"N": str(700 + 86_400)}
    aws.add_response("get_item", {"Item": item}, {"TableName": "waits", "Key": ANY, "ConsistentRead": True})
    assert table.get(wait.job, wait.name) == wait
    aws.add_response("query", {"Items": [item]})
    assert table.of(JOB) == [wait]
    aws.add_response("update_item", {"Attributes": {**item, "Busy": {"N": "900"}}})
    assert table.lease(wait.job, wait.name, 200, 900) == wait


def test_a_wait_of_the_same_request_stands(aws: Stubber, table: DynamoDbTable) -> None:
    item = stored(aws, table, HELD)
    aws.add_client_error("put_item", REFUSED)
    aws.add_response("get_item", {"Item": item})
    assert table.put(replace(HELD, until=999)) == HELD


def test_what_somebody_else_has_or_is_gone_is_no_error(aws: Stubber, table: DynamoDbTable) -> None:
    for call in ("update_item", "update_item", "delete_item"):
        aws.add_client_error(call, REFUSED)
    assert table.lease(JOB, "Job#first", 200, 900) is None
    table.release(HELD)
    table.delete(HELD)
    aws.add_response("get_item", {})
    assert table.get(JOB, "Job#first") is None


def test_notes_come_back_as_they_were_written(aws: Stubber, table: DynamoDbTable) -> None:
    item = {"Job": {"S": "stack#Job"}, "Wait": {"S": "policies"}, "Policies": {"L": [{"S": "First"}, {"S": "Second"}]}}
    aws.add_response("put_item", {}, {"TableName": "waits", "Item": item})
    table.note("stack#Job", "policies", ["First", "Second"])
    aws.add_response("get_item", {"Item": item})
    assert table.noted("stack#Job", "policies") == ("First", "Second")
    aws.add_response("get_item", {})
    assert table.noted("stack#Job", "policies") == ()
    aws.add_response("delete_item", {}, {"TableName": "waits", "Key": {name: item[name] for name in ("Job", "Wait")}})
    table.drop("stack#Job", "policies")


@pytest.mark.parametrize(
    ("code", "error"),
    [("AccessDeniedException", NotYetPermittedError), ("ProvisionedThroughputExceededException", ThrottledError)],
)
def test_a_refusal_says_what_was_refused(aws: Stubber, table: DynamoDbTable, code: str, error: type[Exception]) -> None:
    aws.add_client_error("put_item", code)
    with pytest.raises(error, match="cannot be written down"):
        table.put(HELD)
    aws.add_client_error("get_item", code)
    with pytest.raises(error, match="cannot be read"):
        table.get(JOB, "Job#first")


def test_who_looks_gets_the_key_and_no_more() -> None:
    with Stubber(client("stepfunctions")) as aws:
        order = f'{{"function": "arn", "look": {{"Job": "{JOB}", "Wait": "Job#first"}}, "seconds": 5, "over": false}}'
        sent = {"stateMachineArn": MACHINE, "name": name_of(HELD), "input": order}
        aws.add_response("start_execution", {"executionArn": "arn", "startDate": 0}, sent)
        looks = StepFunctionsLooks(aws.client, MACHINE, "arn")
        looks.start(HELD, 5)
        aws.add_client_error("start_execution", "ExecutionAlreadyExists")
        looks.start(HELD, 5)
        aws.add_client_error("start_execution", "AccessDeniedException")
        with pytest.raises(NotYetPermittedError, match="nobody can be asked to look"):
            looks.start(HELD, 5)
        aws.assert_no_pending_responses()


def test_an_execution_has_the_same_name_each_time_and_another_for_each_wait() -> None:
    names = {name_of(wait) for wait in (HELD, replace(HELD, event=""), CONDITION, replace(HELD, until=701))}
    assert len(names) == 3
    assert all(len(name) <= 80 and name.replace("-", "").isalnum() for name in names)
