"""The function's log: one line of JSON for each thing that happened, with the ids that one searches for.

No line holds the address that CloudFormation signed, the text of records, or a property that may be secret.
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from model_invocation_job.errors import CustomResourceError

#: Attributes that a caller may add to a line with ``extra``.
_EXTRA = ("jobArn", "jobStatus")
#: Members of the event that are in each line.
_IDS = ("StackId", "LogicalResourceId", "RequestType", "RequestId")
#: Characters: of an id, which CloudFormation's own have not, and of a text, so that a line can be read.
_LONGEST_ID, _LONGEST_TEXT = 300, 8000
#: Levels that Lambda names otherwise than Python. Its filter takes a line for INFO if it does not know the level, or if
#: the time is not as in RFC 3339. Source: Lambda developer guide, "Log-level filtering".
_LEVELS = {"WARNING": "WARN", "CRITICAL": "FATAL"}


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON, with the ids of the request that is being handled."""

    def __init__(self) -> None:
        super().__init__()
        self._ids: dict[str, str] = {}
        self._secret = ""

    def about(self, event: Mapping[str, Any]) -> None:
        """Remember which request the next lines are about, and what must not be in them."""
        # As it is spelled in a line.
        self._secret = json.dumps(_text(event, "ResponseURL"))[1:-1]
        self._ids = {f"{name[0].lower()}{name[1:]}": _text(event, name)[:_LONGEST_ID] for name in _IDS}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": _LEVELS.get(record.levelname, record.levelname),
            "message": _shortened(record.getMessage()),
            **self._ids,
        }
        line |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info and not isinstance(record.exc_info[1], CustomResourceError):
            # Our own errors say what is wrong in one sentence; the way to them would only hide it.
            line["traceback"] = _shortened("".join(traceback.format_exception(*record.exc_info)))
        text = json.dumps(line, default=str)
        return text.replace(self._secret, "…") if self._secret else text


def configure() -> JsonFormatter:
    """Let every logger of the process write JSON to standard output, where Lambda takes it in both of its log formats.

    Not through the handler that Lambda has put there: it ends no line itself, marks lines of another formatter as text
    in both formats, and hands an error of writing to whoever logs, so that a broken log would cost the answer.
    """
    handler, formatter = logging.StreamHandler(sys.stdout), JsonFormatter()
    handler.setFormatter(formatter)
    logging.getLogger().handlers[:] = [handler]
    # A line that cannot be written would be shown on standard error, with what the formatter takes out of it.
    logging.raiseExceptions = False
    return formatter


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""


def _shortened(text: str) -> str:
    # The end of a traceback says what happened.
    half = _LONGEST_TEXT // 2
    return text if len(text) <= _LONGEST_TEXT else f"{text[:half]} … {text[-half:]}"
