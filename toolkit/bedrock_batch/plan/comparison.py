"""A stack as it is deployed beside the same stack as it is to be, and what becomes of its resources."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bedrock_batch.plan.deployed import DeployedStack, deployed_stack
from bedrock_batch.plan.parameters import Passed, deployed_values, next_values
from bedrock_batch.plan.template.differences import Difference, differences
from bedrock_batch.plan.template.known import Fate, Value
from bedrock_batch.plan.template.replacing import NESTED, fate_of
from bedrock_batch.plan.template.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mypy_boto3_cloudformation import CloudFormationClient

    from bedrock_batch.assembly import NextStack

#: Macros that leave the resources of others as they are written.
_HARMLESS = ("AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23", "AWS::Serverless-2016-10-31")

_PROTECTED = "the stack has termination protection, so CloudFormation refuses to delete it"


@dataclass
class Comparison:
    """Two sides of one stack; either may be missing.

    Attributes
    ----------
    path : tuple of str
        The name of the stack; of one that is nested, with the logical ids that lead there.
    old, new : Side
        What is deployed, and what is to be; without resources where there is none.
    deployed : DeployedStack or None
        The stack that is there.
    doubt : str
        Why nothing can be told of it; empty if something can.
    refusal : str
        Why CloudFormation does not even begin; empty if it does.
    hides : str
        Why it may have jobs that the templates here do not tell of; empty if it does not.
    inner : mapping of str to Comparison
        The stacks that are nested in it, by their logical ids.
    settled : callable
        What becomes of resources that say so otherwise than by their properties: the jobs; None of any other. Set by
        whoever decides about them.
    """

    path: tuple[str, ...]
    old: Side
    new: Side
    deployed: DeployedStack | None
    doubt: str = ""
    refusal: str = ""
    hides: str = ""
    inner: dict[str, Comparison] = field(default_factory=dict)
    settled: Callable[[str], tuple[Fate, str] | None] = field(default=lambda _: None)
    _fates: dict[str, tuple[Fate, str]] = field(default_factory=dict)

    def fate(self, name: str) -> tuple[Fate, str]:
        """Say what becomes of a resource, and why that is not known."""
        if name not in self._fates:
            # CloudFormation refuses circles.
            self._fates[name] = (Fate.UNKNOWN, f"{name} refers to itself")
            try:
                self._fates[name] = self.settled(name) or self._fate(name)
            except RecursionError:
                self._fates[name] = (Fate.UNKNOWN, f"{name} refers to others through too many more")
        return self._fates[name]

    def changes(self, name: str) -> list[Difference]:
        """Return what changes, or may, in the properties of a resource that is on both sides."""
        return list(differences(self.old.properties(name), self.new.properties(name)))

    def everywhere(self) -> Iterator[Comparison]:
        """Go through this stack and those that are nested in it."""
        yield self
        for each in self.inner.values():
            yield from each.everywhere()

    def is_there(self, name: str) -> bool:
        """Say whether a resource is deployed."""
        return bool(self.deployed and name in self.deployed.physical)

    def _fate(self, name: str) -> tuple[Fate, str]:
        if self.doubt:
            return Fate.UNKNOWN, self.doubt
        if name not in self.new.resources:
            return Fate.UNKNOWN, f"the template has no {name}"
        if not self.is_there(name) or self.old.kind(name) != self.new.kind(name):
            return Fate.NEW, ""
        return fate_of(name, self.new.kind(name), self.changes(name))


def compare(
    cloudformation: CloudFormationClient,
    next_stack: NextStack,
    place: Mapping[str, str],
    parameters: Mapping[str, str],
    *,
    destroyed: bool = False,
) -> Comparison:
    """Read the deployed stack of a name, and put the next one beside it.

    Parameters
    ----------
    cloudformation
        Client, of the stack's Region.
    next_stack : NextStack
        The stack as it is to be.
    place : mapping of str to str
        ``AWS::Partition``, ``AWS::AccountId`` and ``AWS::Region``.
    parameters : mapping of str to str
        What the deployment is given.
    destroyed : bool
        Whether the stack is destroyed instead. Default: it is deployed.

    Raises
    ------
    botocore.exceptions.ClientError
        If CloudFormation refuses.
    """
    there = deployed_stack(cloudformation, next_stack.name)
    known = {**place, "AWS::StackName": next_stack.name}
    if there:
        known["AWS::StackId"] = there.stack_id
    before = there.parameters if there else {}
    values = deployed_values((there.template if there else None) or {}, before)
    template = None if destroyed else next_stack.template
    given = (values, next_values(template or {}, before, parameters))
    refusal = _PROTECTED if there and there.is_protected and destroyed else ""
    return _Reader(cloudformation, next_stack, known, refusal).comparison((next_stack.name,), there, template, given)


@dataclass(frozen=True)
class _Reader:
    cloudformation: CloudFormationClient
    next_stack: NextStack
    place: Mapping[str, str]
    refusal: str

    def comparison(
        self,
        path: tuple[str, ...],
        there: DeployedStack | None,
        template: Mapping[str, Any] | None,
        values: tuple[Mapping[str, Value], Mapping[str, Value]],
    ) -> Comparison:
        """Put two sides together, and those of the stacks in them."""
        before, where, physical = (
            (there.template if there else None) or {},
            "/".join(path),
            there.physical if there else {},
        )
        old = Side(before, values[0], self.place, physical, where=where)
        new = Side(template or {}, values[1], self.place, physical, where=where)
        hides = _hides(template)
        # What macros have made of the deployed one is not told either.
        doubt = (there.doubt if there else "") or hides or _hides(before)
        found = Comparison(path, old, new, there, doubt, self.refusal, hides)
        old.nested, new.nested, new.fate = partial(_side_of, found, "old"), partial(_side_of, found, "new"), found.fate
        for name in dict.fromkeys([*old.resources, *new.resources]):
            if NESTED in (old.kind(name), new.kind(name)):
                found.inner[name] = self._nested(found, name)
        return found

    def _nested(self, outer: Comparison, name: str) -> Comparison:
        physical_id = outer.old.physical.get(name)
        there = deployed_stack(self.cloudformation, physical_id) if physical_id else None
        template, hides = None, ""
        if outer.new.is_there(name) is not False:
            template = self.next_stack.nested(outer.new.resources[name])
            hides = "" if template else "the app does not have the template of this nested stack"
        old, new = (partial(_passed, side, name) for side in (outer.old, outer.new))
        values = (Passed((there.template if there else None) or {}, old), Passed(template or {}, new))
        outside = {key: value for key, value in self.place.items() if not key.startswith("AWS::Stack")}
        inner = replace(self, place={**outside, **_named(physical_id)})
        found = inner.comparison((*outer.path, name), there, template, values)
        found.hides = found.hides or hides
        found.doubt = outer.doubt or found.doubt or found.hides
        return found


def _passed(side: Side, name: str) -> Value:
    return side.properties(name).get("Parameters")


def _side_of(found: Comparison, side: str, name: str) -> Side | None:
    inner = found.inner.get(name)
    return getattr(inner, side) if inner and not inner.doubt else None


def _named(stack_id: str | None) -> dict[str, str]:
    return {"AWS::StackId": stack_id, "AWS::StackName": stack_id.split("/")[1]} if stack_id else {}


def _hides(template: Mapping[str, Any] | None) -> str:
    told = template or {}
    macros, resources = (told.get(name) or [] for name in ("Transform", "Resources"))
    others = [each for each in (macros if isinstance(macros, list) else [macros]) if each not in _HARMLESS]
    loops = [name for name in (*told, *(resources if isinstance(resources, dict) else ())) if name.startswith("Fn::")]
    hidden = [f"the macro {each}" for each in others] + loops
    return f"{hidden[0]} says what the stack has" if hidden else ""
