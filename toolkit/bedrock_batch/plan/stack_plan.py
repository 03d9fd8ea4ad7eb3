"""What a deployment of one stack does to its jobs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bedrock_batch.jobs.arn import caller_place
from bedrock_batch.plan.comparison import Comparison, compare
from bedrock_batch.plan.decision import decide
from bedrock_batch.plan.pipeline_runs import Runs
from bedrock_batch.plan.planned_job import Action, PlannedJob
from bedrock_batch.plan.reading import Reading
from bedrock_batch.plan.resource import JobResource
from bedrock_batch.plan.specification import JOB, RUN
from bedrock_batch.plan.template.known import Fate
from bedrock_batch.plan.there import Jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bedrock_batch.assembly import NextStack

_READ = (Action.RUNS, Action.UNKNOWN)


@dataclass
class StackPlan:
    """The jobs of a stack and of those nested in it.

    Attributes
    ----------
    comparison : Comparison
        The stack.
    there : Jobs
        The jobs that there are.
    runs : Runs
        The runs of pipelines that there are.
    reading : Reading
        Reads their input.
    """

    comparison: Comparison
    there: Jobs
    runs: Runs
    reading: Reading
    _decided: dict[tuple[tuple[str, ...], str], PlannedJob] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        stack: NextStack,
        caller: Mapping[str, str],
        clients: Callable[[str, str | None], Any],
        parameters: Mapping[str, str],
        *,
        destroy: bool,
    ) -> StackPlan:
        """Read a stack as it is and as it is to be.

        Raises
        ------
        botocore.exceptions.ClientError
            If CloudFormation refuses.
        """
        cloudformation = clients("cloudformation", stack.region)
        place = caller_place(caller["Arn"], cloudformation.meta.region_name)
        compared = compare(cloudformation, stack, place, parameters, destroyed=destroy)
        there = Jobs(clients("bedrock", stack.region))
        runs = Runs(partial(clients, "stepfunctions", stack.region))
        return cls(compared, there, runs, Reading(stack.files, clients("s3", stack.region)))

    def jobs(self) -> list[PlannedJob]:
        """Say what is done to each job.

        Raises
        ------
        botocore.exceptions.ClientError
            If a service refuses to tell.
        """
        everywhere = list(self.comparison.everywhere())
        # First all of them: a job may use what another one tells, in whichever stack that is.
        for each in everywhere:
            each.settled = partial(self._settled, each)
        return [planned for each in everywhere for planned in self._of(each)]

    def _of(self, compared: Comparison) -> Iterator[PlannedJob]:
        names = list(_names(compared))
        yield from (self._planned(compared, name) for name in names)
        if compared.hides and not names:
            path = "/".join(compared.path)
            yield PlannedJob(
                stack=path, logical_id="", path=path, is_run=False, action=Action.UNKNOWN, reason=compared.hides
            )

    def _planned(self, compared: Comparison, name: str) -> PlannedJob:
        key = (compared.path, name)
        if key not in self._decided:
            resource = JobResource(compared, name, self.there)
            self._decided[key] = self._with_amount(resource, decide(resource, self.runs))
        return self._decided[key]

    def _with_amount(self, resource: JobResource, planned: PlannedJob) -> PlannedJob:
        side = resource.comparison.old if resource.will_be is False else resource.comparison.new
        if resource.name not in side.resources:
            return planned
        properties = side.properties(resource.name)
        amount = self.reading.amount(properties) if planned.action in _READ else None
        return replace(planned, amount=amount, content=self.reading.content(properties))

    def _settled(self, compared: Comparison, name: str) -> tuple[Fate, str] | None:
        if name not in _names(compared):
            return None
        action = self._planned(compared, name).action
        if action in (Action.NOTHING, Action.IN_PLACE):
            return Fate.SAME if action is Action.NOTHING else Fate.IN_PLACE, ""
        if action in (Action.RUNS, Action.ADOPTED):
            return Fate.NEW, ""
        return Fate.UNKNOWN, f"it is not known what becomes of {name}"


def _names(compared: Comparison) -> Iterator[str]:
    there = compared.deployed.kinds if compared.deployed else {}
    names = dict.fromkeys([*compared.new.resources, *there])
    return (name for name in names if {compared.new.kind(name), there.get(name)} & {JOB, RUN})
