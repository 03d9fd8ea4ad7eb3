"""The ids and ARNs of model invocation jobs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html
"""

import re
import secrets
import string

from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place

#: The type of the resource, as in ARNs.
RESOURCE_TYPE = "model-invocation-job"
#: A pattern of the ids that the service makes.
JOB_ID = "[a-z0-9]{12}"
#: ``ModelInvocationJobArn`` of the service model.
_JOB_ARN = re.compile(
    str(Arn("aws(?:-[^:]+)?", "bedrock", "[a-z0-9-]{1,20}", "[0-9]{12}", f"{RESOURCE_TYPE}/{JOB_ID}"))
)

_ALPHABET = string.ascii_lowercase + string.digits
_LENGTH = 12


def new_job_id() -> str:
    """Make the id of a new job: twelve letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def job_arn(place: Place, job_id: str) -> str:
    """Return the ARN of a job.

    Parameters
    ----------
    place
        The account and Region that it belongs to.
    job_id
        Its id; ``*`` for every job.

    Returns
    -------
    str
        The ARN.
    """
    return place.arn(f"{RESOURCE_TYPE}/{job_id}")


def job_id_of(arn: str) -> str:
    """Return the id of a job: the name of the folder of its results, too.

    Parameters
    ----------
    arn
        The job's ARN.

    Returns
    -------
    str
        Its id.
    """
    return Arn.parse(arn).name


def is_job_arn(text: str) -> bool:
    """Say whether a text is the ARN of a job."""
    return _JOB_ARN.fullmatch(text) is not None


def session_name(job_id: str) -> str:
    """Return the name of the session of the service role in which a job runs.

    Parameters
    ----------
    job_id
        The job's.

    Returns
    -------
    str
        The last part of the session's ARN.
    """
    return f"bedrock-{job_id}"
