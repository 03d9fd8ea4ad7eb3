"""Telling CloudFormation the outcome: exactly one answer a request, or a visible failure.

`SafeCfnResource` is crhelper's class with the defects closed that leave a stack hanging, answer twice, or answer with
an id that CloudFormation cannot use. Each override says which. crhelper's polling is not used: it leaks rules, has no
end, and stores the signed URL.
"""

import logging
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

from crhelper import CfnResource

from model_invocation_job.answers.addressee import Addressee
from model_invocation_job.answers.delivery import deliver
from model_invocation_job.answers.response import FAILED, SUCCESS, Deliver, Response
from model_invocation_job.clock import Deadline, SystemClock
from model_invocation_job.errors import UndeliverableAnswerError
from model_invocation_job.requests.event import is_delete, members_of, problem_of
from model_invocation_job.waiting.waits import Wait

logger = logging.getLogger(__name__)

#: Seconds that delivering the answer may need.
DELIVERY_MARGIN = 10.0


class SafeCfnResource(CfnResource):
    """A custom resource that always answers once, in time, with a usable id; or later, where a handler says so.

    Attributes
    ----------
    again
        What the request was held for, while it is handled again; None while it is handled for the first time.
    is_held
        Whether the latest request has been held: somebody will hand its event in again.
    """

    def __init__(self) -> None:
        # INFO: crhelper's default logs the whole event, signed URL included. No sleep: its default delays each Delete.
        super().__init__(json_logging=False, log_level="INFO", boto_level="ERROR", sleep_on_delete=0)
        self.is_held = False
        self.again: Wait | None = None

    @property
    def _sam_local(self) -> bool:
        # crhelper makes three clients for its polling unless this is set: slow, and a failure there would answer
        # every later request, Delete too, with FAILED.
        return True

    @_sam_local.setter
    def _sam_local(self, value: object) -> None:
        """Ignore the environment variable that crhelper reads here."""

    def __call__(self, event: Mapping[str, Any], context: Any, again: Wait | None = None) -> None:  # noqa: ANN401 (Lambda's context has no class)
        """Handle one request of CloudFormation.

        Parameters
        ----------
        event
            The request, as it arrived.
        context
            Lambda's own.
        again
            What it was held for, if it was.

        Raises
        ------
        InvalidRequestError
            The event is no request of CloudFormation. Nothing is sent: a warm function still knows the last URL.
        UndeliverableAnswerError
            Raised so that Lambda counts an error and delivers the event again.
        """
        addressee = Addressee.of(event)
        # crhelper never resets it, so one secret answer would hide all later ones.
        self.NoEcho = False
        self.is_held, self.again = False, again
        left = context.get_remaining_time_in_millis() / 1000
        # What cannot be delivered must end as an error that says so, before Lambda kills the function.
        deadline = Deadline.after(SystemClock(), left - min(1.0, left / 10))
        self._response = Response(addressee, deadline, deleting=is_delete(event))
        try:
            if problem := problem_of(event):
                self._refuse(problem)
            else:
                super().__call__(members_of(event), context)
        except (SystemExit, KeyboardInterrupt) as error:
            # Not an Exception, so crhelper would end without any answer.
            self._send(FAILED, f"the function was told to exit: {error!r}")
            raise
        finally:
            self._response.close()

    def _refuse(self, problem: str) -> None:
        """Answer a request that no job can have come of: it fails, but there is nothing that a Delete could leave."""
        logger.warning("%s", problem)
        status = SUCCESS if self._response.deleting else FAILED
        self._response.send(status, problem, None, {}, no_echo=False)

    def hold(self) -> None:
        """Send no answer in this invocation: another one will, as the caller has made sure."""
        self.is_held = True

    def generate_physical_id(self, event: Mapping[str, Any]) -> str:  # noqa: ARG002 (crhelper's signature)
        """Return the same id for each delivery of a request; crhelper's is random."""
        return self._response.addressee.physical_id

    def _set_timeout(self) -> None:
        # crhelper leaves half a second, too short for a TLS connection, and a thread that outlives the invocation.
        left = self._response.deadline.left
        self._timer = threading.Timer(left - min(DELIVERY_MARGIN, left / 3), partial(self._time_is_up, self._response))
        self._timer.daemon = True
        self._timer.start()

    def _time_is_up(self, response: Response) -> None:
        reason = "The function ran out of time before Bedrock answered: deploy again"
        try:
            response.send(FAILED, reason, self.PhysicalResourceId, {}, no_echo=False)
        except UndeliverableAnswerError:
            logger.warning("the function ran out of time, and CloudFormation cannot be told")

    def _cfn_response(self, event: Mapping[str, Any]) -> None:
        # crhelper comes here with what a handler returned; it knows no handler that has not come to an end.
        if not self.is_held:
            super()._cfn_response(event)  # type: ignore[misc]  # crhelper is not typed

    def _send(self, status: str | None = None, reason: str = "", send_response: Deliver = deliver) -> None:
        self._response.send(
            status or self.Status or SUCCESS,
            reason or str(self.Reason or ""),
            self.PhysicalResourceId,
            self.Data,
            no_echo=self.NoEcho,
            by=send_response,
        )
