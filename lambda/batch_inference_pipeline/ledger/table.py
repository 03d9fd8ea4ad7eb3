"""The pipeline's table, and the only file here that knows boto3's DynamoDB client.

One item for each shard (`Run` the key of the run, `Item` its round and name), and a small one beside it from when a job
is asked for until its end was told, so that a look at a run reads no others; under `Run` ``*`` stand how many places
for jobs are free, and which run goes on.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from batch_inference_pipeline.ledger.attempt import LIVE, Attempt, AttemptId, State
from batch_inference_pipeline.ledger.items import (
    LIVE_SHARD,
    SHARD,
    Item,
    attempt_of,
    id_of,
    item_of,
    key,
    live_item,
    live_item_of,
    names_of,
    number,
    run_item,
    run_of,
    written,
)
from batch_inference_pipeline.ledger.ledger import Run
from batch_inference_pipeline.ledger.transactions import Transactions

_ALL, _PLACES, _CURRENT, _RUN = "*", "places", "current", "run"


class DynamoDbLedger:
    """`Ledger`, through a boto3 client of the service ``dynamodb``.

    Parameters
    ----------
    client
        The client.
    name
        Of the table.
    concurrent
        Whether several runs may go on at once.
    sleep
        Waits between two tries, in seconds.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401 (boto3 makes its clients at run time)
        name: str,
        sleep: Callable[[float], None] = time.sleep,
        *,
        concurrent: bool = False,
    ) -> None:
        self._client = client
        self._name = name
        self._concurrent = concurrent
        self._transactions = Transactions(client, sleep)

    def open(self, run: Run, instead_of: str | None) -> Run | None:
        """See `Ledger.open`."""
        current = {**self._current(run), **run_item(run)}
        free = "attribute_not_exists(#Item) OR #Execution = :own"
        values = {":own": {"S": run.execution}}
        if instead_of:
            free, values = f"{free} OR #Execution = :over", {**values, ":over": {"S": instead_of}}
        taken = self._put(current, free, names=("Item", "Execution"), values=values)
        while not self._transactions.write(taken, self._put({**key(run.key, _RUN), **run_item(run)})):
            # It may be over by now: then nobody is left to make way for.
            if found := self._read_key(self._current(run)):
                return run_of(found)
        return None

    def close(self, run: Run) -> None:
        """See `Ledger.close`."""
        self._transactions.write(
            {
                "Delete": {
                    "TableName": self._name,
                    "Key": self._current(run),
                    "ConditionExpression": "#Execution = :own",
                    "ExpressionAttributeNames": names_of("Execution"),
                    "ExpressionAttributeValues": {":own": {"S": run.execution}},
                }
            }
        )

    def run(self, run: str) -> Run | None:
        """See `Ledger.run`."""
        found = self._read(run, _RUN)
        return run_of(found) if found else None

    def provide(self, places: int) -> None:
        """See `Ledger.provide`."""
        self._client.update_item(
            TableName=self._name,
            Key=key(_ALL, _PLACES),
            UpdateExpression="SET #Taken = if_not_exists(#Taken, :none)",
            ExpressionAttributeNames=names_of("Taken"),
            ExpressionAttributeValues={":none": number(0)},
        )
        self._client.update_item(
            TableName=self._name,
            Key=key(_ALL, _PLACES),
            UpdateExpression="SET #Free = :places - #Taken",
            ExpressionAttributeNames=names_of("Free", "Taken"),
            ExpressionAttributeValues={":places": number(places)},
        )

    def attempt(self, id: AttemptId) -> Attempt | None:
        """See `Ledger.attempt`."""
        found = self._read(id.run, item_of(id))
        return attempt_of(found) if found else None

    def admit(self, attempt: Attempt, previous: Attempt | None) -> bool:
        """See `Ledger.admit`."""
        where, values = "attribute_not_exists(#Item)", {}
        if previous:
            where = "#Number = :number AND #State = :state"
            values = {":number": number(previous.id.number), ":state": {"S": previous.state}}
        names = ("Number", "State") if previous else ("Item",)
        own = self._put(written(attempt), where, names=names, values=values)
        return self._transactions.write(own, self._put(live_item(attempt)), self._place(1))

    def refuse(self, attempt: Attempt, message: str = "") -> None:
        """See `Ledger.refuse`."""
        self._leave(attempt, State.REFUSED, {"Message": message}, self._delete_live_item(attempt))

    def wait(self, attempt: Attempt, task: str) -> None:
        """See `Ledger.wait`."""
        self._change(attempt, {"Task": task})

    def made(self, attempt: Attempt, arn: str) -> None:
        """See `Ledger.made`."""
        # An event may have been here before, and told its end.
        self._change(attempt, {"Arn": arn, "State": State.RUNNING}, only=State.ASKED)

    def end(self, attempt: Attempt, status: str, message: str) -> None:
        """See `Ledger.end`."""
        self._leave(attempt, State.ENDED, {"Status": status, "Message": message, "Arn": attempt.arn})

    def told(self, attempt: Attempt) -> None:
        """See `Ledger.told`."""
        self._transactions.write(self._delete_live_item(attempt))

    def live(self, run: str) -> list[Attempt]:
        """See `Ledger.live`."""
        found = [self.attempt(id_of(item)) for item in self._items(run, LIVE_SHARD)]
        # One may have been refused meanwhile.
        return [attempt for attempt in found if attempt and attempt.state is not State.REFUSED]

    def refusals(self, run: str) -> list[str]:
        """See `Ledger.refusals`."""
        attempts = map(attempt_of, self._items(run, SHARD))
        return [each.message for each in attempts if each.state is State.REFUSED and each.message]

    def _items(self, run: str, kind: str) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="#Run = :run AND begins_with(#Item, :kind)",
            ExpressionAttributeNames=names_of("Run", "Item"),
            ExpressionAttributeValues={":run": {"S": run}, ":kind": {"S": kind}},
        )
        return (item for page in pages for item in page["Items"])

    def _leave(self, attempt: Attempt, state: State, texts: Mapping[str, str], *more: Mapping[str, Any]) -> None:
        self._transactions.write(self._update(attempt, {"State": state, **texts}, LIVE), self._place(-1), *more)

    def _delete_live_item(self, attempt: Attempt) -> dict[str, Any]:
        return {
            "Delete": {
                "TableName": self._name,
                "Key": key(attempt.id.run, live_item_of(attempt.id)),
                # The shard may have another attempt by now.
                "ConditionExpression": "#Number = :number",
                "ExpressionAttributeNames": names_of("Number"),
                "ExpressionAttributeValues": {":number": number(attempt.id.number)},
            }
        }

    def _change(self, attempt: Attempt, texts: Mapping[str, str], only: State | None = None) -> None:
        self._transactions.write(self._update(attempt, texts, {only} if only else set(State)))

    def _update(self, attempt: Attempt, texts: Mapping[str, str], states: Set[State]) -> dict[str, Any]:
        allowed = {f":is{number}": {"S": state} for number, state in enumerate(sorted(states))}
        return {
            "Update": {
                "TableName": self._name,
                "Key": key(attempt.id.run, item_of(attempt.id)),
                "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in texts),
                "ConditionExpression": f"#Number = :number AND #State IN ({', '.join(allowed)})",
                "ExpressionAttributeNames": names_of("Number", "State", *texts),
                "ExpressionAttributeValues": {
                    ":number": number(attempt.id.number),
                    **allowed,
                    **{f":{name}": {"S": text} for name, text in texts.items()},
                },
            }
        }

    def _place(self, taken: int) -> dict[str, Any]:
        """Take a place for a job, or give one back."""
        enough = {"ConditionExpression": "#Free > :none"} if taken > 0 else {}
        return {
            "Update": {
                "TableName": self._name,
                "Key": key(_ALL, _PLACES),
                "UpdateExpression": "ADD #Taken :taken, #Free :free",
                "ExpressionAttributeNames": names_of("Taken", "Free"),
                "ExpressionAttributeValues": {
                    ":taken": number(taken),
                    ":free": number(-taken),
                    **({":none": number(0)} if enough else {}),
                },
                **enough,
            }
        }

    def _put(
        self, item: Item, where: str = "", *, names: tuple[str, ...] = (), values: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self._name, "Item": item}
        if where:
            put |= {"ConditionExpression": where, "ExpressionAttributeNames": names_of(*names)}
            put |= {"ExpressionAttributeValues": values} if values else {}
        return {"Put": put}

    def _current(self, run: Run) -> dict[str, Any]:
        """Return the key of what a run must have for itself: the pipeline, or at least its own name."""
        return key(run.key if self._concurrent else _ALL, _CURRENT)

    def _read(self, run: str, item: str) -> Item | None:
        return self._read_key(key(run, item))

    def _read_key(self, where: Mapping[str, Any]) -> Item | None:
        found: Item | None = self._client.get_item(TableName=self._name, Key=where, ConsistentRead=True).get("Item")
        return found
