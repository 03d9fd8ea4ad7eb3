"""Jobs that a deployment has given up to wait for, and that go on: the next deployment of the same takes them.

A tag of the job says so. The Delete that the roll-back sends finds it, and leaves the job alone; who adopts the job
sees to it that the tag goes.
"""

import logging

from model_invocation_job import status
from model_invocation_job.arn import stack_name_of
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import JobError, ThrottledError, UnavailableError
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.resource_tags import ResourceTags
from model_invocation_job.patience import persist

logger = logging.getLogger(__name__)

#: The tag. Its value is the stack's name.
TAG = "cdk-bedrock-batch:left-running"


def mark(job: Job, stack_id: str, jobs: Jobs, deadline: Deadline) -> bool:
    """Give the tag to a job that a stack leaves running; False where it cannot be given."""
    try:
        persist(lambda: jobs.tag(job.arn, {TAG: stack_name_of(stack_id)}), deadline)
    except JobError as error:
        logger.warning("the job cannot be marked as one that goes on: %s", error, extra=job.told)
        return False
    logger.info("the job goes on without its deployment", extra=job.told)
    return True


def stack_of(job: Job, jobs: Jobs) -> str:
    """Return the name of the stack that left a job running; nothing where none did, or it cannot be told.

    Raises
    ------
    JobError
        The tags cannot be read for the moment.
    """
    try:
        return jobs.tags(job.arn).get(TAG, "")
    except (ThrottledError, UnavailableError):
        raise
    except JobError as error:
        # Who may not read tags could not set one either; of a job that ends, Bedrock may show none.
        logger.info("%s", error, extra=job.told)
        return ""


def stack_that_left(job: Job, jobs: Jobs, resource_tags: ResourceTags) -> str:
    """Return the same of a job that may be over by now.

    Raises
    ------
    JobError
        The tags cannot be read for the moment.
    """
    return (not status.is_live(job.status) and _indexed(job, resource_tags)) or stack_of(job, jobs)


def forget(job: Job, jobs: Jobs) -> None:
    """Take the tag from a job that is over, as well as can be: of one that runs, all tags are brought up to date."""
    if status.is_live(job.status):
        return
    try:
        jobs.untag(job.arn, [TAG])
    except JobError as error:
        logger.warning("the job stays marked as one that was left: %s", error, extra=job.told)


def _indexed(job: Job, resource_tags: ResourceTags) -> str:
    try:
        return resource_tags.of(job.arn).get(TAG, "")
    except JobError as error:
        # Bedrock is asked then: in an account that denies the index, it is all that there is.
        logger.warning("%s", error, extra=job.told)
        return ""
