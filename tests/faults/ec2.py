"""EC2: the network interfaces that jobs have in a VPC."""

from collections.abc import Mapping
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from .front import Call, Request, Response

_XML = {"Content-Type": "text/xml"}
_TAG = "tag:BedrockModelInvocationJobArn"


class Ec2:
    """`interfaces` are the ids of those that a job has, by its ARN; `others` are so many pages of other jobs'."""

    def __init__(self) -> None:
        self.interfaces: dict[str, list[str]] = {}
        self.others = 0

    def call(self, request: Request) -> Call:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        return Call(form.pop("Action", "?"), form)

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        asked = call.parameters
        if call.operation != "DescribeNetworkInterfaces" or _filter_of(asked) != _TAG:
            return self.error("InvalidParameterValue", "nothing else is asked", 400)
        if "MaxResults" not in asked:
            return self.error("OperationNotPermitted", "there are too many interfaces for one answer", 400)
        page = int(asked.get("NextToken", 0))
        found = self.interfaces.get(asked["Filter.1.Value.1"], []) if page == self.others else []
        items = "".join(f"<item><networkInterfaceId>{each}</networkInterfaceId></item>" for each in found)
        following = f"<nextToken>{page + 1}</nextToken>" if page < self.others else ""
        told = f"<networkInterfaceSet>{items}</networkInterfaceSet>{following}"
        return 200, _XML, f"<DescribeNetworkInterfacesResponse>{told}</DescribeNetworkInterfacesResponse>".encode()

    def error(self, code: str, text: str, status: int) -> Response:
        error = f"<Error><Code>{code}</Code><Message>{escape(text)}</Message></Error>"
        return status, _XML, f"<Response><Errors>{error}</Errors><RequestID>0</RequestID></Response>".encode()


def _filter_of(asked: Mapping[str, str]) -> str:
    """Return the name of the only filter, which has one value."""
    of_filters = {name: value for name, value in asked.items() if name.startswith("Filter.")}
    return of_filters["Filter.1.Name"] if set(of_filters) == {"Filter.1.Name", "Filter.1.Value.1"} else ""
