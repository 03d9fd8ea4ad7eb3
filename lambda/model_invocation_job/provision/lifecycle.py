"""How a request gets its job: one that exists, else a new one.

The rules that keep one wish from being paid for twice, and a job from having no owner:

* Look before creating. A job of this resource that answers the wish is adopted: see ``search.py``.
* A job counts as ours only when it says so: see ``claim.py``.
* A job that CloudFormation will never know of is stopped where that comes out.
"""

import logging
from typing import NoReturn

from model_invocation_job import status
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import JobMayExistError, NotWantedError, SubmissionError, UnavailableError
from model_invocation_job.input.staging import Staging
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.stacks import Demand, Stacks
from model_invocation_job.jobs.tags import Tags
from model_invocation_job.owner import second_try
from model_invocation_job.owner.claim import Claim
from model_invocation_job.owner.earlier_stack import EarlierStack
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.owner.search import Search
from model_invocation_job.patience import persist
from model_invocation_job.provision.stopping import Stopping
from model_invocation_job.requests.request import JobRequest
from model_invocation_job.waiting.watching import Watching, failure

logger = logging.getLogger(__name__)


class Lifecycle:
    """Decides, given the jobs that exist and the time that is left."""

    def __init__(
        self, jobs: Jobs, staging: Staging, stacks: Stacks, stopping: Stopping, earlier: EarlierStack | None = None
    ) -> None:
        self._jobs = jobs
        self._staging = staging
        self._stacks = stacks
        self._stopping = stopping
        self._earlier = earlier
        self._search = Search(jobs)
        self._tags = Tags(jobs)
        self._watching = Watching(jobs)

    def submit(self, request: JobRequest, demand: Demand, deadline: Deadline, first: Job | None = None) -> Job:
        """Return the job that answers the request: one that exists, else a new one.

        Parameters
        ----------
        request
            A Create or an Update.
        demand
            Whether the request is wanted.
        deadline
            When nothing more is started.
        first
            The request's own job, where that has failed and a second one may be due.

        Raises
        ------
        InvalidRequestError
            The job would break a rule of the API.
        JobError
            Bedrock or S3 refused, or the job of this very request has ended without success.
        """
        identity = JobIdentity.of(request)
        self._jobs.check(identity.name, identity.token, request.parameters)
        return persist(lambda: self._provided(request, demand, deadline, first), deadline)

    def stop_unknown(self, previous: JobRequest, deadline: Deadline) -> None:
        """Stop what an earlier Update began for the previous properties and CloudFormation never learned of.

        When CloudFormation gives up on an Update, it rolls back with an Update from the properties that it gave up to
        the ones before, and the physical id of before. An Update that arrives again, when nobody waits for it or
        another one is under way, stops nothing: by then the previous properties may be the present ones again.
        """
        resource = self._stacks.resource(previous.stack_id, previous.logical_id)
        if resource and resource.status == "UPDATE_IN_PROGRESS" and resource.physical_id == previous.physical_id:
            self._stopping.stop_all_but_known(previous, deadline)

    def require_wanted(self, job: Job, request: JobRequest, deadline: Deadline) -> None:
        """Stop a job that CloudFormation gave up on while it was watched.

        An Update that is given up at once arrives when its stack rolls back already, and cannot be told from the Update
        that takes it back; but that has answered by now.

        Raises
        ------
        NotWantedError
            The resource stands for another job.
        """
        resource = self._stacks.resource(request.stack_id, request.logical_id)
        if resource and not resource.wants(job.arn):
            self._give_up(job, request, deadline)

    def _provided(self, request: JobRequest, demand: Demand, deadline: Deadline, first: Job | None) -> Job:
        job = self._search.answer(request) or first or self._left(request)
        if job is None:
            return self._wanted(self._created(request, Claim.of(request), deadline), request, demand, deadline)
        if request.may_adopt(job.status):
            self._wanted(job, request, demand, deadline)
            self._tags.align(job, request, demand, deadline)
            return job
        if second_try.is_due(job, request) and demand.is_awaited:
            logger.info("the role was too young: trying once more", extra=job.told)
            second = self._created(request, Claim.of(request).of_second, deadline)
            return self._wanted(second, request, demand, deadline)
        raise failure(job, JobIdentity.of(request))

    def _left(self, request: JobRequest) -> Job | None:
        return self._earlier.job(request) if self._earlier else None

    def _created(self, request: JobRequest, claim: Claim, deadline: Deadline) -> Job:
        self._staging.stage(request.staged, deadline)
        if deadline.left <= 0:
            # By now the timer may have answered FAILED.
            raise SubmissionError("the function has too little time left to submit a job: deploy again")
        try:
            arn = self._jobs.create(claim.identity.name, claim.identity.token, request.parameters)
        except JobMayExistError as error:
            job = self._search.answer(request)
            if job and (request.may_adopt(job.status) or claim.made(job)):
                return job
            raise _not_ours(error, claim.identity) from error
        job = self._confirmed(arn, claim)
        logger.info("created a job", extra=job.told)
        return job

    def _confirmed(self, arn: str, claim: Claim) -> Job:
        """Look whose job this is: when a user's token was used before, Bedrock answers with the job of then."""
        if not claim.identity.given_token:
            return self._watching.look_again(Job(arn, claim.identity.name, status.SUBMITTED))
        job = self._jobs.get(arn)
        if job is None:
            raise UnavailableError(f"{arn} cannot be read yet")
        if not claim.describes(job):
            raise SubmissionError(f"the token was used before, for another job, {arn}: change 'client_request_token'")
        return job

    def _wanted(self, job: Job, request: JobRequest, demand: Demand, deadline: Deadline) -> Job:
        if not demand.includes(job):
            self._give_up(job, request, deadline)
        return job

    def _give_up(self, job: Job, request: JobRequest, deadline: Deadline) -> NoReturn:
        if self._stopping.is_left(job, request):
            raise NotWantedError(f"CloudFormation gave up on the resource meanwhile; {job.arn} goes on")
        self._stopping.stop(job, deadline)
        raise NotWantedError(f"CloudFormation gave up on the resource meanwhile; {job.arn} was stopped")


def _not_ours(error: JobMayExistError, identity: JobIdentity) -> SubmissionError:
    advice = "; if the token was used before, change 'client_request_token'" if identity.given_token else ""
    return SubmissionError(f"there is no job {identity.name} of this resource: {error}{advice}")
