"""The two other services that the function calls: S3 (CopyObject) and CloudFormation's own API."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from .front import Call, Request, Response

_XML = {"Content-Type": "text/xml"}
#: As the construct names it.
RESOURCE_TYPE = "Custom::BedrockModelInvocationJob"
_TIME = "2026-01-01T00:00:00.000Z"


class S3:
    """Copies that always succeed: what is copied, the call log tells."""

    def call(self, request: Request) -> Call:
        source = request.headers.get("x-amz-copy-source")
        operation = "CopyObject" if request.method == "PUT" and source else f"s3: {request.method}"
        return Call(operation, {"CopySource": unquote(source or ""), "Target": unquote(request.path[1:])})

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        return (
            200,
            _XML,
            f'<CopyObjectResult><ETag>"0"</ETag><LastModified>{_TIME}</LastModified></CopyObjectResult>'.encode(),
        )

    def error(self, code: str, text: str, status: int) -> Response:
        return status, _XML, f"<Error><Code>{code}</Code><Message>{escape(text)}</Message></Error>".encode()


@dataclass
class Descriptions:
    """CloudFormation's view of its stacks and their resources.

    `resource` asks the simulator for a resource's status and physical id, by stack id and logical id; `stack` for a
    stack's status, by its id.
    """

    resource: Callable[[str, str], tuple[str, str] | None]
    stack: Callable[[str], str | None]

    def call(self, request: Request) -> Call:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        return Call(form.pop("Action", "?"), form)

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        stack = call.parameters.get("StackName", "")
        result = {"DescribeStackResource": self._resource, "DescribeStacks": self._stack}[call.operation](
            stack, call.parameters.get("LogicalResourceId", "")
        )
        if result is None:
            return self.error("ValidationError", f"Stack or resource does not exist in {stack}", 400)
        return 200, _XML, _element(f"{call.operation}Response", _element(f"{call.operation}Result", result)).encode()

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
