"""The items of the pipeline's table: written, read, and known by their keys."""

from collections.abc import Mapping
from typing import Any

from batch_inference_pipeline.ledger.attempt import Attempt, AttemptId, State
from batch_inference_pipeline.ledger.ledger import Run

#: Seconds for which an item is kept: a run can be redriven for two weeks, and resumed later.
_KEPT_SECONDS = 400 * 86_400
SHARD, LIVE_SHARD = "shard ", "live "

Item = Mapping[str, Mapping[str, Any]]


def written(attempt: Attempt) -> dict[str, Any]:
    """Return the item of a shard, as it is with an attempt that has just been asked for."""
    texts = {"Name": attempt.name, "Task": attempt.task, "State": attempt.state}
    return {
        **key(attempt.id.run, item_of(attempt.id)),
        **{name: {"S": text} for name, text in texts.items()},
        "Number": number(attempt.id.number),
        "Since": number(attempt.since),
        "Expires": number(attempt.since + _KEPT_SECONDS),
    }


def live_item(attempt: Attempt) -> dict[str, Any]:
    """Return the item that a shard has beside its own until the end of its job was told."""
    expires = number(attempt.since + _KEPT_SECONDS)
    return {**key(attempt.id.run, live_item_of(attempt.id)), "Number": number(attempt.id.number), "Expires": expires}


def id_of(item: Item) -> AttemptId:
    """Read which attempt an item is of."""
    _, round_, shard = item["Item"]["S"].split(" ")
    return AttemptId(item["Run"]["S"], int(round_), shard, int(item["Number"]["N"]))


def attempt_of(item: Item) -> Attempt:
    """Read the item of a shard."""
    texts = {name: item.get(name, {}).get("S", "") for name in ("Name", "Task", "Arn", "Status", "Message")}
    return Attempt(
        id=id_of(item),
        state=State(item["State"]["S"]),
        since=int(item["Since"]["N"]),
        **{name.lower(): text for name, text in texts.items()},
    )


def run_item(run: Run) -> dict[str, Any]:
    """Return what an item says of a run."""
    texts = {"Key": run.key, "Name": run.name, "Execution": run.execution}
    return {
        **{name: {"S": text} for name, text in texts.items()},
        "Since": number(run.since),
        "Until": number(run.until),
        "Limit": number(run.limit),
        "Expires": number(run.since + _KEPT_SECONDS),
    }


def run_of(item: Item) -> Run:
    """Read what an item says of a run."""
    key, name, execution = (item[each]["S"] for each in ("Key", "Name", "Execution"))
    since, until, limit = (int(item[each]["N"]) for each in ("Since", "Until", "Limit"))
    return Run(key, name, execution, since, until, limit)


def item_of(id: AttemptId) -> str:
    """Return the name of a shard's item."""
    return f"{SHARD}{id.round} {id.shard}"


def live_item_of(id: AttemptId) -> str:
    """Return the name of the item beside it."""
    return f"{LIVE_SHARD}{id.round} {id.shard}"


def key(run: str, item: str) -> dict[str, Any]:
    """Return the key of an item."""
    return {"Run": {"S": run}, "Item": {"S": item}}


def names_of(*names: str) -> dict[str, str]:
    """Return what expressions call attributes by: several are words of DynamoDB's own."""
    return {f"#{name}": name for name in names}


def number(number: int) -> dict[str, str]:
    """Return a number as an attribute's value."""
    return {"N": str(number)}
