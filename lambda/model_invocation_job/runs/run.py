"""The run of a pipeline that a deployment asks for: one for each content, however often it is asked for.

Its execution is named by a digest of what is asked for, so whoever asks again finds it. One that succeeded stands for
its content from then on; one that a deployment has stopped goes on where it was when that content is deployed again.
"""

import hashlib
import logging
from functools import partial

from model_invocation_job.arn import name_of_execution
from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import JobError, NotWantedError, RunError
from model_invocation_job.jobs.stacks import Demand
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.owner.notes import INSTEAD, Notes, owner_of
from model_invocation_job.patience import persist
from model_invocation_job.requests.run_request import RunRequest
from model_invocation_job.runs.executions import SUCCEEDED, Execution, Executions

logger = logging.getLogger(__name__)

_DIGITS = 16
#: Seconds for which a job that was being asked for when its run was stopped is waited for, to be stopped as well.
_UNSEEN_SECONDS = 60


def name_of(request: RunRequest) -> str:
    """Return the name of the run: the same as long as the same resource of the same stack asks for the same."""
    identity = JobIdentity.of(request.asked)
    digest = hashlib.sha256(f"{identity.owner} {identity.results}".encode()).hexdigest()
    return f"deployed-{digest[:_DIGITS]}"


class Runs:
    """Begins and ends runs, given the executions that there are and what resources remember, until a deadline."""

    def __init__(self, executions: Executions, notes: Notes, deadline: Deadline) -> None:
        self._executions = executions
        self._notes = notes
        self._deadline = deadline

    def provide(self, request: RunRequest, earlier: RunRequest | None, demand: Demand) -> str:
        """Return the ARN of the execution that a request asks for, which takes the place of the one before.

        Parameters
        ----------
        request
            A Create or an Update.
        earlier
            What was asked for before.
        demand
            Whether the request is wanted.

        Raises
        ------
        RunError
            Another run goes on, or this one has failed before.
        JobError
            Step Functions refuses.
        """
        wanted = request.execution(name_of(request))
        before = _executions_of(request, earlier) - {wanted}
        self._make_way(wanted, before, request)
        found = self._get(wanted)
        if found is None and (wanted == request.asked.physical_id or demand.is_roll_back):
            # Step Functions forgets it after 90 days; what it came to stands in S3.
            return wanted
        if found is None or found.can_go_on:
            if self._is_alone(request, before | {wanted}, demand):
                self._begin(wanted, request, demand, anew=found is None)
        elif before and demand.rolled_back is False and not found.is_of_use:
            raise RunError(_failed_before(wanted, found))
        return wanted

    def end(self, request: RunRequest, *, rolls_back: bool) -> None:
        """Stop what a Delete finds, so that nothing runs on; what it had taken the place of goes on in a roll-back.

        CloudFormation may send an Update before, by which that goes on already, or nothing but the Delete.

        Raises
        ------
        RunError
            Its jobs cannot be stopped.
        JobError
            Step Functions refuses.
        """
        ended = sorted(_executions_of(request, request))
        for execution in ended:
            self._end(execution, request)
        owner = owner_of(request.asked)
        new, *before = persist(lambda: self._notes.noted(owner, INSTEAD), self._deadline) or [""]
        for execution in before if rolls_back and new in ended else ():
            found = self._get(execution)
            if found and found.can_go_on:
                persist(partial(self._executions.redrive, execution), self._deadline)
        persist(lambda: self._notes.drop(owner, INSTEAD), self._deadline)

    def _make_way(self, wanted: str, before: set[str], request: RunRequest) -> None:
        """Stop what was before, and remember what of it went on: first, for whoever dies in between comes again."""
        if going := [each for each in sorted(before) if (found := self._get(each)) and found.is_running]:
            note = [wanted, *going]
            persist(lambda: self._notes.note(owner_of(request.asked), INSTEAD, note), self._deadline)
        for execution in sorted(before):
            self._end(execution, request)

    def _end(self, execution: str, request: RunRequest) -> None:
        """Stop an execution, if it runs, and what jobs it has left."""
        found = self._get(execution)
        if found is None or found.status == SUCCEEDED:
            return
        if found.is_running:
            persist(lambda: self._stop(execution), self._deadline)
        self._stop_jobs(execution, request)

    def _stop_jobs(self, execution: str, request: RunRequest) -> None:
        limit = self._deadline.within(_UNSEEN_SECONDS)
        for pause in pauses():
            unseen = persist(lambda: self._executions.stop_jobs(execution, request.jobs_function), self._deadline)
            if not unseen:
                return
            if not limit.pause(pause):
                logger.warning("of %s jobs that were being asked for nothing is seen: %s", unseen, execution)
                return

    def _stop(self, execution: str) -> None:
        try:
            self._executions.stop(execution)
        except JobError:
            # It may have come to its end meanwhile.
            found = self._executions.get(execution)
            if found is None or found.is_running:
                raise

    def _is_alone(self, request: RunRequest, own: set[str], demand: Demand) -> bool:
        """Whether no other run goes on that may not; a roll-back must not fail of one."""
        if request.concurrent:
            return True
        others = set(persist(lambda: self._executions.running(request.machine), self._deadline)) - own
        if others and not demand.is_roll_back:
            raise RunError(_busy(min(others)))
        return not others

    def _begin(self, wanted: str, request: RunRequest, demand: Demand, *, anew: bool) -> None:
        """Begin the run, or let it go on where it was stopped; none that nobody waits for."""
        _require_wanted(demand)
        if anew:
            persist(lambda: self._executions.start(request.machine, name_of(request)), self._deadline)
        else:
            persist(lambda: self._executions.redrive(wanted), self._deadline)
        try:
            _require_wanted(demand)
        except NotWantedError:
            self._end(wanted, request)
            raise

    def _get(self, execution: str) -> Execution | None:
        return persist(lambda: self._executions.get(execution), self._deadline)


def _require_wanted(demand: Demand) -> None:
    if not demand.is_awaited:
        raise NotWantedError("CloudFormation had given up on the run when it was to begin: it does not run")


def _executions_of(request: RunRequest, earlier: RunRequest | None) -> set[str]:
    """Return the executions that the resource stands for, or that were asked for and never answered."""
    known = {request.asked.physical_id} if request.is_execution(request.asked.physical_id) else set()
    asked = {earlier.execution(name_of(earlier))} if earlier else set()
    return {each for each in known | asked if each}


def _busy(other: str) -> str:
    return (
        f"the run {name_of_execution(other)} of this pipeline goes on ({other}), and there is one at a time: deploy "
        "again when it is over, or stop it"
    )


def _failed_before(execution: str, found: Execution) -> str:
    name = name_of_execution(execution)
    return (
        f"this content has been run before, as {name}, and that is {found.status} {found.error}".rstrip()
        + f": give another 'run_token' to run it anew, or leave the content as it was and go on with that run by an "
        f'execution with the input {{"Run": "{name}"}}'
    )
