"""Jobs that a deployment has given up to wait for, and that go on: the next deployment of the same takes them.

A tag of the job says so. The Delete that the roll-back sends finds it, and leaves the job alone; who adopts the job
brings its tags up to date, so that it is gone.
"""

from model_invocation_job.errors import NotYetPermittedError
from model_invocation_job.jobs.jobs import Job, Jobs

#: The tag. Its value is the stack's name.
TAG = "cdk-bedrock-batch:left-running"


def stack_of(job: Job, jobs: Jobs) -> str:
    """Return the name of the stack that left a job running; nothing where none did, or its tags may not be read.

    Raises
    ------
    JobError
        The tags cannot be read for the moment.
    """
    try:
        return jobs.tags(job.arn).get(TAG, "")
    except NotYetPermittedError:
        # Who may not read tags could not set one either.
        return ""
