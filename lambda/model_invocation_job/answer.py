"""Telling CloudFormation the outcome: exactly one answer a request, or a visible failure.

`SafeCfnResource` is crhelper's class with the defects closed that leave a stack hanging, answer twice, or answer with
an id that CloudFormation cannot use. Each override says which. crhelper's polling is not used: it leaks rules, has no
end, and stores the signed URL.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from crhelper import FAILED, SUCCESS, CfnResource

from model_invocation_job.clock import Deadline, SystemClock
from model_invocation_job.delivery import check_address, deliver
from model_invocation_job.errors import InvalidRequestError, UndeliverableAnswerError
from model_invocation_job.last_word import unanswered_id

logger = logging.getLogger(__name__)

REQUIRED = ("RequestType", "ResponseURL", "StackId", "RequestId", "LogicalResourceId", "ResourceProperties")
REQUEST_TYPES = ("Create", "Update", "Delete")

#: Bytes. Source: CloudFormation user guide, custom resource response objects.
MAX_ANSWER = 4096
MAX_PHYSICAL_ID = 1024
#: Seconds that delivering the answer may need.
DELIVERY_MARGIN = 10.0


class SafeCfnResource(CfnResource):
    """A custom resource that always answers once, in time, with a usable id."""

    def __init__(self) -> None:
        # INFO: crhelper's default logs the whole event, signed URL included. No sleep: its default delays each Delete.
        super().__init__(json_logging=False, log_level="INFO", boto_level="ERROR", sleep_on_delete=0)

    @property
    def _sam_local(self) -> bool:
        # crhelper makes three clients for its polling unless this is set: slow, and a failure there would answer
        # every later request, Delete too, with FAILED.
        return True

    @_sam_local.setter
    def _sam_local(self, value: object) -> None:
        """Ignore the environment variable that crhelper reads here."""

    def __call__(self, event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
        """Handle one request of CloudFormation.

        Raises
        ------
        InvalidRequestError
            The event is no request of CloudFormation. Nothing is sent: a warm function still knows the last URL.
        UndeliverableAnswerError
            Raised so that Lambda counts an error and delivers the event again.
        """
        check_event(event)
        self._lock = threading.Lock()
        self._body: bytes | None = None
        self._undeliverable: Exception | None = None
        # crhelper never resets it, so one secret answer would hide all later ones.
        self.NoEcho = False
        self._url = event["ResponseURL"]
        self._deleting = event["RequestType"] == "Delete"
        self._fallback_id = str(event.get("PhysicalResourceId") or unanswered_id(event))
        left = context.get_remaining_time_in_millis() / 1000
        # What cannot be delivered must end as an error that says so, before Lambda kills the function.
        self._deadline = Deadline.after(SystemClock(), left - min(1.0, left / 10))
        try:
            super().__call__(event, context)
        except (SystemExit, KeyboardInterrupt) as error:
            # Not an Exception, so crhelper would end without any answer.
            self._send(FAILED, f"the function was told to exit: {error!r}")
            raise

    def generate_physical_id(self, event: Mapping[str, Any]) -> str:  # noqa: ARG002 (crhelper's signature)
        """Return the same id for each delivery of a request; crhelper's is random."""
        return self._fallback_id

    def _set_timeout(self) -> None:
        # crhelper leaves half a second, too short for a TLS connection, and a thread that outlives the invocation.
        left = self._deadline.left
        self._timer = threading.Timer(left - min(DELIVERY_MARGIN, left / 3), self._timeout)
        self._timer.daemon = True
        self._timer.start()

    def _timeout(self) -> None:
        try:
            self._send(FAILED, "The function ran out of time before Bedrock answered: deploy again")
        except UndeliverableAnswerError:
            logger.warning("the function ran out of time, and CloudFormation cannot be told")

    def _send(self, status: str | None = None, reason: str = "", send_response: Callable[..., None] = deliver) -> None:
        # The first decision wins: crhelper sends FAILED from its timer and SUCCESS from its handler to the same URL.
        with self._lock:
            if self._undeliverable:
                raise self._undeliverable
            if self._body is not None:
                return
            self._body = self._encoded(status or self.Status or SUCCESS, reason or str(self.Reason or ""))
            try:
                send_response(self._url, self._body, self._deadline)
            except Exception as error:
                # crhelper would catch it, come here again, and end as if all were well.
                self._undeliverable = error
                raise

    def _physical_id(self) -> str:
        # crhelper makes an id of whatever a handler returns; a new one is a replacement on Update, an error on Delete.
        if isinstance(self.PhysicalResourceId, str) and self.PhysicalResourceId and not self._deleting:
            return self.PhysicalResourceId
        return self._fallback_id

    def _encoded(self, status: str, reason: str) -> bytes:
        answer = {
            "Status": status,
            "PhysicalResourceId": _cut(self._physical_id()),
            "StackId": self.StackId,
            "RequestId": self.RequestId,
            "LogicalResourceId": self.LogicalResourceId,
            "NoEcho": self.NoEcho,
            # Texts only: crhelper answers without any id when a value, such as a date, is no JSON.
            "Data": {name: str(value) for name, value in self.Data.items()} if status == SUCCESS else {},
        }
        if status == FAILED:
            answer["Reason"] = _shortened(reason or "no reason is known", MAX_ANSWER - len(_json(answer)) - 64)
        body = _json(answer)
        if len(body) > MAX_ANSWER:
            raise InvalidRequestError(f"the answer has {len(body)} bytes; CloudFormation takes {MAX_ANSWER}")
        return body


def check_event(event: object) -> None:
    """Refuse what is no request of CloudFormation, before anything of it is remembered.

    Raises
    ------
    InvalidRequestError
        The text says what is missing.
    UndeliverableAnswerError
        The answer would go to somebody else.
    """
    if not isinstance(event, Mapping):
        raise InvalidRequestError("this function answers CloudFormation only; the event is no map")
    missing = [name for name in REQUIRED if not event.get(name)]
    if missing:
        raise InvalidRequestError(f"this function answers CloudFormation only; the event has no {', '.join(missing)}")
    if event["RequestType"] not in REQUEST_TYPES:
        raise InvalidRequestError(f"'RequestType' must be one of {', '.join(REQUEST_TYPES)}, got an unknown one")
    # Before anything is done: what a forged event asks for must not be paid for.
    check_address(event["ResponseURL"])


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _cut(physical_id: str) -> str:
    return physical_id.encode()[:MAX_PHYSICAL_ID].decode(errors="ignore")


def _shortened(text: str, limit: int) -> str:
    if len(_json(text)) <= limit:
        return text
    while len(_json(text)) > limit - 8:
        text = text[: len(text) * 9 // 10]
    return f"{text} …"
