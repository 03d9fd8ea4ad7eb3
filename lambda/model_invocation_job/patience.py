"""How long a refusal or a failure that may pass by itself is waited out."""

import logging
from collections.abc import Callable
from typing import TypeVar

from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import NotYetPermittedError, SubmissionError, ThrottledError, UnavailableError

logger = logging.getLogger(__name__)

#: Seconds for which a refusal may still be a role or policy that IAM has not spread yet, or a failure that passes.
PATIENCE_SECONDS = 60

T = TypeVar("T")


def persist(attempt: Callable[[], T], deadline: Deadline, seconds: float = PATIENCE_SECONDS) -> T:
    """Try until it is done: for so many seconds when refused or not answered, to the deadline when throttled.

    Raises
    ------
    SubmissionError
        It was refused for so long; the text is the last refusal's.
    ThrottledError
        Bedrock takes no more calls, and the time is over.
    """
    patience = deadline.within(seconds)
    for pause in pauses():
        try:
            return attempt()
        except (NotYetPermittedError, UnavailableError) as error:
            logger.info("refused, trying again: %s", error)
            if not patience.pause(pause):
                raise SubmissionError(f"still refused after {seconds} seconds: {error}") from error
        except ThrottledError as error:
            logger.info("throttled, trying again: %s", error)
            if not deadline.pause(pause):
                raise
    raise AssertionError  # the pauses never end
