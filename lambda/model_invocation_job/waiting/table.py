"""The stack's table of what the function has to remember, and the only file that knows boto3's DynamoDB client."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from model_invocation_job.jobs.refusals import code, sorted_out
from model_invocation_job.waiting.waits import Wait

#: Seconds after the end of a wait for which its item is kept: no longer, for it holds a signed address.
_KEPT_SECONDS = 86_400
_REFUSED = "ConditionalCheckFailedException"

Item = Mapping[str, Mapping[str, Any]]


class DynamoDbTable:
    """`Waits` and `Notes`, through a boto3 client of the service ``dynamodb``."""

    def __init__(self, client: Any, name: str) -> None:  # noqa: ANN401 (boto3 makes its clients at run time)
        self._client = client
        self._name = name

    def put(self, wait: Wait) -> Wait:
        """See `Waits.put`."""
        kept = self._conditionally(
            self._client.put_item,
            Item=_item(wait),
            ConditionExpression="attribute_not_exists(#Job) OR #Request <> :request",
            ExpressionAttributeNames=_names("Job", "Request"),
            ExpressionAttributeValues={":request": {"S": wait.request}},
        )
        return wait if kept is not None else self.get(wait.job, wait.name) or wait

    def get(self, job: str, name: str) -> Wait | None:
        """See `Waits.get`."""
        item = self._read(job, name)
        return _wait(item) if item else None

    def lease(self, job: str, name: str, now: int, until: int) -> Wait | None:
        """See `Waits.lease`."""
        taken = self._conditionally(
            self._client.update_item,
            Key=_key(job, name),
            UpdateExpression="SET #Busy = :until",
            ConditionExpression="attribute_exists(#Job) AND #Busy < :now",
            ExpressionAttributeNames=_names("Job", "Busy"),
            ExpressionAttributeValues={":until": _number(until), ":now": _number(now)},
            ReturnValues="ALL_NEW",
        )
        return _wait(taken["Attributes"]) if taken is not None else None

    def release(self, wait: Wait) -> None:
        """See `Waits.release`."""
        self._conditionally(
            self._client.update_item,
            Key=_key(wait.job, wait.name),
            UpdateExpression="SET #Busy = :never",
            # Without it an item that is gone would come to be again, with nothing in it.
            ConditionExpression="#Request = :request",
            ExpressionAttributeNames=_names("Busy", "Request"),
            ExpressionAttributeValues={":never": _number(0), ":request": {"S": wait.request}},
        )

    def delete(self, wait: Wait) -> None:
        """See `Waits.delete`."""
        self._conditionally(
            self._client.delete_item,
            Key=_key(wait.job, wait.name),
            ConditionExpression="#Request = :request",
            ExpressionAttributeNames=_names("Request"),
            ExpressionAttributeValues={":request": {"S": wait.request}},
        )

    def of(self, job: str) -> list[Wait]:
        """See `Waits.of`."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="#Job = :job",
            ExpressionAttributeNames=_names("Job"),
            ExpressionAttributeValues={":job": {"S": job}},
        )
        with sorted_out("what is waited for cannot be listed"):
            return [_wait(item) for page in pages for item in page["Items"]]

    def note(self, owner: str, name: str, texts: Sequence[str]) -> None:
        """See `Notes.note`."""
        item = {**_key(owner, name), name.capitalize(): {"L": [{"S": text} for text in texts]}}
        with sorted_out("what has to be remembered cannot be written down"):
            self._client.put_item(TableName=self._name, Item=item)

    def noted(self, owner: str, name: str) -> tuple[str, ...]:
        """See `Notes.noted`."""
        item = self._read(owner, name) or {}
        return tuple(text["S"] for text in item.get(name.capitalize(), {}).get("L", ()))

    def drop(self, owner: str, name: str) -> None:
        """See `Notes.drop`."""
        with sorted_out("what had to be remembered cannot be removed"):
            self._client.delete_item(TableName=self._name, Key=_key(owner, name))

    def _read(self, job: str, name: str) -> Item | None:
        with sorted_out("what is waited for cannot be read"):
            found = self._client.get_item(TableName=self._name, Key=_key(job, name), ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item

    def _conditionally(self, call: Any, **arguments: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 (a client's)
        """Return the reply, None where the condition did not hold."""
        with sorted_out("what is waited for cannot be written down"):
            try:
                reply: Mapping[str, Any] = call(TableName=self._name, **arguments)
            except ClientError as error:
                if code(error) == _REFUSED:
                    return None
                raise
            return reply


def _item(wait: Wait) -> dict[str, Any]:
    texts = {"Request": wait.request, "Stack": wait.stack, "Event": wait.event}
    numbers = {"Since": wait.since, "Until": wait.until, "Expires": wait.until + _KEPT_SECONDS, "Busy": 0}
    return {
        **_key(wait.job, wait.name),
        **{name: {"S": text} for name, text in texts.items() if text},
        **{name: _number(number) for name, number in numbers.items()},
        **({} if wait.rolled_back is None else {"RolledBack": {"BOOL": wait.rolled_back}}),
    }


def _wait(item: Item) -> Wait:
    return Wait(
        job=item["Job"]["S"],
        name=item["Wait"]["S"],
        request=item.get("Request", {}).get("S", ""),
        since=int(item["Since"]["N"]),
        until=int(item["Until"]["N"]),
        stack=item.get("Stack", {}).get("S", ""),
        event=item.get("Event", {}).get("S", ""),
        rolled_back=item.get("RolledBack", {}).get("BOOL"),
    )


def _key(job: str, name: str) -> dict[str, Any]:
    return {"Job": {"S": job}, "Wait": {"S": name}}


def _names(*names: str) -> dict[str, str]:
    # Several of them are words of DynamoDB's own.
    return {f"#{name}": name for name in names}


def _number(number: int) -> dict[str, str]:
    return {"N": str(number)}
