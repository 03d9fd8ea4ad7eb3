"""What the trials need, as it is in the account: one stack, with the records in its bucket."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .account import Account
from .own import WORLD, own_tags
from .patience import OutOfPatienceError, until
from .records import INPUT
from .template import template

_SECONDS = 15 * 60


@dataclass(frozen=True)
class World:
    """The stack, when it is there.

    Attributes
    ----------
    made
        The name that each resource has, by its logical id.
    """

    account: Account
    made: Mapping[str, str]

    @property
    def bucket(self) -> str:
        return self.made["Data"]

    @property
    def partition(self) -> str:
        return self.account.caller.split(":")[1]

    def role(self, name: str) -> str:
        """Return the ARN of a role of the template."""
        return f"arn:{self.partition}:iam::{self.account.id}:role/{self.made[name]}"


def make_world(account: Account, sleep: Callable[[float], object]) -> World:
    """Make the stack, and put the records into its bucket."""
    client, tags = account.client("cloudformation"), own_tags(account)
    body = json.dumps(template(tags))
    client.create_stack(StackName=WORLD, TemplateBody=body, Capabilities=["CAPABILITY_IAM"], Tags=tags)

    def status() -> str:
        (stack,) = client.describe_stacks(StackName=WORLD)["Stacks"]
        return "" if stack["StackStatus"] == "CREATE_IN_PROGRESS" else str(stack["StackStatus"])

    if (ended := until(status, f"the stack {WORLD}", seconds=_SECONDS, sleep=sleep)) != "CREATE_COMPLETE":
        raise OutOfPatienceError(f"the stack {WORLD} is {ended}: {_failures(client)}")
    world = World(account, made_of(client, WORLD))
    for key, content in INPUT.items():
        account.client("s3").put_object(Bucket=world.bucket, Key=f"input/{key}", Body=content)
    return world


def made_of(client: Any, stack: str) -> dict[str, str]:
    """Return the names of a stack's resources by their logical ids."""
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in found}


def _failures(client: Any) -> str:
    events = client.describe_stack_events(StackName=WORLD)["StackEvents"]
    return "; ".join(each.get("ResourceStatusReason", "") for each in events if "FAILED" in each["ResourceStatus"])
