"""When a job is asked for a second time by the same request: its role was too young.

IAM takes seconds to let everybody know of a new role or policy, and Bedrock may judge it minutes after it accepted the
job. A job of a role that this stack makes, which failed soon, in words about what the role may do, is submitted once
more while CloudFormation still waits. The second job has a name and a token of its own, made of the same digests: so
whoever comes later, the event again or a Delete, finds both, and there is never a third.
"""

from model_invocation_job import status
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.jobs.refusals import is_about_rights
from model_invocation_job.owner.claim import Claim
from model_invocation_job.owner.identity import is_of_second, name_of_second
from model_invocation_job.requests.request import JobRequest

#: Seconds after its submission in which a job may fail because its role is young.
YOUTH_SECONDS = 600
#: Seconds from the first submission to the second, so that IAM had them.
PAUSE_SECONDS = 15


def is_due(job: Job, request: JobRequest) -> bool:
    """Whether a request whose job this is may have a second one, if it is still awaited.

    Not with a token of the user's: Bedrock makes one job for one token.
    """
    claim = Claim.of(request)
    is_its_first = claim.asks_for(job) and claim.made(job) and not claim.identity.given_token
    return request.role_of_stack and is_its_first and _role_was_too_young(job)


def seconds_left(job: Job) -> float:
    """Return how long the second submission has yet to wait, in seconds."""
    return max(0.0, PAUSE_SECONDS - job.lived)


def name_of_its_second(job: Job) -> str:
    """Return the name that a job's second try has if there is one; nothing where there can be none."""
    may_have_one = job.name and _role_was_too_young(job) and not is_of_second(job.name)
    return name_of_second(job.name) if may_have_one else ""


def _role_was_too_young(job: Job) -> bool:
    return job.status == status.FAILED and job.lived <= YOUTH_SECONDS and is_about_rights(job.message)
