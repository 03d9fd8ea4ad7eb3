"""A synthesized template, read the way CloudFormation does: texts put together, resources by what they need."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack
from aws_cdk.assertions import Annotations, Match, Template

JOB = "Custom::BedrockModelInvocationJob"
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")


@dataclass(frozen=True)
class Synthesized:
    """The template of a stack; synth fails here if its resources need each other in a circle."""

    template: dict[str, Any]

    @classmethod
    def of(cls, stack: Stack) -> "Synthesized":
        return cls(Template.from_stack(stack).to_json())

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.template["Resources"]
        return found

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == kind}

    def properties(self, kind: str) -> list[dict[str, Any]]:
        return [resource["Properties"] for resource in self.all(kind).values()]

    @property
    def job_id(self) -> str:
        (logical_id,) = self.all(JOB)
        return logical_id

    @property
    def job(self) -> dict[str, Any]:
        """The properties of the only job, as texts."""
        found: dict[str, Any] = plain(self.resources[self.job_id]["Properties"])
        return found

    @property
    def call(self) -> dict[str, Any]:
        """What the only job sends to the API."""
        found: dict[str, Any] = self.job["Job"]
        return found

    def statements(self, beginning: str) -> list[dict[str, Any]]:
        """The statements of roles whose logical ids begin so, as texts; of one that is elsewhere, of such policies."""
        policies = (
            r
            for name, r in self.resources.items()
            if r["Type"] in _POLICIES and any(who.startswith(beginning) for who in _holders(name, r["Properties"]))
        )
        return [plain(s) for policy in policies for s in policy["Properties"]["PolicyDocument"]["Statement"]]

    def allowed(self, beginning: str) -> dict[str, list[dict[str, Any]]]:
        """The same statements by action."""
        found: dict[str, list[dict[str, Any]]] = {}
        for statement in self.statements(beginning):
            for action in as_list(statement["Action"]):
                found.setdefault(action, []).append(statement)
        return found

    def needed(self, logical_id: str) -> set[str]:
        """Every resource that is made before this one."""
        found: set[str] = set()
        waiting = [logical_id]
        while waiting:
            for name in set(_needs(self.resources[waiting.pop()])) & self.resources.keys() - found:
                found.add(name)
                waiting.append(name)
        return found


def _holders(name: str, policy: dict[str, Any]) -> list[str]:
    holders = [holder for kind in ("Roles", "Users", "Groups") for holder in policy.get(kind, ())]
    return [holder["Ref"] for holder in holders if isinstance(holder, dict) and "Ref" in holder] or [name]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def named(logical_id: str) -> str:
    """A logical id without the digest of its path, and that of what it says."""
    return re.sub(r"[0-9A-F]{8}([0-9a-f]{8})?$", "", logical_id)


def plain(value: Any) -> Any:
    """Put texts together: ``${Name.Arn}`` stands for an attribute of a resource, ``${AWS::Region}`` for the Region."""
    match value:
        case list():
            return [plain(item) for item in value]
        case (
            {"Ref": _}
            | {"Fn::GetAtt": _}
            | {"Fn::ImportValue": _}
            | {"Fn::Join": _}
            | {"Fn::Select": _}
            | {"Fn::Sub": _}
            | {"Fn::FindInMap": _}
        ):
            return _text(value)
        case dict():
            return {key: plain(item) for key, item in value.items()}
    return value


def _text(value: dict[str, Any]) -> str:
    match value:
        case {"Fn::Sub": text}:
            pass
        case {"Ref": name} | {"Fn::ImportValue": name}:
            text = f"${{{named(name)}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            text = f"${{{named(name)}.{attribute}}}"
        case {"Fn::FindInMap": parts}:
            text = f"${{{'.'.join(map(plain, parts))}}}"
        case {"Fn::Join": [separator, parts]}:
            text = separator.join(plain(parts))
        case _:
            number, split = value["Fn::Select"]
            separator, whole = split["Fn::Split"]
            text = f"${{{plain(whole)} split at {separator} [{number}]}}"
    return text


def _needs(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _needs(item)
    elif isinstance(value, dict):
        yield from as_list(value.get("DependsOn", []))
        match value:
            case {"Ref": str(name)}:
                yield name
            case {"Fn::GetAtt": [str(name), _]}:
                yield name
            case {"Fn::Sub": text}:
                yield from re.findall(r"\$\{([A-Za-z0-9]+)", json.dumps(text))
        for item in value.values():
            yield from _needs(item)


def warnings(stack: Stack) -> list[str]:
    """What synth warns of."""
    return [str(message.entry.data) for message in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


def warned(stack: Stack, id: str) -> list[str]:
    """What synth warns of under one of our ids."""
    return [text for text in warnings(stack) if text.endswith(f"[ack: cdk-bedrock-batch:{id}]")]
