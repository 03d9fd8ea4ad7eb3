"""A run of a pipeline with which something is tried, and what is told of it."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from .pipeline_roles import Role
from .pipelines import Pipeline
from .waits import eventually

DENIED = "is not authorized to perform: "
FUNCTIONS = ("Jobs", "Data", "Demand")
#: Those of a run.
_JOBS = 2


@dataclass(frozen=True)
class Trial:
    """One run of the pipeline, named like no other, with a role as it is now.

    Attributes
    ----------
    patience
        Seconds in which what does not fail in words must have come.
    """

    pipeline: Pipeline
    role: Role
    run: str
    patience: float

    def comes(self, look: Callable[[], object]) -> bool:
        deadline = time.monotonic() + self.patience
        while not look():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.25)
        return True

    def outcome(self, execution: str) -> str:
        """What an execution says that does not succeed; it is stopped as soon as somebody says that it may not."""

        def look() -> str:
            return self._status(execution) or ("DENIED" if DENIED in self.told(execution) else "")

        status = eventually(look, pause=1)
        if status == "SUCCEEDED":
            return ""
        told = self.told(execution)
        with suppress(ClientError):
            self.pipeline.states.stop_execution(executionArn=execution)
        return told

    def _status(self, execution: str) -> str:
        status = str(self.pipeline.states.describe_execution(executionArn=execution)["status"])
        return "" if status == "RUNNING" else status

    def told(self, execution: str) -> str:
        """The histories of an execution and its children, and what the functions have logged meanwhile."""
        states = self.pipeline.states
        began = states.describe_execution(executionArn=execution)["startDate"].timestamp()
        arns = [execution, *(child["executionArn"] for child in self.pipeline.children(execution))]
        histories = [states.get_execution_history(executionArn=arn, includeExecutionData=True) for arn in arns]
        events = [json.dumps(event, default=str) for history in histories for event in history["events"]]
        return "\n".join([*events, *(line for name in FUNCTIONS for line in self.log(name, began))])

    def log(self, function: str, began: float) -> list[str]:
        (group,) = (name for name in self.pipeline.log_groups if f"{function}Logs" in name)
        pages = self.pipeline.aws.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=group, startTime=int(began * 1000))
        return [event["message"] for page in found for event in page["events"]]

    def held(self, status: str, run: str) -> tuple[str, list[Mapping[str, Any]]]:
        """Begin a run, and return it with its jobs once all are in a status, which others hold them in.

        Without jobs if it is over before, or somebody says that it may not.
        """
        execution = self.pipeline.start(run)

        def there() -> list[Mapping[str, Any]]:
            jobs = [job for job in self.pipeline.jobs_of(run) if job["status"] == status]
            return jobs if len(jobs) == _JOBS else []

        eventually(lambda: there() or self._status(execution) or DENIED in self.told(execution), pause=0.5)
        return execution, there()
