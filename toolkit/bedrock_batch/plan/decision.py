"""What a deployment does to the job of one resource.

It decides as the function does, in ``model_invocation_job/provision/keeping.py`` and ``owner/search.py`` (ADR 13).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bedrock_batch.plan.planned_job import Action, Fallback, PlannedJob
from bedrock_batch.plan.specification import ONLY_WHILE_IT_RUNS, is_of_users
from bedrock_batch.plan.template.differences import Difference, differences
from bedrock_batch.plan.template.known import Text, shown, texts_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrock_batch.plan.pipeline_runs import Runs
    from bedrock_batch.plan.resource import JobResource

#: Properties that are looked at otherwise, or say where the function is.
_ASIDE = frozenset({"ServiceToken", "ServiceTimeout", "Job", "RunToken"})
_TOKEN = "clientRequestToken"  # noqa: S105 - the name of a field


def decide(resource: JobResource, runs: Runs) -> PlannedJob:
    """Say what a deployment does to a job.

    Parameters
    ----------
    resource : JobResource
        By which a stack has it.
    runs : Runs
        The runs of pipelines that there are.

    Raises
    ------
    botocore.exceptions.ClientError
        If Bedrock does not tell of the jobs that there are.
    """
    if resource.comparison.refusal:
        return resource.plan(Action.FAILS, reason=resource.comparison.refusal)
    if resource.doubt:
        return resource.plan(Action.UNKNOWN, reason=resource.doubt)
    if not resource.will_be:
        return runs.going(resource) if resource.is_run else _going(resource)
    return _changing(resource, runs) if resource.is_there else _coming(resource, runs)


def _going(resource: JobResource) -> PlannedJob:
    becomes = resource.becomes("DeletionPolicy")
    more = "; what it has written stays as long as its bucket does" if becomes is Fallback.OVER else ""
    action = Action.STOPPED if becomes is Fallback.STOPPED else Action.GOES
    goes_on = " and goes on" if becomes is Fallback.GOES_ON else ""
    planned = resource.plan(action, reason=f"it is {resource.status}{goes_on}{more}", before_is=becomes)
    is_all = not resource.comparison.new.resources
    return planned.because("deployed again, it is run and paid again") if is_all else planned


def _coming(resource: JobResource, runs: Runs) -> PlannedJob:
    if resource.is_run:
        return runs.beginning(resource)
    planned = _answered(resource, ()) or _of_earlier_stack(resource)
    return planned or resource.plan(Action.RUNS, reason="its resource is new").because(_once(resource))


def _changing(resource: JobResource, runs: Runs) -> PlannedJob:
    old, new = resource.comparison.old, resource.comparison.new
    found = list(differences(resource.specified(old), resource.specified(new)))
    # A job that has its results is kept for whatever else changes.
    matter = [each for each in found if not (resource.is_settled and each.path[0] in ONLY_WHILE_IT_RUNS)]
    sure = [each for each in matter if not each.doubt]
    if sure:
        certain = [each for each in found if not each.doubt]
        return runs.beginning(resource, certain) if resource.is_run else _another(resource, certain)
    if matter:
        return resource.plan(Action.UNKNOWN, matter, matter[0].doubt)
    return _kept(resource, found)


def _kept(resource: JobResource, found: Sequence[Difference]) -> PlannedJob:
    others = [each for each in resource.comparison.changes(resource.name) if each.path[0] not in _ASIDE]
    changes = [*found, *{each.path[0]: each for each in others if not each.doubt}.values()]
    if found:
        return resource.plan(Action.IN_PLACE, changes, f"it is {resource.status}: its results would be the same")
    if changes:
        named = [each for each in changes if is_of_users(each.path)]
        return resource.plan(Action.IN_PLACE, named, "" if named else "only what its function is told beside the job")
    return resource.plan(Action.NOTHING, reason=_unchanged(resource))


def _unchanged(resource: JobResource) -> str:
    """Say what somebody may wonder about who expected another run."""
    if resource.job and resource.job.ended and not resource.is_settled:
        return f"it is {resource.status}, and is not run again: another run_token does so"
    if resource.is_run or resource.said(resource.comparison.new, "StagedInput"):
        return ""
    return "whether the objects that it reads have changed is not looked at: another run_token runs it again"


def _another(resource: JobResource, found: Sequence[Difference]) -> PlannedJob:
    becomes = resource.becomes("UpdateReplacePolicy")
    if answered := _answered(resource, found):
        return replace(answered, before_is=becomes)
    token = resource.specified(resource.comparison.new).get(_TOKEN)
    if token is not None and not any(_TOKEN in each.path for each in found):
        reason = f"client_request_token stays {shown(token)}, of which Bedrock makes one job only: change it as well"
        return resource.plan(Action.FAILS, found, reason)
    atoms = (atom for each in found for text in texts_in(each.new) for atom in text.atoms)
    reasons = dict.fromkeys(atom.reason for atom in atoms if atom.reason)
    return resource.plan(Action.RUNS, found, "; ".join(reasons), before_is=becomes).because(_once(resource))


def _once(resource: JobResource) -> str:
    """Say what a token of the user's means for a job that is asked for by it; nothing without one."""
    token = resource.specified(resource.comparison.new).get(_TOKEN)
    return f"if the client_request_token {shown(token)} was used before, the deployment fails" if token else ""


def _answered(resource: JobResource, found: Sequence[Difference]) -> PlannedJob | None:
    """Plan to take a job that an earlier deployment of the same resource has paid for."""
    identity = resource.identity() if resource.comparison.deployed else None
    if identity is None:
        return None
    job = resource.jobs.answering(identity, partial=resource.takes_partial, but=resource.physical_id)
    if job is None:
        return None
    return resource.plan(Action.ADOPTED, found, f"job {job.id} of an earlier deployment is {job.status}, and is taken")


def _of_earlier_stack(resource: JobResource) -> PlannedJob | None:
    """Plan to take a job that an earlier stack of the name left running, when it gave up to wait for it."""
    owner = shown(resource.said(resource.comparison.new, "JobNamePrefix")).rpartition("-")[2]
    if not owner or not resource.is_awaited(resource.comparison.new):
        return None
    for job in resource.jobs.of_earlier_stacks(owner, partial=resource.takes_partial):
        # A stack that is made again makes its role again.
        identity = resource.identity(roleArn=Text.of(str(job.details["roleArn"])))
        if identity and identity.is_asked_for_by(str(job.details.get(_TOKEN, ""))):
            if resource.jobs.is_left(job):
                return resource.plan(Action.ADOPTED, reason=f"job {job.id}, which an earlier stack left, is taken")
            if job.ended:
                reason = f"job {job.id} is of an earlier stack of this name: if that left it running, it is taken"
                return resource.plan(Action.UNKNOWN, reason=reason)
    return None
