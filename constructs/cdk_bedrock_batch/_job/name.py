"""How a job's name begins: the part that is known before the job exists, and by which its events are told."""

import hashlib

from aws_cdk import Names
from constructs import Construct

from cdk_bedrock_batch._api.validation import check_text
from cdk_bedrock_batch._cdk.tokens import is_token

#: The job's name is a prefix and two digests (26 characters); ``jobName`` has at most 63.
_LONGEST_PREFIX = 37
_DIGEST = 8
_LONGEST_JOB_NAME = _LONGEST_PREFIX - _DIGEST - 1


def check_job_name(name: str) -> None:
    """Check the beginning that a user chose.

    Raises
    ------
    ValueError
        It has a character that the API refuses, or is too long.
    """
    check_text("job_name", name, "jobName", advice="use letters, digits and + - . only")
    if not is_token(name) and len(name) > _LONGEST_JOB_NAME:
        raise ValueError(
            f"'job_name' must have at most {_LONGEST_JOB_NAME} characters, got {len(name)} in {name!r}: "
            "the rest of the job's name is what it is recognised by"
        )


def beginning_of(job_name: str) -> str:
    """Return as much of a whole name as a user may choose, without the punctuation at which it was cut."""
    return job_name[:_LONGEST_JOB_NAME].rstrip("-.+")


def unique_name(scope: Construct) -> str:
    """Return a readable name that no other construct of the app has."""
    return Names.unique_resource_name(scope, max_length=_LONGEST_PREFIX, separator="-")


def name_prefix(unique: str, job_name: str | None) -> str:
    """Return how the names of a job begin that no other job's names begin with, unless it is another run of it."""
    if job_name is None:
        return unique
    return f"{job_name}-{hashlib.sha256(unique.encode()).hexdigest()[:_DIGEST]}"


def before_digests(prefix: str) -> str:
    """Return how the name of every run of a job begins, up to the digests that the function adds."""
    return f"{prefix}-"
