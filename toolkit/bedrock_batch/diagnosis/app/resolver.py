"""Values of a template, as far as they are known before it is deployed.

What a deployment makes has a name that stands for it here, the same wherever it is meant. What cannot be known stands
as a policy variable, ``${…}``: so that policies that hang on it cannot be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bedrock_batch.jobs.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUBSTITUTED = re.compile(r"\$\{(!?)([\w.:]+)\}")
#: What a resource of a type is called, if its template says so.
_NAMES = {"AWS::S3::Bucket": "BucketName", "AWS::IAM::Role": "RoleName", "AWS::KMS::Key": ""}
MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
_LONGEST = 60


@dataclass(frozen=True)
class Resolver:
    """Resolves the values of one template.

    Attributes
    ----------
    partition, region, account : str
        Where it is deployed.
    resources : mapping
        Of the template.
    path : str
        The stack, and those that it is nested in: logical ids are those of one stack.
    parameters : mapping
        Their values, by name, where a stack that it is nested in gives them.
    exports : mapping
        Values that other stacks of the app export, by name.
    """

    partition: str
    region: str
    account: str
    resources: Mapping[str, Any]
    path: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    exports: Mapping[str, Any] = field(default_factory=dict)

    def value(self, value: Any) -> Any:  # noqa: ANN401 - whatever a template has
        """Return a value with everything in it that is known."""
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (next(iter(value)) == "Ref" or next(iter(value)).startswith("Fn::")):
            return self._function(value)
        return {name: self.value(each) for name, each in value.items()}

    def _function(self, function: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a parameter may be anything
        match function:
            case {"Ref": str(name)}:
                return self._ref(name)
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                return self._attribute(name, attribute)
            case {"Fn::Join": [str(between), [*parts]]}:
                return between.join(str(self.value(part)) for part in parts)
            case {"Fn::Sub": str(text)}:
                return _SUBSTITUTED.sub(self._substitute, text)
            case {"Fn::ImportValue": str(name)} if name in self.exports:
                return self.exports[name]
        return open_value(next(iter(function)))

    def _ref(self, name: str) -> Any:  # noqa: ANN401 - a parameter may be anything
        pseudo = {"AWS::Partition": self.partition, "AWS::Region": self.region, "AWS::AccountId": self.account}
        pseudo["AWS::URLSuffix"] = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        if name in pseudo:
            return pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        resource = self.resources.get(name)
        if isinstance(resource, dict) and resource.get("Type") == MANAGED_POLICY:
            # What it may be called else does not matter: what names it does so by this ARN.
            return str(Arn(self.partition, "iam", "", self.account, f"policy/{stand_in(name, self.path)}"))
        if not isinstance(resource, dict) or resource.get("Type") not in _NAMES:
            return open_value(name)
        said = self.value(resource.get("Properties", {}).get(_NAMES[resource["Type"]]))
        return said if isinstance(said, str) and said else stand_in(name, self.path)

    def _attribute(self, name: str, attribute: str) -> str:
        kind = self.resources.get(name, {}).get("Type")
        named = self._ref(name)
        if attribute == "Arn" and kind == "AWS::S3::Bucket":
            return str(Arn(self.partition, "s3", "", "", named))
        if attribute == "Arn" and kind == "AWS::IAM::Role":
            path = self.value(self.resources[name].get("Properties", {}).get("Path", "/"))
            return str(Arn(self.partition, "iam", "", self.account, f"role{path}{named}"))
        if attribute == "Arn" and kind == "AWS::KMS::Key":
            return str(Arn(self.partition, "kms", self.region, self.account, f"key/{named}"))
        return open_value(f"{name}.{attribute}")

    def _substitute(self, found: re.Match[str]) -> str:
        if found[1]:
            return f"${{{found[2]}}}"
        name, _, attribute = found[2].partition(".")
        return self._attribute(name, attribute) if attribute else str(self._ref(found[2]))


def stand_in(name: str, path: str) -> str:
    """Return what a resource that a deployment names is called here, as buckets may be called."""
    digest = f"-{crc32(path.encode()):08x}"
    return f"new-{name.lower()}"[: _LONGEST - len(digest)] + digest


def open_value(what: str) -> str:
    """Return what stands for a value that cannot be known."""
    return f"${{{what}}}"


def is_open(text: str) -> bool:
    """Whether a text has a value in it that cannot be known."""
    return "${" in text
