"""Sending an answer to the address that CloudFormation gave with the request.

The address is signed: whoever has it can answer for us. It is never logged.
"""

import http.client
import logging
import ssl
from urllib.parse import SplitResult

from model_invocation_job.answers.address import check_address
from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import UndeliverableAnswerError

logger = logging.getLogger(__name__)

_SOCKET_SECONDS = 5.0
_TRANSIENT = 500


def deliver(url: str, body: bytes, deadline: Deadline) -> None:
    """PUT the answer until it is accepted or the deadline has come.

    crhelper takes any HTTP status for success, waits without limit on a silent peer, and repeats for ever.

    Raises
    ------
    UndeliverableAnswerError
        Refused for good, or not accepted in time.
    """
    target, problem = check_address(url), "there was no time left"
    for pause in pauses():
        if deadline.left <= 0:
            break
        problem = _put(target, body, deadline)
        if not problem:
            return
        logger.warning("the answer was not accepted: %s", problem)
        deadline.pause(pause / 4)
    raise UndeliverableAnswerError(f"CloudFormation did not accept the answer in time: {problem}")


def _put(target: SplitResult, body: bytes, deadline: Deadline) -> str:
    """Return what went wrong if another try may help, nothing when the answer was accepted."""
    connection = _connection(target, min(_SOCKET_SECONDS, deadline.left))
    try:
        # The signature covers an empty content type.
        connection.request("PUT", f"{target.path}?{target.query}", body, {"content-type": ""})
        response = connection.getresponse()
        response.read()
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    except http.client.HTTPException as error:
        return type(error).__name__
    finally:
        connection.close()
    if 200 <= response.status < 300:  # noqa: PLR2004 (HTTP's range of success)
        return ""
    if response.status < _TRANSIENT:
        raise UndeliverableAnswerError(f"CloudFormation refused the answer with HTTP {response.status}")
    return f"HTTP {response.status}"


def _connection(target: SplitResult, timeout: float) -> http.client.HTTPConnection:
    if target.scheme == "http":
        return http.client.HTTPConnection(target.netloc, timeout=timeout)
    return http.client.HTTPSConnection(target.netloc, timeout=timeout, context=ssl.create_default_context())
