"""A plan: what the next deployment of an app does to each of its jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bedrock_batch.assembly import AssemblyError, NextStack, read_assembly
from bedrock_batch.plan.amount import Amount, total
from bedrock_batch.plan.planned_job import Action, PlannedJob
from bedrock_batch.plan.specification import JOB, RUN
from bedrock_batch.plan.stack_plan import StackPlan
from bedrock_batch.values import counted, shortened

if TYPE_CHECKING:
    import os

# By which templates ask for a version of the CDK's own resources.
_OF_CDK = "BootstrapVersion"
#: Makes a boto3 client of a service, in a Region; None is the Region of whoever makes it.
Clients: TypeAlias = Callable[[str, "str | None"], Any]


@dataclass(frozen=True)
class Plan:
    """What a deployment does; printed, it is the totals.

    Attributes
    ----------
    jobs : tuple of PlannedJob
        In the order of the app's stacks, and of their templates.
    """

    jobs: tuple[PlannedJob, ...]

    def of(self, *actions: Action) -> list[PlannedJob]:
        """Choose the jobs to which something is done."""
        return [job for job in self.jobs if job.action in actions]

    @property
    def pays_nothing(self) -> bool:
        """Whether it is known that nothing is run and paid."""
        return not self.of(Action.RUNS, Action.UNKNOWN)

    @property
    def paid(self) -> Amount:
        """What all jobs read that are run and paid; nothing of it is told where one of them does not tell it."""
        return total(job.amount or Amount() for job in self.of(Action.RUNS))

    def __str__(self) -> str:
        return "; ".join(_totals(self)) or "no job is there, and none is to be"


def plan_deployment(
    assembly: str | os.PathLike[str],
    clients: Clients,
    *,
    stack: str | None = None,
    parameters: Mapping[str, str] | None = None,
    destroy: bool = False,
) -> Plan:
    """Say what the next deployment of an app does to each of its jobs, before anything is paid.

    Nothing is changed. What only CloudFormation will know makes a plan say that it cannot tell; it never says that
    nothing is paid where something may be.

    Parameters
    ----------
    assembly : str or path
        The folder that ``cdk synth`` has written, such as ``cdk.out``.
    clients : callable
        Makes a boto3 client of a service (``sts``, ``cloudformation``, ``bedrock``, ``s3``, ``stepfunctions``) in a
        Region, or in that of its own for None.
    stack : str
        The name of one stack, or what the CDK CLI calls it. Default: all stacks of the app.
    parameters : mapping of str to str
        What the deployment is given, by ``Name`` or ``Stack:Name``. Default: none; as ``cdk deploy`` has it, the
        parameters of a stack stay what they are.
    destroy : bool
        Whether the stacks are destroyed instead. Default: they are deployed.

    Returns
    -------
    Plan
        A line a job.

    Raises
    ------
    AssemblyError
        If the folder is no cloud assembly, or the app has no such stack or parameter.
    botocore.exceptions.ClientError
        If a service refuses to tell.
    """
    stacks = _chosen(read_assembly(Path(assembly)), stack)
    _check_parameters(stacks, parameters or {})
    region = next((each.region for each in stacks if each.region), None)
    caller = clients("sts", region).get_caller_identity()
    planned = [
        job for each in stacks for job in _of_stack(each, caller, clients, dict(parameters or {}), destroy=destroy)
    ]
    return Plan(tuple(_with_moves(planned)))


def _chosen(stacks: list[NextStack], name: str | None) -> list[NextStack]:
    found = [each for each in stacks if name in (None, each.name, each.id)]
    if name is not None and not found:
        there = ", ".join(each.id for each in stacks) or "none"
        raise AssemblyError(f"the app has no stack {shortened(name, 128)}; name one of those that it has: {there}")
    return found


def _check_parameters(stacks: list[NextStack], given: Mapping[str, str]) -> None:
    there = [(each.name, name) for each in stacks for name in each.members("Parameters")]
    for name in given:
        if not any(name in (parameter, f"{stack}:{parameter}") for stack, parameter in there):
            known = ", ".join(f"{stack}:{parameter}" for stack, parameter in there if parameter != _OF_CDK) or "none"
            raise AssemblyError(
                f"no stack has the parameter {shortened(name, 128)}; name one of those that there are: {known}"
            )


def _of_stack(
    stack: NextStack, caller: Mapping[str, str], clients: Clients, parameters: Mapping[str, str], *, destroy: bool
) -> Iterator[PlannedJob]:
    if stack.account not in (None, caller["Account"]):
        doubt = f"the stack is of account {stack.account}, and these credentials are of {caller['Account']}"
        return _all_unknown(stack, doubt)
    given = {name.removeprefix(f"{stack.name}:"): value for name, value in parameters.items()}
    return iter(StackPlan.read(stack, caller, clients, given, destroy=destroy).jobs())


def _all_unknown(stack: NextStack, doubt: str) -> Iterator[PlannedJob]:
    for name, resource in stack.members("Resources").items():
        if resource.get("Type") in (JOB, RUN):
            is_run = resource["Type"] == RUN
            path = f"{stack.name}/{name}"
            yield PlannedJob(
                stack=stack.name, logical_id=name, path=path, is_run=is_run, action=Action.UNKNOWN, reason=doubt
            )


def _with_moves(planned: list[PlannedJob]) -> Iterator[PlannedJob]:
    """Say of a job that runs because its resource is new whether it takes the place of one whose resource goes."""
    going = [job for job in planned if job.action in (Action.GOES, Action.STOPPED) and job.content]
    for job in planned:
        alike = [each for each in going if job.is_paid and not job.changes and each.content == job.content]
        # Of several, that which is called alike; each is in the place of one.
        before = next((each for each in alike if each.logical_id == job.logical_id), next(iter(alike), None))
        going = [each for each in going if each is not before]
        said = f"it reads what {before.path} does, which goes: to rename or to move is to make anew" if before else ""
        yield job.because(said)


def _read(runs: list[PlannedJob]) -> str:
    known = [job.amount for job in runs if job.amount and job.amount.records is not None]
    if not known:
        return str(total(job.amount or Amount() for job in runs))
    missing = len(runs) - len(known)
    return f"{total(known)}{f', without {missing:,} of which it cannot be told' if missing else ''}"


def _totals(plan: Plan) -> Iterator[str]:
    runs, unknown = plan.of(Action.RUNS), plan.of(Action.UNKNOWN)
    if runs:
        yield f"{counted(len(runs), 'job')} {'runs and is' if len(runs) == 1 else 'run and are'} paid: {_read(runs)}"
    for count, one, several in (
        (len([job for job in plan.jobs if job.is_stopped]), "is stopped", "are stopped"),
        (len(plan.of(Action.ADOPTED)), "is taken from an earlier deployment", "are taken from earlier deployments"),
        (len(plan.of(Action.NOTHING)), "is unchanged", "are unchanged"),
        (len(plan.of(Action.IN_PLACE)), "is changed in place", "are changed in place"),
        (len(plan.of(Action.GOES)), "goes from its stack", "go from their stacks"),
        (len(plan.of(Action.FAILS)), "fails the deployment", "fail the deployment"),
        (len(unknown), "cannot be told", "cannot be told"),
    ):
        if count:
            yield f"{count:,} {one if count == 1 else several}"
