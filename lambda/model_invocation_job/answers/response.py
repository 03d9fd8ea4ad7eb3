"""The one response to one request of CloudFormation.

It is decided once: whoever comes second, the handler or the timer that answers before Lambda ends the function, finds
it decided. It belongs to its request, so a timer that wakes up late, in a function that Lambda had frozen, answers for
nobody else.
"""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from model_invocation_job.answers.addressee import MAX_RESPONSE, Addressee, physical_id_of, within
from model_invocation_job.answers.delivery import deliver
from model_invocation_job.clock import Deadline
from model_invocation_job.errors import InvalidRequestError

SUCCESS, FAILED = "SUCCESS", "FAILED"

Deliver = Callable[[str, bytes, Deadline], None]


class Response:
    """What CloudFormation will be told about one event, sent at most once.

    Parameters
    ----------
    addressee
        Who asked.
    deadline
        When nothing is sent any more.
    deleting
        Whether the resource goes: then it keeps its id in any case.
    """

    def __init__(self, addressee: Addressee, deadline: Deadline, *, deleting: bool) -> None:
        self.deadline = deadline
        self.addressee = addressee
        self.deleting = deleting
        self._lock = threading.Lock()
        self._decided = False
        self._undelivered: Exception | None = None

    def close(self) -> None:
        """Let nothing be sent any more: the invocation is over."""
        with self._lock:
            self._decided = True

    def send(
        self,
        status: str,
        reason: str,
        physical_id: object,
        data: Mapping[str, Any],
        *,
        no_echo: bool,
        by: Deliver = deliver,
    ) -> None:
        """Decide and deliver, unless that has been done; what could not be delivered is said again, not sent again.

        Raises
        ------
        InvalidRequestError
            The data is too long; nothing is decided.
        UndeliverableAnswerError
            CloudFormation cannot be told.
        """
        with self._lock:
            if self._undelivered:
                raise self._undelivered
            if self._decided:
                return
            body = self._body(status, reason, physical_id, data, no_echo=no_echo)
            self._decided = True
            try:
                by(self.addressee.url, body, self.deadline)
            except Exception as error:
                # crhelper would catch it, come here again, and end as if all were well.
                self._undelivered = error
                raise

    def _body(self, status: str, reason: str, physical_id: object, data: Mapping[str, Any], *, no_echo: bool) -> bytes:
        response = {
            "Status": status,
            "PhysicalResourceId": self._physical_id(physical_id),
            **self.addressee.ids,
            "NoEcho": no_echo,
            # Texts only: crhelper answers without any id when a value, such as a date, is no JSON.
            "Data": {name: str(value) for name, value in data.items()} if status == SUCCESS else {},
        }
        reason = reason or ("no reason is known" if status == FAILED else "")
        if reason:
            response["Reason"] = _shortened(reason, MAX_RESPONSE - len(_json(response)) - 64)
        body = _json(response)
        if len(body) > MAX_RESPONSE:
            raise InvalidRequestError(f"the answer has {len(body)} bytes; CloudFormation takes {MAX_RESPONSE}")
        return body

    def _physical_id(self, given: object) -> str:
        # crhelper makes an id of whatever a handler returns; a new one is a replacement on Update, an error on Delete.
        return ("" if self.deleting else physical_id_of(given)) or self.addressee.physical_id


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _shortened(text: str, limit: int) -> str:
    return text if len(_json(text)) <= limit else f"{within(text, limit - 8)} …"
