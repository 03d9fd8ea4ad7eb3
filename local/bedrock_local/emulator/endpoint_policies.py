"""The policies of VPC endpoints: ministack keeps none that one is made with, tells none, and heeds no filter.

Nobody is refused by them here: what goes through an endpoint is not known. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2

NEEDS = (
    "services.ec2._ACTION_MAP",
    "services.ec2._error",
    "services.ec2._p",
    "services.ec2._parse_filters",
    "services.ec2._parse_member_list",
    "services.ec2._vpc_endpoints",
    "services.ec2._vpce_fields_xml",
)

#: "The default endpoint policy" of the page.
_DEFAULT = json.dumps({"Statement": [{"Action": "*", "Effect": "Allow", "Resource": "*", "Principal": "*"}]})
_POLICY, _NAMES = "PolicyDocument", "PrivateDnsEnabled"
_FIELDS = {
    "service-name": "ServiceName",
    "vpc-endpoint-id": "VpcEndpointId",
    "vpc-endpoint-state": "State",
    "vpc-endpoint-type": "VpcEndpointType",
    "vpc-id": "VpcId",
}

Endpoint = dict[str, Any]
Parameters = Mapping[str, Any]
Action = Callable[[Parameters], Any]


def keep_endpoint_policies() -> None:
    """Let an endpoint have the policy that it is made with, or the default one, and be found by what it is."""
    actions = ec2._ACTION_MAP  # noqa: SLF001 -- no public way in
    actions["CreateVpcEndpoint"] = _with_policy(actions["CreateVpcEndpoint"])
    actions["DescribeVpcEndpoints"] = _filtered(actions["DescribeVpcEndpoints"])
    ec2._vpce_fields_xml = _telling(ec2._vpce_fields_xml)  # noqa: SLF001 -- the same


def _with_policy(create: Action) -> Action:
    def created(parameters: Parameters) -> Any:  # noqa: ANN401 -- as the emulator answers
        before = set(_endpoints())
        answer = create(parameters)
        for name in set(_endpoints()) - before:
            _endpoints()[name][_POLICY] = ec2._p(parameters, _POLICY)  # noqa: SLF001 -- no public way in
            _endpoints()[name][_NAMES] = ec2._p(parameters, _NAMES).lower() == "true"  # noqa: SLF001 -- the same
        return answer

    return created


def _filtered(describe: Action) -> Action:
    def described(parameters: Parameters) -> Any:  # noqa: ANN401 -- as the emulator answers
        filters = ec2._parse_filters(parameters)  # noqa: SLF001 -- no public way in
        if unknown := next((name for name in filters if name not in _FIELDS), None):
            words = f"The local AWS does not know the filter '{unknown}' of VPC endpoints"
            return ec2._error("InvalidParameter", words, 400)  # noqa: SLF001 -- the same
        named = ec2._parse_member_list(parameters, "VpcEndpointId")  # noqa: SLF001 -- the same
        found = [
            name
            for name, endpoint in _endpoints().items()
            if name in (named or [name]) and all(endpoint[_FIELDS[each]] in filters[each] for each in filters)
        ]
        return describe({f"VpcEndpointId.{number}": [each] for number, each in enumerate(found or ["none"], 1)})

    return described


def _telling(fields: Callable[..., str]) -> Callable[..., str]:
    def told(endpoint: Endpoint, tag: str = "item") -> str:
        policy = escape(endpoint.get(_POLICY) or _DEFAULT)
        names = str(endpoint.get(_NAMES, False)).lower()
        # Other items are in it, of tables and subnets: the last end is its own.
        body, end, _ = fields(endpoint, tag=tag).rpartition(f"</{tag}>")
        more = f"<policyDocument>{policy}</policyDocument><privateDnsEnabled>{names}</privateDnsEnabled>"
        return f"{body}{more}{end}"

    return told


def _endpoints() -> dict[str, Endpoint]:
    """Return those of the account and Region of the request that is being answered."""
    found: dict[str, Endpoint] = ec2._vpc_endpoints  # noqa: SLF001 -- no public way in
    return found
