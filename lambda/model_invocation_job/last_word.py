"""The answer when the function itself has died: out of memory, killed, or broken at import, three times in a row.

Lambda hands the event to this handler, its destination on failure, in a function of its own. Without it the stack would
wait for the whole service timeout. It imports neither boto3 nor crhelper, so what broke the other is not here.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from model_invocation_job.answers.delivery import deliver
from model_invocation_job.answers.unanswered import unanswered_id
from model_invocation_job.clock import Deadline, SystemClock
from model_invocation_job.logs import configure

logger = logging.getLogger(__name__)


def handler(record: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
    """Answer FAILED for a request of CloudFormation that was given up; nobody waits for an answer to anything else.

    Parameters
    ----------
    record
        What Lambda sends to a destination: the event is its ``requestPayload``. Source: Lambda developer guide,
        "Retaining records of asynchronous invocations".
    context
        Lambda's own.

    Raises
    ------
    UndeliverableAnswerError
        CloudFormation cannot be told.
    """
    event = record["requestPayload"]
    # Not at import: the other function imports this file, and has a log of its own.
    log = configure()
    if not _is_request(event):
        # An event of Bedrock's: nobody waits for an answer, and whoever waits for the job is looked at in turn.
        logger.warning("what was given up is no request of CloudFormation")
        return
    log.about(event)
    answer = {
        "Status": "FAILED",
        "Reason": _reason(record),
        "PhysicalResourceId": event.get("PhysicalResourceId") or unanswered_id(event),
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    deadline = Deadline.after(SystemClock(), context.get_remaining_time_in_millis() / 1000 - 1)
    deliver(event["ResponseURL"], json.dumps(answer).encode(), deadline)


def _is_request(event: object) -> bool:
    return isinstance(event, Mapping) and "ResponseURL" in event


def _reason(record: Mapping[str, Any]) -> str:
    about = record.get("requestContext", {})
    if about.get("condition") == "EventAgeExceeded" and "responsePayload" not in record:
        return (
            "The request waited for its turn until nobody could have answered in time: the concurrency of the account "
            f"is used up, or {about.get('functionArn', 'the function')} has none. Deploy again when less runs, or have "
            "the quota 'Concurrent executions' of AWS Lambda raised"
        )
    error = (record.get("responsePayload") or {}).get("errorMessage", "no error is known")
    return (
        f"The function ended {about.get('approximateInvokeCount', 'several')} times without an answer; look into the "
        f"log group of {about.get('functionArn', 'the function')}. It last said: {str(error)[:500]}"
    )
