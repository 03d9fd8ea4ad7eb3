"""Writes that are refused as a whole, in the words that DynamoDB's own description has for it."""

import re
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session
from botocore.stub import Stubber

from batch_inference_pipeline.ledger.transactions import Transactions

CANCELED = "TransactionCanceledException"
WRITE = {"Delete": {"TableName": "ledger", "Key": {"Run": {"S": "run"}}}}


@pytest.fixture
def aws() -> Iterator[Stubber]:
    client = Session().create_client("dynamodb", "us-east-1", aws_access_key_id="id", aws_secret_access_key="key")
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def cancel(aws: Stubber, word: str) -> None:
    """Let the next transaction be canceled, for the one reason whose code has a word in it."""
    documentation = aws.client.meta.service_model.shape_for(CANCELED).documentation
    (code,) = {code for code in re.findall(r"Code: <code>(\w+)</code>", documentation) if word in code}
    reasons = {"CancellationReasons": [{"Code": "None"}, {"Code": code}]}
    aws.add_client_error("transact_write_items", CANCELED, modeled_fields=reasons)


def test_who_writes_at_the_same_time_as_another_comes_again(aws: Stubber) -> None:
    cancel(aws, "Conflict")
    cancel(aws, "Conflict")
    aws.add_response("transact_write_items", {})
    waited: list[float] = []
    assert Transactions(aws.client, waited.append).write(WRITE)
    assert len(waited) == 2


def test_a_condition_that_does_not_hold_is_no_error(aws: Stubber) -> None:
    cancel(aws, "ConditionalCheck")
    assert not Transactions(aws.client, pytest.fail).write(WRITE)


def test_what_is_canceled_for_another_reason_is_one(aws: Stubber) -> None:
    cancel(aws, "Validation")
    with pytest.raises(ClientError, match=CANCELED):
        Transactions(aws.client, pytest.fail).write(WRITE)
