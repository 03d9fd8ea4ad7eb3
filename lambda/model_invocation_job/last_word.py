"""The answer when the function itself has died: out of memory, killed, or broken at import, three times in a row.

Lambda hands the event to this handler, its destination on failure, in a function of its own. Without it the stack would
wait for the whole service timeout. It imports neither boto3 nor crhelper, so what broke the other is not here. Nobody
comes after it, so it ends in a line of the log whatever it is handed.
"""

import logging
from collections.abc import Mapping
from typing import Any

from model_invocation_job.answers.addressee import Addressee
from model_invocation_job.answers.response import FAILED, Response
from model_invocation_job.clock import Deadline, SystemClock
from model_invocation_job.errors import InvalidRequestError, UndeliverableAnswerError
from model_invocation_job.logs import configure

logger = logging.getLogger(__name__)

_SHOWN = 500


def handler(record: object, context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
    """Answer FAILED for a request of CloudFormation that was given up; nobody waits for an answer to anything else.

    Parameters
    ----------
    record
        What Lambda sends to a destination: the event is its ``requestPayload``. Source: Lambda developer guide,
        "Retaining records of asynchronous invocations".
    context
        Lambda's own.
    """
    given, event = _map(record), _map(_map(record).get("requestPayload"))
    # Not at import: the other function imports this file, and has a log of its own.
    configure().about(event)
    try:
        _answer(Addressee.of(event), _reason(given), context)
    except InvalidRequestError as error:
        # An event of Bedrock's, say: whoever waits for the job is looked at in turn.
        logger.warning("what was given up is no request of CloudFormation: %s", error)
    except UndeliverableAnswerError as error:
        logger.error("CloudFormation cannot be told: %s", error)  # noqa: TRY400 (it says all that there is)
    except Exception:
        logger.exception("CloudFormation cannot be told")


def _answer(addressee: Addressee, reason: str, context: Any) -> None:  # noqa: ANN401 (as above)
    deadline = Deadline.after(SystemClock(), context.get_remaining_time_in_millis() / 1000 - 1)
    Response(addressee, deadline, deleting=False).send(FAILED, reason, None, {}, no_echo=False)


def _reason(record: Mapping[str, Any]) -> str:
    about = _map(record.get("requestContext"))
    function = _shown(about.get("functionArn", "the function"))
    if about.get("condition") == "EventAgeExceeded" and "responsePayload" not in record:
        return (
            "The request waited for its turn until nobody could have answered in time: the concurrency of the account "
            f"is used up, or {function} has none. Deploy again when less runs, or have the quota 'Concurrent "
            "executions' of AWS Lambda raised"
        )
    return (
        f"The function ended {_shown(about.get('approximateInvokeCount', 'several'))} times without an answer; look "
        f"into the log group of {function}. It last said: "
        f"{_shown(_map(record.get('responsePayload')).get('errorMessage', 'no error is known'))}"
    )


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _shown(value: object) -> str:
    return str(value)[:_SHOWN] if isinstance(value, str | int) else "unknown"
