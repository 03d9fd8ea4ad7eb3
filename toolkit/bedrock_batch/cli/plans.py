"""A plan, as the command shows it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.printing import width
from bedrock_batch.plan.planned_job import Action, Fallback

if TYPE_CHECKING:
    from bedrock_batch.cli.plan_costs import PlanCosts
    from bedrock_batch.cli.style import Style
    from bedrock_batch.plan.plan import Plan
    from bedrock_batch.plan.planned_job import PlannedJob

#: What is said of an action, and in which colour.
_SAID = {
    Action.NOTHING: ("nothing", ""),
    Action.IN_PLACE: ("is changed in place", ""),
    Action.ADOPTED: ("is taken, not paid again", "green"),
    Action.RUNS: ("runs and is paid", "yellow"),
    Action.STOPPED: ("is stopped, for its resource goes", "red"),
    Action.GOES: ("its resource goes", ""),
    Action.FAILS: ("fails the deployment", "red"),
    Action.UNKNOWN: ("cannot tell", "red"),
}
_BEFORE = {
    Fallback.STOPPED: "job {id} ({status}) is stopped; what it has done is paid",
    Fallback.GOES_ON: "job {id} ({status}) goes on, and is paid to its end",
    Fallback.OVER: "job {id} ({status}) is over; what it has written stays",
}
_INDENT = "    "


def lines(plan: "Plan", costs: "PlanCosts", style: "Style") -> Iterator[tuple[str, ...]]:
    """Write a plan: of each job what is done, and below it why; then the totals."""
    longest = max((width(job.path) for job in plan.jobs), default=0)
    for job in plan.jobs:
        said, colour = _SAID[job.action]
        name = f"{job.path}{' ' * (longest - width(job.path))}  "
        yield (name, style.paint(said, colour) if colour else said)
        yield from ((f"{_INDENT}{line}",) for line in _reasons(job, costs))
    cost = costs.in_all(plan)
    yield (f"{plan}{f'; {cost}' if cost else ''}",)


def _reasons(job: "PlannedJob", costs: "PlanCosts") -> Iterator[str]:
    yield from map(str, job.changes)
    if job.reason:
        yield job.reason
    if job.before and job.before_is and job.action not in (Action.STOPPED, Action.GOES):
        yield _BEFORE[job.before_is].format(id=job.before.id, status=job.before.status)
    if job.amount:
        # A run may take only what is new.
        yield f"{'' if job.is_paid else 'if it runs: '}{'of all its input: ' if job.is_run else ''}{job.amount}"
    if cost := costs.of(job):
        yield f"{cost}{f' ({cost.remark})' if cost.read is not None else ''}"


def as_json(plan: "Plan", costs: "PlanCosts") -> dict[str, object]:
    """Return a plan for a machine."""
    jobs = [_job(job, costs) for job in plan.jobs]
    return {"jobs": jobs, "summary": str(plan), "paysNothing": plan.pays_nothing}


def _job(job: "PlannedJob", costs: "PlanCosts") -> dict[str, object]:
    amount, cost = job.amount, costs.of(job)
    return {
        "stack": job.stack,
        "logicalId": job.logical_id,
        "path": job.path,
        "kind": "run" if job.is_run else "job",
        "action": job.action,
        "paid": job.is_paid,
        "changes": [asdict(change) for change in job.changes],
        "reason": job.reason,
        "model": job.model,
        "before": {"jobArn": job.before.arn, "status": job.before.status, "becomes": job.before_is}
        if job.before
        else None,
        "records": amount and amount.records,
        "bytes": amount and amount.bytes,
        "inputTokens": amount and amount.input_tokens,
        "outputTokensAtMost": amount and amount.output_tokens,
        "isEstimate": amount and amount.is_estimate,
        "cost": asdict(cost) if cost else None,
    }
