"""What the errors of ``bedrock-runtime`` mean: the record's fault, a passing one, or that of who asks.

Source: botocore's service model, the errors of InvokeModel and Converse; all come with an HTTP status.
"""

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from batch_inference_pipeline.collecting.answer import Failure
from batch_inference_pipeline.errors import RefusedError
from model_invocation_job.jobs.refusals import code

#: The model is not there, or may not be asked: no record will be answered.
_REFUSED = ("ResourceNotFoundException", "UnrecognizedClientException", "ExpiredTokenException")
#: How an AccessDeniedException says the same. It may also be about one record: "your request did not allow prompt
#: caching".
_ABOUT_RIGHTS = ("not authorized", "access to the model")
#: A quota that is used up has the status of a bad request.
_QUOTA = "ServiceQuotaExceededException"
TOO_MANY_REQUESTS = 429
#: The model took too long, or broke; all from 500 on are the service's own.
_PASSING = (408, 424, TOO_MANY_REQUESTS)
_BAD_REQUEST, _INTERNAL_ERROR, _NOT_ANSWERED = 400, 500, 503


def failure_of(error: ClientError | BotoCoreError) -> Failure:
    """Return what the line of a record says of an error.

    Raises
    ------
    RefusedError
        It is not about this record.
    """
    if isinstance(error, ParamValidationError):
        return Failure(_BAD_REQUEST, str(error))
    if not isinstance(error, ClientError):
        # Not its text: that may hold the address.
        message = f"The model was not reached, or did not answer: {type(error).__name__}"
        return Failure(_NOT_ANSWERED, message, retryable=True)
    name, message = code(error), str(error.response["Error"].get("Message", error))
    if name in _REFUSED or (name == "AccessDeniedException" and any(text in message for text in _ABOUT_RIGHTS)):
        raise RefusedError(f"the model cannot be asked on demand: {message} ({name})") from error
    status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
    return Failure(status, message, retryable=name == _QUOTA or status in _PASSING or status >= _INTERNAL_ERROR)
