"""CloudFormation's stacks, as the emulator keeps them: of every account and Region, which no call can list at once."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from ministack.services import cloudformation

NEEDS = ("services.cloudformation._stacks", "services.cloudformation._stack_events")

Described = Mapping[str, Any]


def stacks() -> list[Described]:
    """List the stacks, those that were deleted, too.

    Returns
    -------
    list[Mapping]
        As DescribeStacks names their members, newest first.
    """
    found: list[Described] = cloudformation._stacks.all_values()  # noqa: SLF001 -- its own answers are of one account
    return sorted(found, key=lambda stack: str(stack["CreationTime"]), reverse=True)


def events(stack_id: str, most: int) -> list[Described]:
    """List the events of a stack.

    Parameters
    ----------
    stack_id
        The stack.
    most
        How many.

    Returns
    -------
    list[Mapping]
        As DescribeStackEvents names their members, newest first.
    """
    every = cloudformation._stack_events.all_items()  # noqa: SLF001 -- the same
    found: Sequence[Described] = next((each for (*_, stack), each in every if stack == stack_id), ())
    return list(islice(reversed(found), most))


def resources(stack: Described) -> Mapping[str, Described]:
    """Return the resources of a stack.

    Parameters
    ----------
    stack
        One of `stacks`.

    Returns
    -------
    Mapping
        By their logical ids, as DescribeStackResources names their members.
    """
    found: Mapping[str, Described] = stack.get("_resources", {})
    return dict(found)
