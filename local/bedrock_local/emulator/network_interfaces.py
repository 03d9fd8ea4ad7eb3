"""Network interfaces, which in ministack hold nothing and are found by no filter. Seen in ministack 1.5.33.

EC2 deletes neither a subnet nor a security group that one of them uses.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

NEEDS = (
    "services.ec2._ACTION_MAP",
    "services.ec2._DEFAULT_VPC_ID",
    "services.ec2._error",
    "services.ec2._glob_match",
    "services.ec2._network_interfaces",
    "services.ec2._p",
    "services.ec2._parse_filters",
    "services.ec2._parse_member_list",
    "services.ec2._resource_matches_tag_filters",
    "services.ec2._security_groups",
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
)

Interface = Mapping[str, Any]
Parameters = Mapping[str, list[str]]
Action = Callable[[Parameters], Any]

#: Where an interface has what a filter is about, of all that ministack knows of one.
_FIELDS = {
    "addresses.private-ip-address": "PrivateIpAddress",
    "attachment.attachment-id": "Attachment.AttachmentId",
    "attachment.instance-id": "Attachment.InstanceId",
    "attachment.status": "Attachment.Status",
    "availability-zone": "AvailabilityZone",
    "description": "Description",
    "group-id": "Groups.GroupId",
    "interface-type": "InterfaceType",
    "mac-address": "MacAddress",
    "network-interface-id": "NetworkInterfaceId",
    "owner-id": "OwnerId",
    "private-ip-address": "PrivateIpAddress",
    "source-dest-check": "SourceDestCheck",
    "status": "Status",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
}
#: What EC2 can be asked for besides, and ministack does not know of an interface.
_UNKNOWN = (
    "addresses.association.owner-id",
    "addresses.association.public-ip",
    "addresses.primary",
    "association.allocation-id",
    "association.association-id",
    "association.ip-owner-id",
    "association.public-dns-name",
    "association.public-ip",
    "attachment.attach-time",
    "attachment.delete-on-termination",
    "attachment.device-index",
    "attachment.instance-owner-id",
    "availability-zone-id",
    "ipv6-addresses.ipv6-address",
    "operator.managed",
    "operator.principal",
    "private-dns-name",
    "requester-id",
    "requester-managed",
)
#: The operation that deletes a kind of resource, its parameter, the filter for what uses it, and what EC2 says then.
_HOLDERS = {
    "AWS::EC2::SecurityGroup": ("DeleteSecurityGroup", "GroupId", "group-id", "resource {} has a dependent object"),
    "AWS::EC2::Subnet": (
        "DeleteSubnet",
        "SubnetId",
        "subnet-id",
        "The subnet '{}' has dependencies and cannot be deleted.",
    ),
}


def hold_subnets_and_groups() -> None:
    """Let interfaces be found by filters, and keep what they use."""
    actions, handlers = ec2._ACTION_MAP, provisioners._RESOURCE_HANDLERS  # noqa: SLF001 -- no public way in
    actions["DescribeNetworkInterfaces"] = _filtered(actions["DescribeNetworkInterfaces"])
    for kind, (operation, parameter, field, words) in _HOLDERS.items():
        actions[operation] = _kept(actions[operation], parameter, field, words)
        handlers[kind] = {**handlers[kind], "delete": _kept_in_stack(handlers[kind]["delete"], field, words)}
    actions["DeleteSecurityGroup"] = _by_name(actions["DeleteSecurityGroup"])


def _filtered(describe: Action) -> Action:
    def described(parameters: Parameters) -> Any:  # noqa: ANN401 -- as the emulator answers
        filters = ec2._parse_filters(parameters)  # noqa: SLF001 -- no public way in
        if unknown := next((name for name in filters if not _is_known(name)), None):
            return ec2._error("InvalidParameterValue", _told(unknown), 400)  # noqa: SLF001 -- the same
        named = ec2._parse_member_list(parameters, "NetworkInterfaceId")  # noqa: SLF001 -- the same
        found = [each["NetworkInterfaceId"] for each in _interfaces() if _matches(each, filters)]
        if missing := next((each for each in named if each not in ec2._network_interfaces), None):  # noqa: SLF001 -- the same
            words = f"The networkInterface ID '{missing}' does not exist"
            return ec2._error("InvalidNetworkInterfaceID.NotFound", words, 400)  # noqa: SLF001 -- the same
        told = [each for each in found if each in named or not named]
        return describe({f"NetworkInterfaceId.{number}": [each] for number, each in enumerate(told or ["none"], 1)})

    return described


def _kept(delete: Action, parameter: str, field: str, words: str) -> Action:
    def deleted(parameters: Parameters) -> Any:  # noqa: ANN401 -- as the emulator answers
        resource = ec2._p(parameters, parameter)  # noqa: SLF001 -- no public way in
        if _is_used(resource, field):
            return ec2._error("DependencyViolation", words.format(resource), 400)  # noqa: SLF001 -- the same
        return delete(parameters)

    return deleted


def _by_name(delete: Action) -> Action:
    """Find a security group of the default VPC by its name; ministack would delete none, and say that it has."""

    def deleted(parameters: Parameters) -> Any:  # noqa: ANN401 -- as the emulator answers
        name = ec2._p(parameters, "GroupName")  # noqa: SLF001 -- no public way in
        if ec2._p(parameters, "GroupId"):  # noqa: SLF001 -- the same
            return delete(parameters)
        if not name:
            words = "The request must contain the parameter GroupName or GroupId"
            return ec2._error("MissingParameter", words, 400)  # noqa: SLF001 -- the same
        vpc = ec2._DEFAULT_VPC_ID  # noqa: SLF001 -- the same
        groups = ec2._security_groups.items()  # noqa: SLF001 -- the same
        found = [group for group, each in groups if (each["GroupName"], each["VpcId"]) == (name, vpc)]
        if not found:
            words = f"The security group '{name}' does not exist in default VPC '{vpc}'"
            return ec2._error("InvalidGroup.NotFound", words, 400)  # noqa: SLF001 -- the same
        return delete({**parameters, "GroupId": found})

    return deleted


def _kept_in_stack(delete: Callable[..., None], field: str, words: str) -> Callable[..., None]:
    def deleted(physical_id: str, properties: Mapping[str, Any]) -> None:
        if _is_used(physical_id, field):
            raise ValueError(words.format(physical_id))
        delete(physical_id, properties)

    return deleted


def _is_used(resource: str, field: str) -> bool:
    return any(resource in _values(each, field) for each in _interfaces())


def _told(unknown: str) -> str:
    """Say why a filter is refused; passed over, it would find everything, or nothing."""
    if unknown in _UNKNOWN:
        return f"The local AWS does not know of a network interface what the filter '{unknown}' asks for"
    return f"The filter '{unknown}' is invalid"


def _is_known(name: str) -> bool:
    return name in _FIELDS or name in ("tag-key", "tag-value") or name.startswith("tag:")


def _matches(interface: Interface, filters: Mapping[str, list[str]]) -> bool:
    tagged: bool = ec2._resource_matches_tag_filters(interface["NetworkInterfaceId"], filters)  # noqa: SLF001 -- the same
    return tagged and all(_has(interface, name, values) for name, values in filters.items() if name in _FIELDS)


def _has(interface: Interface, name: str, patterns: list[str]) -> bool:
    return any(
        ec2._glob_match(pattern, value)  # noqa: SLF001 -- the same
        for pattern in patterns
        for value in _values(interface, name)
    )


def _values(interface: Interface, name: str) -> list[str]:
    """Return what an interface has where a filter looks; nothing where it has no such part."""
    outer, _, inner = _FIELDS[name].partition(".")
    found = interface[outer] or []
    parts = found if isinstance(found, list) else [found]
    return [str(part[inner] if inner else part) for part in parts]


def _interfaces() -> list[Interface]:
    """Return those of the account and Region of the request that is being answered."""
    return list(ec2._network_interfaces.values())  # noqa: SLF001 -- no public way in
