"""The events of jobs, as EventBridge puts them into the queue."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any

from .world import World


@dataclass(frozen=True)
class Events:
    """What has arrived; several trials look at the same time."""

    world: World
    _arrived: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, *names: str) -> list[dict[str, Any]]:
        """Return those of the jobs of these names, as they arrived."""
        with self._lock:
            self._take()
            return [event for event in self._arrived if event["detail"].get("batchJobName") in names]

    def _take(self) -> None:
        sqs, url = self.world.account.client("sqs"), self.world.made["Queue"]
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            self._arrived.extend(json.loads(each["Body"]) for each in messages)
            handles = [{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(messages)]
            sqs.delete_message_batch(QueueUrl=url, Entries=handles)
