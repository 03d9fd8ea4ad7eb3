"""CloudFormation's own API, which the function asks about its stack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from .front import Call, Request, Response

_XML = {"Content-Type": "text/xml"}
#: As the construct names it.
RESOURCE_TYPE = "Custom::BedrockModelInvocationJob"
_TIME = "2026-01-01T00:00:00.000Z"


@dataclass
class Descriptions:
    """CloudFormation's view of its stacks and their resources.

    `resource` asks the simulator for a resource's status and physical id, by stack id and logical id; `stack` for a
    stack's status, by its id; `signal` what is wrong with a signal, by stack id, logical id and unique id.
    """

    resource: Callable[[str, str], tuple[str, str] | None]
    stack: Callable[[str], str | None]
    signal: Callable[[str, str, str], str | None]

    def call(self, request: Request) -> Call:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        return Call(form.pop("Action", "?"), form)

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        stack = call.parameters.get("StackName", "")
        if call.operation == "SignalResource":
            return self._signal(stack, call.parameters)
        result = {"DescribeStackResource": self._resource, "DescribeStacks": self._stack}[call.operation](
            stack, call.parameters.get("LogicalResourceId", "")
        )
        if result is None:
            return self.error("ValidationError", f"Stack or resource does not exist in {stack}", 400)
        return 200, _XML, _element(f"{call.operation}Response", _element(f"{call.operation}Result", result)).encode()

    def _signal(self, stack: str, parameters: Mapping[str, str]) -> Response:
        assert parameters["Status"] == "SUCCESS"
        problem = self.signal(stack, parameters["LogicalResourceId"], parameters["UniqueId"])
        if problem:
            return self.error("ValidationError", problem, 400)
        return 200, _XML, _element("SignalResourceResponse", "<ResponseMetadata/>").encode()

    def _resource(self, stack: str, logical_id: str) -> str | None:
        view = self.resource(stack, logical_id)
        fields = {"LogicalResourceId": logical_id, "ResourceType": RESOURCE_TYPE, "LastUpdatedTimestamp": _TIME}
        return view and _element(
            "StackResourceDetail", _fields({**fields, "ResourceStatus": view[0], "PhysicalResourceId": view[1]})
        )

    def _stack(self, stack: str, _: str) -> str | None:
        status = self.stack(stack)
        fields = {"StackName": stack.split("/")[1], "StackId": stack, "CreationTime": _TIME}
        return status and _element("Stacks", _element("member", _fields({**fields, "StackStatus": status})))

    def error(self, code: str, text: str, status: int) -> Response:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(text)}</Message></Error>"
        return status, _XML, f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>".encode()


def _fields(values: dict[str, str]) -> str:
    return "".join(_element(name, escape(value)) for name, value in values.items())


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"
