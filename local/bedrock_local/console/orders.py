"""What the buttons of the page do: faults, and jobs that are stopped."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bedrock_local.bedrock.faults.fault_format import parse
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.clock import Clock
from bedrock_local.bedrock.jobs.job import IllegalTransitionError, Job
from bedrock_local.bedrock.jobs.status import Status

Order = Callable[[bytes], Mapping[str, str]]


class RefusedOrderError(Exception):
    """What is ordered cannot be done. The message says why."""


@dataclass(frozen=True)
class Orders:
    """Does what the page asks for.

    Parameters
    ----------
    faults
        What goes wrong on demand.
    find_job
        Finds a job by its ARN.
    clock
        What time it is.
    """

    faults: Faults
    find_job: Callable[[str], Job | None]
    clock: Clock

    def named(self, name: str) -> Order | None:
        """Find what a path does; None if nothing."""
        orders: Mapping[str, Order] = {
            "faults/add": self._add_fault,
            "faults/remove": self._remove_fault,
            "jobs/stop": self._stop_job,
        }
        return orders.get(name)

    def _add_fault(self, body: bytes) -> Mapping[str, str]:
        try:
            return {"id": self.faults.add(parse(_object(body)))}
        except ValueError as error:
            raise RefusedOrderError(str(error)) from None

    def _remove_fault(self, body: bytes) -> Mapping[str, str]:
        fault_id = _text(body, "id")
        self.faults.remove(fault_id)
        return {"id": fault_id}

    def _stop_job(self, body: bytes) -> Mapping[str, str]:
        job = self.find_job(_text(body, "id"))
        if job is None:
            raise RefusedOrderError("there is no such job any more")
        try:
            job.move(Status.STOPPING, self.clock())
        except IllegalTransitionError as error:
            raise RefusedOrderError(str(error)) from None
        return {"id": job.arn}


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise RefusedOrderError("the body is a JSON object")
    return value


def _text(body: bytes, member: str) -> str:
    value = _object(body).get(member)
    if not isinstance(value, str):
        raise RefusedOrderError(f"the body is a JSON object with {member}, a text")
    return value
