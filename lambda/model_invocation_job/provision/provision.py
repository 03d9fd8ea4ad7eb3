"""A request's job, from the look for one that exists to one that is as far as the request asks."""

from collections.abc import Callable

from model_invocation_job.clock import Deadline
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.jobs.stacks import Demand
from model_invocation_job.owner import second_try
from model_invocation_job.provision.lifecycle import Lifecycle
from model_invocation_job.requests.request import JobRequest
from model_invocation_job.waiting.holding import Hold
from model_invocation_job.waiting.watching import Watching


class Provision:
    """Provides jobs, given the way to them."""

    def __init__(self, lifecycle: Lifecycle, watching: Watching) -> None:
        self._lifecycle = lifecycle
        self._watching = watching

    def provide(
        self,
        request: JobRequest,
        demand: Demand,
        deadline: Deadline,
        hold: Hold | None = None,
        tell: Callable[[str], object] = str,
    ) -> Job | None:
        """Return the job that answers the request, watched, and submitted twice if its role was too young.

        Parameters
        ----------
        request
            A Create, or an Update that asks for another job.
        demand
            Whether the request is wanted.
        deadline
            When nothing more is started.
        hold
            How the request can be held.
        tell
            Called with the ARN that a failure must be answered with from then on; the Delete that follows finds the
            second job by that of the first.

        Returns
        -------
        Job or None
            None where the request is held.

        Raises
        ------
        InvalidRequestError
            The job would break a rule of the API.
        JobError
            Bedrock or S3 refused, or the job ended without success.
        """
        submitted = self._lifecycle.submit(request, demand, deadline)
        tell(submitted.arn)
        job = self._watching.follow(submitted, request, deadline, hold)
        if job and second_try.is_due(job, request):
            deadline.pause(second_try.seconds_left(job))
            submitted = self._lifecycle.submit(request, demand, deadline, first=job)
            tell(submitted.arn)
            job = self._watching.follow(submitted, request, deadline, hold)
        return job and self._watching.succeeded(job, request)
