"""Runs of pipelines that begin when a stack is deployed: executions, each named by a digest of what it is to do.

It is looked at as the function does it, in ``model_invocation_job/runs/run.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.jobs.arn import execution_arn
from bedrock_batch.plan.planned_job import Action, PlannedJob
from bedrock_batch.plan.template.known import Text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bedrock_batch.plan.resource import JobResource
    from bedrock_batch.plan.template.differences import Difference

#: The error of an execution that a deployment stopped: when its content is deployed again, it goes on.
STOPPED_BY_DEPLOYMENT = "StoppedByDeployment"
_RUNNING = ("RUNNING", "PENDING_REDRIVE")


@dataclass(frozen=True)
class Runs:
    """Looks for runs.

    Attributes
    ----------
    states : callable
        Makes a client for ``stepfunctions``, which few plans need.
    """

    states: Callable[[], Any]

    def going(self, resource: JobResource) -> PlannedJob:
        """Say what becomes of a run whose resource goes."""
        runs = self._is_running(resource.physical_id)
        reason = "it goes on, and is stopped with its jobs" if runs else "it is over; what it has written stays"
        return resource.plan(Action.STOPPED if runs else Action.GOES, reason=reason)

    def beginning(self, resource: JobResource, found: Sequence[Difference] = ()) -> PlannedJob:
        """Say what becomes of content that the resource has not stood for before."""
        planned = resource.plan(Action.RUNS, found, "" if found else "its resource is new")
        if self._is_running(resource.physical_id):
            planned = planned.because("the run before goes on, and is stopped with its jobs")
        machine, identity = resource.said(resource.comparison.new, "StateMachineArn"), resource.identity()
        if identity is None or not isinstance(machine, Text) or machine.value is None:
            return planned
        wanted = execution_arn(machine.value, identity.run)
        there = self._described(wanted)
        # What has been run already needs no place beside another one.
        others = self._others(machine.value, {wanted, resource.physical_id}) if there is None or _goes_on(there) else []
        if others and shown(resource.said(resource.comparison.new, "ConcurrentRuns")) != "true":
            return resource.plan(Action.FAILS, found, f"run {_name(others[0])} goes on, and there is one at a time")
        return _of_content(resource, found, planned, there)

    def _is_running(self, execution: str) -> bool:
        there = self._described(execution) if ":execution:" in execution else None
        return bool(there and there["status"] in _RUNNING)

    def _described(self, execution: str) -> Mapping[str, Any] | None:
        states = self.states()
        try:
            found: Mapping[str, Any] = states.describe_execution(executionArn=execution)
        except states.exceptions.ExecutionDoesNotExist:
            return None
        return found

    def _others(self, machine: str, own: set[str]) -> list[str]:
        running = self.states().list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
        return sorted({str(each["executionArn"]) for each in running} - own)


def _of_content(
    resource: JobResource, found: Sequence[Difference], planned: PlannedJob, there: Mapping[str, Any] | None
) -> PlannedJob:
    if there is None:
        return planned
    name, status = _name(str(there["executionArn"])), there["status"]
    if status in (*_RUNNING, "SUCCEEDED"):
        return resource.plan(Action.ADOPTED, found, f"run {name} of this content is {status}, and stands for it")
    if _goes_on(there):
        return planned.because(f"run {name} goes on where a deployment stopped it: what it has got is not paid again")
    reason = f"this content was run before, as {name}, which is {status}: give another run_token to run it anew"
    return resource.plan(Action.FAILS if found else Action.UNKNOWN, found, reason)


def _goes_on(there: Mapping[str, Any]) -> bool:
    """Whether a deployment has stopped an execution, and the next one lets it go on."""
    by_deployment = there["status"] == "ABORTED" and there.get("error") == STOPPED_BY_DEPLOYMENT
    return by_deployment and there.get("redriveStatus") != "NOT_REDRIVABLE"


def _name(execution: str) -> str:
    return execution.rpartition(":")[2]
