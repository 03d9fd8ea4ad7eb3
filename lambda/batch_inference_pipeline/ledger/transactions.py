"""Writes to DynamoDB that are made all together or not at all."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

_REFUSED, _CONFLICT = "ConditionalCheckFailed", "TransactionConflict"
#: Children that end or begin together write the same item: one of them comes first, the others come again.
_TRIES = 12


class Transactions:
    """Transactions, through a boto3 client of the service ``dynamodb``; `sleep` waits between two tries, in seconds."""

    def __init__(self, client: Any, sleep: Callable[[float], None]) -> None:  # noqa: ANN401 (boto3's have no class)
        self._client = client
        self._sleep = sleep

    def write(self, *writes: Mapping[str, Any]) -> bool:
        """Write all or nothing; False where a condition did not hold."""
        for again in range(_TRIES):
            try:
                self._client.transact_write_items(TransactItems=list(writes))
            except ClientError as error:
                reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", ())}
                if _REFUSED in reasons:
                    return False
                if _CONFLICT not in reasons or again == _TRIES - 1:
                    raise
                self._sleep(random.uniform(0, 0.05 * 2 ** min(again, 5)))  # noqa: S311 (no secret)
            else:
                return True
        raise AssertionError
