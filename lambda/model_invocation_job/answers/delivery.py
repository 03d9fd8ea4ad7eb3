"""Sending an answer to the address that CloudFormation gave with the request.

The address is signed: whoever has it can answer for us. It is never logged, and never leaves this file.
"""

import http.client
import logging
import os
import re
import ssl
from urllib.parse import SplitResult, urlsplit

from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import UndeliverableAnswerError

logger = logging.getLogger(__name__)

#: The DNS suffixes of the partitions that have Bedrock. Source: botocore's endpoint data.
_SUFFIX = r"(amazonaws\.com|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|csp\.hci\.ic\.gov)"
_HOST = re.compile(rf"cloudformation-custom-resource-response-[a-z0-9]+\.s3([.-][a-z0-9-]+)?\.{_SUFFIX}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
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


def check_address(url: str) -> SplitResult:
    """Return the parts of an address of CloudFormation, or of a local AWS where AWS is local.

    A forged event must not make the function write to an address of the forger's choice.

    Raises
    ------
    UndeliverableAnswerError
        The address is somebody else's.
    """
    try:
        target = urlsplit(url)
        host, port = target.hostname or "", target.port
    except ValueError:
        raise UndeliverableAnswerError("the answer's address is not CloudFormation's: it is none at all") from None
    if target.scheme == "https" and _HOST.fullmatch(host) and port is None:
        return target
    local = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname in _LOOPBACK
    if local and host in _LOOPBACK and target.scheme in ("http", "https"):
        return target
    raise UndeliverableAnswerError(f"the answer's address is not CloudFormation's: {target.scheme}://{host}")


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
