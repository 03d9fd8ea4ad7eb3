"""CloudFormation's stacks, as the emulator keeps them: of every account and Region, which no call can list at once.

And what their functions have logged.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ministack.services import cloudformation, cloudwatch_logs

from bedrock_local.names.arn import Arn

NEEDS = (
    "services.cloudformation._stacks",
    "services.cloudformation._stack_events",
    "services.cloudwatch_logs._log_groups",
)

# Each call of a function has a stream of its own.
_STREAMS = 20

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


def logs(stack: Described, most: int) -> Iterator[tuple[str, list[str]]]:
    """Go through the log groups of a stack and of its functions, as far as there is something in them.

    Parameters
    ----------
    stack
        One of `stacks`.
    most
        How many lines of each.

    Yields
    ------
    tuple[str, list[str]]
        The group's name, and its latest lines, the newest last.
    """
    place = Arn.parse(stack["StackId"])
    for name in _groups(stack):
        group = cloudwatch_logs._log_groups.get_scoped(place.account, place.region, name)  # noqa: SLF001 -- the same
        streams = list(group["streams"].values())[-_STREAMS:] if group else []
        found = sorted((event for stream in streams for event in list(stream["events"])), key=_time)
        if found:
            yield name, [str(event["message"]) for event in found[-most:]]


def _groups(stack: Described) -> list[str]:
    prefixes = {"AWS::Lambda::Function": "/aws/lambda/", "AWS::Logs::LogGroup": ""}
    made = [each for each in resources(stack).values() if each.get("ResourceType") in prefixes]
    # A function's group may be in the stack as well.
    return list(
        dict.fromkeys(prefixes[each["ResourceType"]] + str(each.get("PhysicalResourceId", "")) for each in made)
    )


def _time(event: Described) -> int:
    return int(event["timestamp"])
