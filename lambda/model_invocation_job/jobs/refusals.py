"""What Bedrock's refusals mean: the errors of its client, sorted by what can be done about them."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from model_invocation_job.errors import (
    JobError,
    JobMayExistError,
    NotYetPermittedError,
    SubmissionError,
    ThrottledError,
    UnavailableError,
)

#: Text of a ValidationException that a role causes while IAM still spreads it.
_PROPAGATION_TEXTS = ("assume", "could not validate", "unable to validate")
#: Text of a Failed job's message that a role or a policy causes, also while IAM still spreads it: Bedrock may accept a
#: job and judge its role minutes later. As the service words it for buckets ("Could not validate GetObject permissions
#: to access S3 bucket", "Amazon S3 perms missing (PutObject)"), models ("Customer doesn't have permissions to
#: invokeModel") and roles ("Could not assume provided IAM role"), and as IAM words what it denies. Not "could not
#: validate" alone: that may be the input.
_RIGHTS_TEXTS = ("assume", "permission", "perms missing", "not authorized", "access denied", "accessdenied")
#: How the service words a taken name; the error's code is reported as Conflict and as Validation.
_NAME_IN_USE_TEXT = "name is currently in use"
#: Without a code the request may have arrived although its reply did not. A Conflict is about a name or a token that
#: has a job.
_MAYBE_MADE = ("", "InternalServerException", "ConflictException")

#: What can be done about a refusal, by its code; an error without one has not come from the service. The services that
#: keep what is waited for, and those that know of stacks, roles and tags, have names of their own for the same.
_KINDS = {
    "": UnavailableError,
    "AccessDenied": NotYetPermittedError,
    "AccessDeniedException": NotYetPermittedError,
    "InternalError": UnavailableError,
    "InternalServerError": UnavailableError,
    "InternalServerException": UnavailableError,
    "InternalServiceException": UnavailableError,
    "ProvisionedThroughputExceededException": ThrottledError,
    "RequestLimitExceeded": ThrottledError,
    "ServiceFailure": UnavailableError,
    "ServiceUnavailable": UnavailableError,
    "SlowDown": UnavailableError,
    "ThrottledException": ThrottledError,
    "Throttling": ThrottledError,
    "ThrottlingException": ThrottledError,
    "Unavailable": UnavailableError,
    "UnauthorizedOperation": NotYetPermittedError,
}

Refusal = (ClientError, BotoCoreError)


@contextmanager
def sorted_out(what: str) -> Iterator[None]:
    """Turn what the client raises into a `JobError` that begins with a text."""
    try:
        yield
    except Refusal as error:
        raise job_error(error, what) from error


def job_error(error: ClientError | BotoCoreError, what: str) -> JobError:
    """Return the error of this package for a refusal; its text begins with what could not be done."""
    return kind_of(code(error))(f"{what}: {_words(error)}")


def kind_of(name: str, other: type[JobError] = JobError) -> type[JobError]:
    """Return the class of errors that a code of the service's belongs to, another one if it is of none."""
    return _KINDS.get(name, other)


def submission_error(error: ClientError | BotoCoreError) -> JobError:
    """Return the error of this package for a refusal of CreateModelInvocationJob."""
    name, words = code(error), _words(error)
    if name == "ValidationException" and any(text in words.lower() for text in _PROPAGATION_TEXTS):
        return NotYetPermittedError(words)
    if name in _MAYBE_MADE or _NAME_IN_USE_TEXT in words:
        return JobMayExistError(words)
    if name in ("ThrottlingException", "AccessDeniedException"):
        return job_error(error, "the job was not accepted")
    return SubmissionError(words)


def is_about_rights(message: str) -> bool:
    """Whether the message of a job that has failed is about what its role may do."""
    return any(text in message.lower() for text in _RIGHTS_TEXTS)


def code(error: ClientError | BotoCoreError) -> str:
    """Return the API's name for an error, nothing if it has not come from the service."""
    return str(error.response["Error"].get("Code", "")) if isinstance(error, ClientError) else ""


def _words(error: ClientError | BotoCoreError) -> str:
    if isinstance(error, ClientError):
        return f"{error.response['Error'].get('Message', error)} ({code(error)})"
    return str(error)
