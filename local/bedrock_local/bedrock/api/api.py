"""The services behind HTTP: one function from request to response."""

import json
import logging
import re
from dataclasses import dataclass, field

from bedrock_local.bedrock.access.ports import Caller
from bedrock_local.bedrock.api import responses
from bedrock_local.bedrock.api.on_demand import OnDemandInference
from bedrock_local.bedrock.api.responses import Response
from bedrock_local.bedrock.api.service import BatchInference
from bedrock_local.bedrock.faults.fault import FailCalls
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.models.invocation import Answer
from bedrock_local.bedrock.service_model import routes
from bedrock_local.bedrock.service_model.errors import BedrockError, InternalServerException
from bedrock_local.bedrock.service_model.routes import Route, Sent
from bedrock_local.bedrock.service_model.validation import validate

_LOG = logging.getLogger(__name__)
# In the headers of a reply that shall not arrive: who serves it ends the connection instead.
DROPPED = "x-bedrock-local-dropped"


@dataclass(frozen=True)
class Api:
    """Bedrock's inference, of jobs or on demand, as requests and responses.

    Parameters
    ----------
    service
        The operations.
    faults
        What goes wrong on demand. Default: nothing.
    """

    service: BatchInference | OnDemandInference
    faults: Faults = field(default_factory=Faults)

    def answer(self, caller: Caller, route: Route, sent: Sent) -> Response:
        """Answer a request.

        Parameters
        ----------
        caller
            Who signed it.
        route
            The operation that it means.
        sent
            What it says beside that.

        Returns
        -------
        Response
            Status, headers and body; also for errors, whatever they are.
        """
        name = route.operation.name
        if fault := self.faults.call_error(name):
            return _refused(fault)
        status, headers, content = self._answer(caller, route, sent)
        if self.faults.drops_reply(name):
            headers |= {DROPPED: ""}
        return status, headers, content

    def _answer(self, caller: Caller, route: Route, sent: Sent) -> Response:
        name = route.operation.name
        operation = getattr(self.service, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())
        try:
            params = routes.parameters(route, sent)
            validate(route.operation, params)
            answer = operation(caller, params)
            return responses.said(answer) if isinstance(answer, Answer) else responses.ok(answer)
        except BedrockError as error:
            return responses.failed(error)
        except Exception:  # noqa: BLE001 -- a caller gets an answer, whatever breaks
            _LOG.exception("%s broke", name)
            return responses.failed(InternalServerException("The service failed to answer. Try again."))


def _refused(fault: FailCalls) -> Response:
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": fault.code}
    return fault.status, headers, json.dumps({"message": fault.text}).encode()
