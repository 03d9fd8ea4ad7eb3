"""The function's log: one line of JSON for each thing that happened, with the ids that one searches for.

No line holds the address that CloudFormation signed, the text of records, or a property that may be secret.
"""

import json
import logging
import traceback
from collections.abc import Mapping
from typing import Any

from model_invocation_job.errors import CustomResourceError

#: Attributes that a caller may add to a line with ``extra``.
_EXTRA = ("jobArn", "jobStatus")


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON, with the ids of the request that is being handled."""

    def __init__(self) -> None:
        super().__init__()
        self._ids: dict[str, str] = {}
        self._secret = ""

    def about(self, event: Mapping[str, Any]) -> None:
        """Remember which request the next lines are about, and what must not be in them."""
        self._secret = str(event.get("ResponseURL", ""))
        self._ids = {
            "stackId": str(event.get("StackId", "")),
            "logicalResourceId": str(event.get("LogicalResourceId", "")),
            "requestType": str(event.get("RequestType", "")),
            "requestId": str(event.get("RequestId", "")),
        }

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {"level": record.levelname, "message": record.getMessage(), **self._ids}
        line |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info and not isinstance(record.exc_info[1], CustomResourceError):
            # Our own errors say what is wrong in one sentence; the way to them would only hide it.
            line["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        text = json.dumps(line, default=str)
        return text.replace(self._secret, "…") if self._secret else text


def configure() -> JsonFormatter:
    """Let every logger of the process write JSON: to Lambda's own handler, or to stderr where there is none."""
    formatter, root = JsonFormatter(), logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    for handler in root.handlers:
        handler.setFormatter(formatter)
    return formatter
