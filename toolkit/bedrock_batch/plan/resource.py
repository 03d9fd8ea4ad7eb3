"""A resource by which a stack has a job, or runs a pipeline: what is known of it before and after a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bedrock_batch.plan.planned_job import Action, Change, Fallback, PlannedJob
from bedrock_batch.plan.specification import RUN, Identity, results_of, specification
from bedrock_batch.plan.template.known import NotKnownError, Text, Value, shown
from bedrock_batch.plan.there import has_results, is_live

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bedrock_batch.jobs.job import Job
    from bedrock_batch.plan.comparison import Comparison
    from bedrock_batch.plan.template.differences import Difference
    from bedrock_batch.plan.template.side import Side
    from bedrock_batch.plan.there import Jobs

_MACHINE = "StateMachineArn"
_PATH = "aws:cdk:path"
_FINISHED = "FINISHED"


@dataclass
class JobResource:
    """One resource, on both sides.

    Attributes
    ----------
    comparison : Comparison
        Its stack.
    name : str
        Its logical id.
    jobs : Jobs
        The jobs that there are.
    """

    comparison: Comparison
    name: str
    jobs: Jobs

    @property
    def is_run(self) -> bool:
        """Whether it runs a pipeline."""
        deployed = self.comparison.deployed
        return RUN in (self.comparison.new.kind(self.name), deployed.kinds.get(self.name) if deployed else None)

    @property
    def is_there(self) -> bool:
        """Whether it is deployed."""
        return self.comparison.is_there(self.name)

    @property
    def will_be(self) -> bool | None:
        """Whether it is to be; None where that is not known."""
        return self.comparison.new.is_there(self.name)

    @property
    def doubt(self) -> str:
        """Why nothing can be told of it; empty if something can."""
        compared = self.comparison
        if compared.doubt:
            return compared.doubt
        if self.is_there and self.name not in compared.old.resources:
            return "it is left of another deployment: the deployed template does not have it"
        if self.will_be is None:
            return f"whether the condition {compared.new.resources[self.name]['Condition']} holds is not known"
        if self.is_there and self.will_be and compared.old.kind(self.name) != compared.new.kind(self.name):
            return "CloudFormation refuses another type of resource under the same logical id"
        return ""

    @cached_property
    def job(self) -> Job | None:
        """The job that it stands for; None where there is none, or Bedrock no longer knows it."""
        return self.jobs.of(self.physical_id) if self.is_there and not self.is_run else None

    @property
    def physical_id(self) -> str:
        """The ARN of its job, or of its pipeline's run."""
        return self.comparison.old.physical.get(self.name, "")

    @property
    def status(self) -> str:
        """How its job is, in words."""
        return self.job.status if self.job else "no longer known to Bedrock"

    @property
    def is_settled(self) -> bool:
        """Whether its job has its results, or is gone: what only matters while it runs is no reason to run again."""
        return self.job is None or has_results(self.job.status, partial=self.takes_partial)

    @property
    def takes_partial(self) -> bool:
        """Whether results of some of the records are enough."""
        return shown(self.said(self.comparison.new, "AcceptPartialCompletion")) == "true"

    def is_awaited(self, side: Side) -> bool:
        """Say whether the deployment waits until the job has its results."""
        return shown(self.said(side, "WaitUntil")) == _FINISHED

    def said(self, side: Side, name: str) -> Value:
        """Return what one of its properties is on a side."""
        return side.properties(self.name).get(name)

    def specified(self, side: Side) -> dict[str, Value]:
        """Return what makes it what it is: for another one, another job is run."""
        properties = side.properties(self.name)
        whole = specification(properties, side.place.get("AWS::AccountId", ""))
        if not self.is_run:
            return whole
        # Of another state machine it is another run.
        return results_of(whole) | ({_MACHINE: properties[_MACHINE]} if _MACHINE in properties else {})

    def identity(self, **more: Value) -> Identity | None:
        """Return how the jobs of the next specification are known; None where a part of it is not."""
        deployed, whole = self.comparison.deployed, {**self.specified(self.comparison.new), **more}
        whole.pop(_MACHINE, None)
        try:
            return Identity.of(deployed.stack_id if deployed else "", self.name, whole)
        except NotKnownError:
            return None

    def becomes(self, policy: str) -> Fallback | None:
        """Say what becomes of its job when it stands for it no more; None where it never had one.

        Parameters
        ----------
        policy : str
            The attribute of the resource that says whether CloudFormation retains it then.
        """
        if not self.is_there or self.is_run:
            return None
        if self.job is None or not is_live(self.job):
            return Fallback.OVER
        old = self.comparison.old
        is_kept = str(old.resources[self.name].get(policy, "")).startswith("Retain")
        is_left = self.is_awaited(old) and self.jobs.is_left(self.job)
        stops = shown(self.said(old, "StopOnDelete")) != "false"
        return Fallback.STOPPED if stops and not is_kept and not is_left else Fallback.GOES_ON

    def plan(self, action: Action, found: Iterable[Difference] = (), reason: str = "", **more: Any) -> PlannedJob:  # noqa: ANN401 - members
        """Say what is done."""
        side = self.comparison.old if self.will_be is False else self.comparison.new
        told = self.specified(side).get("modelId") if self.name in side.resources else None
        return PlannedJob(
            stack="/".join(self.comparison.path),
            logical_id=self.name,
            path=_path(side.resources.get(self.name, {})) or "/".join((*self.comparison.path, self.name)),
            is_run=self.is_run,
            action=action,
            changes=tuple(map(Change.of, found)),
            reason=reason,
            before=self.job,
            model=(told.value or "") if isinstance(told, Text) else "",
            region=side.place["AWS::Region"],
            **more,
        )


def _path(resource: Mapping[str, Any]) -> str:
    """Return the path of the construct, without what it calls its resource; nothing where the template has none."""
    metadata = resource.get("Metadata")
    return str(metadata.get(_PATH, "")).removesuffix("/Resource") if isinstance(metadata, dict) else ""
