"""The children of a Map Run: executions of their own, with a history, a context object and a status of their own.

ministack writes neither history nor context of them, counts them once, when each ends, and asks no role before it ends
them. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_MapRunExecutionCounts.html,
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html,
https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any

from ministack.core.responses import new_uuid, now_iso
from ministack.services import stepfunctions

from bedrock_local.emulator.machines.attempts import STATUS, running_attempt
from bedrock_local.emulator.machines.redrives import revive
from bedrock_local.emulator.machines.roles import denial_of
from bedrock_local.emulator.machines.walks import prepare, run
from bedrock_local.names.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bedrock_local.emulator.machines.attempts import Execution

NEEDS = ("services.stepfunctions._executions",)

_STOP = "states:StopExecution"
# As many as the service begins with.
_MOST_AT_ONCE = 1000
_COUNTED = {
    "RUNNING": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timedOut",
    "ABORTED": "aborted",
    "PENDING_REDRIVE": "pendingRedrive",
}
_UNSUCCESSFUL = ("FAILED", "TIMED_OUT", "ABORTED")
_NEVER = ("pending", "resultsWritten", "failuresNotRedrivable")


class Children:
    """What a Map Run runs for its items.

    Parameters
    ----------
    map_run
        As ministack keeps it.
    """

    def __init__(self, map_run: dict[str, Any]) -> None:
        self._run = map_run
        self._arns: list[str | None] = map_run["_children"]
        self._over = threading.Event()
        self._is_tolerated = True

    def counts(self) -> dict[str, int]:
        """Count them by their status; an item of which none has begun is pending."""
        found = Counter(_COUNTED[child["status"]] for child in self._all())
        counts = {name: found[name] for name in (*_COUNTED.values(), *_NEVER)}
        return {**counts, "pending": len(self._arns) - found.total(), "total": len(self._arns)}

    def unsuccessful(self) -> list[Execution]:
        """Return those that a redrive goes on with."""
        return [child for child in self._all() if child["status"] in _UNSUCCESSFUL]

    def results(self) -> list[Any]:
        """Return what they returned, in the order of the items; null for one that has failed."""
        return [json.loads(child["output"] or "null") for child in self._all()]

    def run(self) -> bool:
        """Run those that have not succeeded, until all have ended or more have failed than may.

        Returns
        -------
        bool
            Whether no more have failed than may.
        """
        todo = [index for index, arn in enumerate(self._arns) if arn is None or not self._has_succeeded(arn)]
        for child in self.unsuccessful():
            child["status"] = "PENDING_REDRIVE"
        left, most = iter(todo), self._run["maxConcurrency"] or _MOST_AT_ONCE
        threads = [
            threading.Thread(target=copy_context().run, args=(self._work, left), daemon=True)
            for _ in range(min(len(todo), most, _MOST_AT_ONCE))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self._is_tolerated

    def give_up(self) -> None:
        """Begin no more, and abort those that run if the role may; else they run on."""
        with STATUS:
            self._over.set()
            begun = [*self._all()]
        role, parent = self._run["_role"], self._run["executionArn"]
        may_stop = Context().run(denial_of, role, Place.of(parent), _STOP, parent) is None
        for child in begun:
            attempt = running_attempt(child)
            if attempt and may_stop:
                attempt.end("ABORTED")
            elif child["status"] == "PENDING_REDRIVE":
                child["status"] = "ABORTED"

    def _work(self, left: Iterator[int]) -> None:
        while not self._over.is_set():
            with STATUS:
                index = next(left, None)
                child = None if index is None or self._over.is_set() else self._begin(index)
            if child is None:
                return
            attempt = running_attempt(child)
            if attempt:
                run(attempt)
            if child["status"] != "SUCCEEDED" and not self._over.is_set() and self._has_failed():
                self._is_tolerated = False
                self.give_up()

    def _begin(self, index: int) -> Execution:
        arn = self._arns[index]
        if arn is None:
            child = self._child(self._run["_inputs"][index])
            self._arns[index] = child["executionArn"]
            stepfunctions._executions[child["executionArn"]] = child  # noqa: SLF001 -- no public way in
        else:
            child = stepfunctions._executions[arn]  # noqa: SLF001 -- the same
            revive(child)
        return child

    def _child(self, given: str) -> Execution:
        machine, name, began = self._run["_stateMachineArn"], new_uuid(), now_iso()
        child = {
            "executionArn": f"{machine.replace(':stateMachine:', ':execution:')}:{name}",
            "stateMachineArn": machine,
            "name": name,
            "status": "RUNNING",
            "startDate": began,
            "stopDate": None,
            "input": given,
            "output": None,
            "mapRunArn": self._run["mapRunArn"],
            "events": [],
        }
        about = {"input": given, "roleArn": self._run["_role"]}
        started = {"id": 1, "type": "ExecutionStarted", "timestamp": began, "executionStartedEventDetails": about}
        child["events"].append(started)
        prepare(child, self._run["_processor"], machine.rpartition(":")[2], self._run["_role"])
        return child

    def _has_failed(self) -> bool:
        """Whether more have failed than may."""
        failed = len(self.unsuccessful())
        count, percentage = self._run["toleratedFailureCount"], self._run["toleratedFailurePercentage"]
        exceeds = (count and failed > count, percentage and failed * 100 > percentage * len(self._arns))
        return bool(failed and (any(exceeds) if count or percentage else True))

    def _has_succeeded(self, arn: str) -> bool:
        return bool(stepfunctions._executions[arn]["status"] == "SUCCEEDED")  # noqa: SLF001 -- no public way in

    def _all(self) -> Iterator[Execution]:
        """Go through those that have begun."""
        for arn in self._arns:
            if arn is not None and (child := stepfunctions._executions.get(arn)):  # noqa: SLF001 -- no public way in
                yield child
