"""What the jobs of a resource run with: noted for each job until its Delete has come.

For each, not for the present one alone: whether CloudFormation rolls a replacement back by an Update to the job of
before or by the Delete of the new one alone is not known. In the second way the resource still shows the new job, and
only what was noted tells that there is another.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from model_invocation_job.owner.notes import POLICIES, Notes, owner_of
from model_invocation_job.requests.left_behind import LeftBehind
from model_invocation_job.requests.request import JobRequest


@dataclass(frozen=True)
class Need:
    """What one job runs with.

    Attributes
    ----------
    job
        Its ARN.
    role
        The name of its role; empty where that is not known.
    policies
        Each by its name or its ARN.
    """

    job: str
    role: str = ""
    policies: tuple[str, ...] = ()


class Needs:
    """What the jobs of resources need. Each call raises a `JobError` where the table refuses it."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def note(self, job: str, request: JobRequest, left: LeftBehind) -> None:
        """Write down what the job of a Create or an Update needs, and that there is one of before."""
        before = [Need(request.job_arn)] if request.job_arn else []
        known = {need.job: need for need in (*before, *self._noted(request))}
        known[job] = Need(job, left.role, left.policies)
        self._write(request, known.values())

    def of_others(self, request: JobRequest) -> list[Need]:
        """Return what the resource's other jobs need, of those whose Delete has yet to come."""
        return [need for need in self._noted(request) if need.job != request.physical_id]

    def forget(self, request: JobRequest) -> None:
        """Forget what the job of a Delete needed."""
        self._write(request, self.of_others(request))

    def _noted(self, request: JobRequest) -> list[Need]:
        told = [json.loads(text) for text in self._notes.noted(owner_of(request), POLICIES)]
        return [Need(each["Job"], each["Role"], tuple(each["Policies"])) for each in told]

    def _write(self, request: JobRequest, needs: Iterable[Need]) -> None:
        texts = [json.dumps({"Job": need.job, "Role": need.role, "Policies": need.policies}) for need in needs]
        self._notes.note(owner_of(request), POLICIES, texts)
