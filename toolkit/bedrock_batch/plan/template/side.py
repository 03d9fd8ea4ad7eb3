"""One side of a comparison: a template, and what its names stand for where it is deployed, or will be."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bedrock_batch.plan.template import conditions
from bedrock_batch.plan.template.expressions import evaluate
from bedrock_batch.plan.template.known import Atom, Fate, Text, Value
from bedrock_batch.plan.template.replacing import NESTED, attribute_of, is_unique, stays

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OUTPUT = "Outputs."
#: What stands for all properties where these are not known.
ALL = "Properties"


def deployed(_name: str) -> tuple[Fate, str]:
    """Say of what is deployed that it is what it is."""
    return Fate.SAME, ""


@dataclass
class Side:
    """A template and its surroundings.

    Attributes
    ----------
    template : mapping
        The template.
    parameters : mapping of str to Value
        What parameters are.
    place : mapping of str to str
        Pseudo parameters whose values are known.
    physical : mapping of str to str
        The physical ids of resources that are there, by their logical ids.
    fate : callable
        Says what the deployment does to a resource, and why that is not known. Default: it is deployed.
    nested : callable
        Returns the same side of a stack that is nested in this one; None if that cannot be read.
    where : str
        What tells this stack from those that it is nested in.
    """

    template: Mapping[str, Any]
    parameters: Mapping[str, Value]
    place: Mapping[str, str]
    physical: Mapping[str, str]
    fate: Callable[[str], tuple[Fate, str]] = deployed
    nested: Callable[[str], Side | None] = field(default=lambda _: None)
    where: str = ""

    @cached_property
    def resources(self) -> Mapping[str, Any]:
        """The resources by their logical ids."""
        found: Any = self.template.get("Resources")
        named = found.items() if isinstance(found, dict) else ()
        return {name: resource for name, resource in named if isinstance(resource, dict)}

    @property
    def mappings(self) -> Mapping[str, Any]:
        """The template's tables."""
        found: Any = self.template.get("Mappings")
        return found if isinstance(found, dict) else {}

    def kind(self, name: str) -> str:
        """Return the type of a resource; empty if there is none."""
        return str(self.resources.get(name, {}).get("Type", ""))

    def properties(self, name: str) -> dict[str, Value]:
        """Return what the properties of a resource come to; all of them under one name if these are not known."""
        found = evaluate(self.resources[name].get("Properties", {}), self)
        return found if isinstance(found, dict) else {ALL: found}

    def is_there(self, name: str) -> bool | None:
        """Say whether a resource is, or will be; None where its condition is not known to hold."""
        if name not in self.resources:
            return False
        condition = self.resources[name].get("Condition")
        return True if condition is None else self.holds(str(condition))

    def holds(self, condition: str) -> bool | None:
        """Say whether a condition holds; None where that is not known."""
        found: Any = self.template.get("Conditions")
        return conditions.holds(condition, found if isinstance(found, dict) else {}, self)

    def ref(self, name: str) -> Value:
        """Return what ``Ref`` gives."""
        if name in self.parameters:
            return self.parameters[name]
        if name.startswith("AWS::"):
            return Text.of(Atom(f"{self.where} {name}", f"${{{name}}}", self.place.get(name)))
        return Text.of(self._atom(name, "", self.physical.get(name)))

    def attribute(self, name: str, attribute: str) -> Value:
        """Return what ``Fn::GetAtt`` gives."""
        kind = self.kind(name)
        if kind == NESTED and attribute.startswith(_OUTPUT) and (inner := self.nested(name)):
            return inner.output(attribute.removeprefix(_OUTPUT))
        known, physical_id = None, self.physical.get(name)
        if physical_id:
            path = self.resources[name].get("Properties", {}).get("Path", "/")
            known = attribute_of(kind, attribute, physical_id, path if isinstance(path, str) else "/", self.place)
        return Text.of(self._atom(name, attribute, known))

    def output(self, name: str) -> Value:
        """Return an output of the stack."""
        outputs: Any = self.template.get("Outputs") or {}
        if name not in outputs or not isinstance(outputs[name], dict):
            return Text((Atom(f"{self.where} no output {name}", f"${{{name}}}", None, Fate.UNKNOWN, f"no {name}"),))
        return evaluate(outputs[name].get("Value"), self)

    def _atom(self, name: str, attribute: str, value: str | None) -> Atom:
        fate, reason = self.fate(name)
        kind, what = self.kind(name), attribute or "name"
        if fate is Fate.NEW and not is_unique(kind, attribute):
            fate, reason = Fate.UNKNOWN, f"{name} is another one, and its {what} may be, too"
        elif fate is Fate.IN_PLACE:
            is_same = stays(kind, attribute)
            fate, reason = (Fate.SAME, "") if is_same else (Fate.UNKNOWN, f"{name} may change, and its {what} with it")
        told = f"{name}.{attribute}" if attribute else name
        key = f"{self.where} {told}{' of the next' if fate is Fate.NEW else ''}"
        return Atom(key, f"${{{told}}}", value if fate is Fate.SAME else None, fate, reason)
