"""Removing what a job's role needed, when the job is over and its resource goes: the template retains it.

* Where the resource stands for another job by now, what that job needs stays.
* Where the resource goes for good, all of it goes, and the role if it was made for the job.
* While another job of the resource runs, which a deployment left behind, nothing goes: it may need any of it.
"""

import logging
from collections.abc import Sequence
from functools import partial

from model_invocation_job import status
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import JobError
from model_invocation_job.jobs.jobs import Jobs
from model_invocation_job.jobs.stacks import Resource, Stacks
from model_invocation_job.owner.needs import Need, Needs
from model_invocation_job.owner.notes import ADOPTED, POLICIES, Notes, owner_of
from model_invocation_job.owner.search import Search
from model_invocation_job.patience import persist
from model_invocation_job.provision.roles import Roles
from model_invocation_job.requests.left_behind import LeftBehind
from model_invocation_job.requests.request import JobRequest

logger = logging.getLogger(__name__)


class Removal:
    """Removes what jobs have left behind."""

    def __init__(self, roles: Roles, notes: Notes, jobs: Jobs, stacks: Stacks) -> None:
        self._roles = roles
        self._notes = notes
        self._needs = Needs(notes)
        self._search = Search(jobs)
        self._stacks = stacks

    def remove(self, request: JobRequest, deadline: Deadline) -> None:
        """Remove what a Delete leaves nobody to need; what is refused stays, for it must not block a stack."""
        if not request.left_behind:
            return
        try:
            self._remove(request, request.left_behind, deadline)
        except JobError as error:
            logger.warning("what the job's role may do stays: %s", error)

    def _remove(self, request: JobRequest, left: LeftBehind, deadline: Deadline) -> None:
        resource = self._stacks.resource(request.stack_id, request.logical_id)
        others = persist(lambda: self._needs.of_others(request), deadline)
        # Before anything is removed: who tries again finds the same others.
        persist(lambda: self._needs.forget(request), deadline)
        if resource is None or persist(lambda: self._another_runs(request, resource), deadline):
            logger.warning("what the job's role may do stays, for another job may need it")
            return
        goes = self._goes(request, resource, others)
        left = left if goes else _unneeded(left, others, (request.physical_id, resource.physical_id))
        self._remove_policies(left, deadline)
        if left.is_own:
            persist(lambda: self._roles.delete(left.role), deadline)
        if goes:
            for name in (POLICIES, ADOPTED):
                self._notes.drop(owner_of(request), name)

    def _goes(self, request: JobRequest, resource: Resource, others: Sequence[Need]) -> bool:
        """Whether the resource goes, or its job alone: in a roll-back it may show the job that goes until the end."""
        if resource.physical_id not in ("", request.physical_id):
            return False
        return not others or self._stacks.rolls_back(request.stack_id) is False

    def _remove_policies(self, left: LeftBehind, deadline: Deadline) -> None:
        for policy in left.inline:
            persist(partial(self._roles.delete_inline, left.role, policy), deadline)
        for policy in left.managed:
            persist(partial(self._roles.delete_managed, left.role, policy), deadline)

    def _another_runs(self, request: JobRequest, resource: Resource) -> bool:
        known = (request.physical_id, resource.physical_id)
        others = (job for job in self._search.of_owner(request) if job.arn not in known)
        return any(status.goes_on(job.status) for job in others)


def _unneeded(left: LeftBehind, others: Sequence[Need], jobs: tuple[str | None, str]) -> LeftBehind:
    """Return what no other job of the resource needs, given the one that goes and the one that it shows.

    Nothing where that is not known.
    """
    goes, shown = jobs
    if not all(need.role for need in others) or shown not in (goes, *(need.job for need in others)):
        return left.without(left.policies)
    needed = [need for need in others if need.role == left.role]
    return left.without([policy for need in needed for policy in need.policies]) if needed else left
