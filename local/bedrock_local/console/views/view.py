"""All that the page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bedrock_local.bedrock.data.latest import LatestRecords
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.console.views import denials, faults, jobs, stacks
from bedrock_local.names.job_arn import session_name
from bedrock_local.services.denials import Denials

Seen = Mapping[str, Any]


@dataclass(frozen=True)
class View:
    """What is seen.

    Parameters
    ----------
    store
        The jobs.
    latest
        Their latest records.
    faults
        What goes wrong on demand.
    denials
        What was denied.
    stacks
        CloudFormation's stacks.
    """

    store: JobStore
    latest: LatestRecords
    faults: Faults
    denials: Denials
    stacks: stacks.Stacks

    def state(self) -> Seen:
        """Show the lists: what there is of each, the newest first, and no more than a page holds."""
        return {
            **jobs.listed(self.store.everywhere()),
            "stacks": stacks.listed(self.stacks),
            "denials": denials.listed(self.denials.all()),
            "faults": faults.listed(self.faults.all()),
            "kinds": faults.KINDS,
        }

    def job(self, arn: str) -> Seen | None:
        """Show a job: its times, what its role was denied, and its latest records.

        Parameters
        ----------
        arn
            The job.
        """
        job = self.store.find_anywhere(arn)
        if job is None:
            return None
        own = f"/{session_name(job.job_id)}"
        denied = [each for each in self.denials.all() if each.what.principal.endswith(own)]
        return {**jobs.shown(job, self.latest.of(job.job_id)), "denials": denials.listed(denied)}

    def stack(self, stack_id: str) -> Seen | None:
        """Show a stack: its resources and its events.

        Parameters
        ----------
        stack_id
            The stack.
        """
        return stacks.shown(self.stacks, stack_id)
