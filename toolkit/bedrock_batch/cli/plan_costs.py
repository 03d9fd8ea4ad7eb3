"""What the jobs of a plan cost, as far as prices are told or found."""

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.cli.price_options import Told, prices_of

if TYPE_CHECKING:
    from bedrock_batch.plan.plan import Plan
    from bedrock_batch.plan.planned_job import PlannedJob


@dataclass(frozen=True)
class Cost:
    """What something costs, as far as that is known.

    Attributes
    ----------
    read, most : float or None
        About what is paid for what is read, and at most for what is written; None where that is not known.
    currency : str
        What they are in.
    remark : str
        Where the prices are from, or why they are not known.
    """

    read: float | None
    most: float | None
    currency: str
    remark: str

    def __str__(self) -> str:
        if self.read is None:
            return self.remark
        from bedrock_batch.prices.prices import money  # noqa: PLC0415 - few commands tell a cost

        most = None if self.most is None else f"at most {money(self.most, self.currency)} for what is written"
        return f"about {money(self.read, self.currency)} for what is read, and {most or 'what is written besides'}"


class PlanCosts:
    """Prices, looked up once for each model and Region.

    Parameters
    ----------
    arguments : argparse.Namespace
        Those of the command.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._found: dict[tuple[str, str], Told] = {}

    def of(self, job: "PlannedJob") -> Cost | None:
        """Return what a job costs that runs, or may; None if nobody asks."""
        amount, key = job.amount, (job.model, job.region)
        if amount is None or not all(key):
            return None
        if key not in self._found:
            self._found[key] = prices_of(self._arguments, *key)
        prices, remark = self._found[key]
        if prices is None:
            return Cost(None, None, "", remark) if remark else None
        if amount.input_tokens is None:
            return None
        read = prices.of(amount.input_tokens, 0)
        most = None if amount.output_tokens is None else prices.of(0, amount.output_tokens)
        return Cost(read, most, prices.currency, remark or str(prices))

    def in_all(self, plan: "Plan") -> Cost | None:
        """Return what is paid in all; None if nobody asks, or what one of the jobs costs is not known."""
        found = [self.of(job) for job in plan.jobs if job.is_paid]
        known = [cost for cost in found if cost and cost.read is not None]
        if not known or len(known) < len(found) or len({cost.currency for cost in known}) > 1:
            return None
        most = None if any(cost.most is None for cost in known) else sum(cost.most or 0 for cost in known)
        return Cost(sum(cost.read or 0 for cost in known), most, known[0].currency, "")
