"""What the jobs of a stack have in common.

It is in the stack's construct tree, and remembered here beside it: each question goes to the CDK's own process, and a
stack of a hundred jobs would ask a thousand times.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from aws_cdk import CfnResource, Stack
from constructs import Construct, IConstruct, Node

Kind = TypeVar("Kind", bound=Construct)

_STACKS: WeakKeyDictionary[IConstruct, Stack] = WeakKeyDictionary()
_SHARED: WeakKeyDictionary[Stack, dict[str, Construct]] = WeakKeyDictionary()
_NODES: WeakKeyDictionary[IConstruct, Node] = WeakKeyDictionary()
_PATHS: WeakKeyDictionary[IConstruct, str] = WeakKeyDictionary()


class _Told(NamedTuple):
    name: str
    region: str


_TOLD: WeakKeyDictionary[Stack, _Told] = WeakKeyDictionary()


def stack_of(scope: IConstruct) -> Stack:
    """Return the stack of a construct."""
    if isinstance(scope, Stack):
        return scope
    if scope not in _STACKS:
        _STACKS[scope] = Stack.of(scope)
    return _STACKS[scope]


def same_stack(child: IConstruct, parent: IConstruct) -> None:
    """Remember that a construct is in the stack of its parent."""
    _STACKS[child] = stack_of(parent)


def told_by(stack: Stack) -> _Told:
    """Return the name and the Region of a stack, each of which may be a token."""
    if stack not in _TOLD:
        _TOLD[stack] = _Told(stack.stack_name, stack.region)
    return _TOLD[stack]


def node_of(construct: IConstruct) -> Node:
    """Return the node of a construct, which has the same one for ever."""
    if construct not in _NODES:
        _NODES[construct] = construct.node
    return _NODES[construct]


def path_of(construct: IConstruct) -> str:
    """Return the path of a construct, which stays where it is."""
    if construct not in _PATHS:
        _PATHS[construct] = node_of(construct).path
    return _PATHS[construct]


def shared(kind: type[Kind], scope: IConstruct, id: str, make: Callable[[Stack], Kind]) -> Kind:
    """Return the stack's construct of an id, made at the first call."""
    stack = stack_of(scope)
    known = _SHARED.setdefault(stack, {})
    found = known.get(id) or node_of(stack).try_find_child(id)
    known[id] = result = found if isinstance(found, kind) else make(stack)
    return result


def resource_behind(construct: IConstruct) -> CfnResource | None:
    """Return the CloudFormation resource that a construct of CDK's stands for; None if it stands for none."""
    found = node_of(construct).default_child
    # Of a lazy role it is the role.
    while found is not None and not isinstance(found, CfnResource):
        found = found.node.default_child
    return found


def resource_of(construct: IConstruct) -> CfnResource:
    """Return the CloudFormation resource of a construct that was made here, and so has one.

    Raises
    ------
    TypeError
        It has none, as what is imported.
    """
    found = resource_behind(construct)
    if found is None:
        raise TypeError(f"{construct.node.path} stands for no resource of this stack")
    return found


def properties_of(resource: CfnResource) -> Mapping[str, Any]:
    """Return the properties of a resource, with their tokens."""
    found: Mapping[str, Any] = resource._cfn_properties  # noqa: SLF001 (protected: jsii has no other way to them)
    return found
