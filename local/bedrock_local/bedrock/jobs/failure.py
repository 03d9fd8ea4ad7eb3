"""Why a job fails: the ``message`` of Get, in the service's words where they are known."""

from bedrock_local.names.s3_uri import S3Uri


class JobFailedError(Exception):
    """The job ends as Failed. The message is the one that Get answers."""


def young_role(role_arn: str) -> JobFailedError:
    """Return the failure of a role that is not known everywhere yet.

    Parameters
    ----------
    role_arn
        The role.

    Returns
    -------
    JobFailedError
        To raise. The first words are known from model customization; recorded for no batch job.
    """
    return JobFailedError(
        f"Could not assume provided IAM role. {role_arn} and its policies as they are now are not known everywhere yet."
    )


def no_permission(action: str, place: S3Uri) -> JobFailedError:
    """Return the failure of a role that may not read or write.

    Parameters
    ----------
    action
        ``ListBucket``, ``GetObject`` or ``PutObject``.
    place
        Where.

    Returns
    -------
    JobFailedError
        To raise.
    """
    if action == "ListBucket":
        return JobFailedError(f"Could not validate ListBucket permissions for S3URI: {place}")
    return JobFailedError(
        f"Could not validate {action} permissions to access S3 bucket: {place.bucket} at key: {place.key}"
    )


def few_records(count: int, minimum: int) -> JobFailedError:
    """Return the failure of a job with fewer records than it needs.

    Parameters
    ----------
    count, minimum
        How many it has, and needs.

    Returns
    -------
    JobFailedError
        To raise.
    """
    return JobFailedError(f"Batch job contains less records ({count}) than the required minimum of: {minimum}")


def too_much(what: str, amount: int, maximum: int) -> JobFailedError:
    """Return the failure of an input above a quota.

    Parameters
    ----------
    what
        Whose size: ``Batch job``, or a file.
    amount, maximum
        How much it has, and may have, with a unit in `what`.

    Returns
    -------
    JobFailedError
        To raise.
    """
    return JobFailedError(f"{what} ({amount}) than the allowed maximum of: {maximum}")


def malformed_line(name: str, number: int, reason: str) -> JobFailedError:
    """Return the failure of an input file that is not JSONL.

    Parameters
    ----------
    name
        The file, below the input location.
    number
        The line, from 1.
    reason
        What is wrong with it.

    Returns
    -------
    JobFailedError
        To raise.
    """
    return JobFailedError(f"Batch job input file {name} contains a malformed JSON record at line {number}: {reason}")
