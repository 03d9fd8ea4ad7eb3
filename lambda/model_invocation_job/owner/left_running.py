"""Jobs that a deployment has given up to wait for, and that go on: the next deployment of the same takes them.

A tag of the job says so. The Delete that the roll-back sends finds it, and leaves the job alone; who adopts the job
brings its tags up to date, so that it is gone.
"""

import logging

from model_invocation_job.errors import JobError, ThrottledError, UnavailableError
from model_invocation_job.jobs.jobs import Job, Jobs

logger = logging.getLogger(__name__)

#: The tag. Its value is the stack's name.
TAG = "cdk-bedrock-batch:left-running"


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
        # Who may not read tags could not set one either; of a job that ends, tags are shown no more.
        logger.info("%s", error, extra=job.told)
        return ""
