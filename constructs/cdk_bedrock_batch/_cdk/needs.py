"""What the resources of a stack need: what they name, and what they are told to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnResource, Stack, Tokenization

from cdk_bedrock_batch._cdk.references import Listening
from cdk_bedrock_batch._cdk.shared import path_of, properties_of, stack_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import Construct


class Needs:
    """What each resource of a stack needs, asked of the CDK once; for a time when all of the stack is known."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._direct: dict[str, list[CfnResource]] = {}

    def of(self, resource: CfnResource) -> dict[str, CfnResource]:
        """Return all that is made before a resource, however far behind it, by path."""
        found: dict[str, CfnResource] = {}
        waiting = [resource]
        while waiting:
            new = {path_of(each): each for each in self._directly(waiting.pop())}
            waiting += [each for path, each in new.items() if path not in found]
            found |= new
        return found

    def named_by(self, resource: CfnResource, value: object) -> list[CfnResource]:
        """Return the resources that a value in a resource's properties names."""
        listening = Listening()
        Tokenization.resolve(value, resolver=listening, scope=resource)
        return list(self._here(listening.referred))

    def part(self, resource: CfnResource, other: CfnResource) -> None:
        """Have a resource not wait for another one any more."""
        self._change("remove", resource, other)

    def join(self, resource: CfnResource, other: CfnResource) -> None:
        """Have a resource wait for another one."""
        self._change("add", resource, other)

    def _change(self, how: str, resource: CfnResource, other: CfnResource) -> None:
        # Older versions of the CDK have the other name only, newer ones warn of that.
        name = f"{how}_resource_dependency"
        getattr(resource, name if hasattr(resource, name) else f"{how}_dependency")(other)
        self._direct.pop(path_of(resource), None)

    def _directly(self, resource: CfnResource) -> list[CfnResource]:
        path = path_of(resource)
        if path not in self._direct:
            named = self.named_by(resource, properties_of(resource))
            told = (each for each in resource.obtain_dependencies() if isinstance(each, CfnResource))
            self._direct[path] = [*named, *self._here(told)]
        return self._direct[path]

    def _here(self, constructs: Iterable[Construct]) -> Iterable[CfnResource]:
        """Yield what stands for constructs in this stack: for one of a nested stack, that stack's resource."""
        for each in constructs:
            found, home = each, stack_of(each)
            while home is not self._stack and home.nested_stack_resource and home.nested_stack_parent:
                found, home = home.nested_stack_resource, home.nested_stack_parent
            if home is self._stack and isinstance(found, CfnResource):
                yield found
