"""What a stack has beside the functions of this package."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from aws_cdk import Stack
from constructs import IConstruct

#: The construct that holds the functions, and the one below it that is made of their template.
PROVIDER_ID, FUNCTIONS_ID = "BedrockBatchProvider", "Functions"
FUNCTIONS = Path(__file__).with_name("functions.yaml")


def constructs_beside_functions(stack: Stack) -> Iterator[IConstruct]:
    """Go through the constructs of a stack, without those of the stacks in it and without the functions.

    CDK's list of these loads Lambda's module and those that it needs: seconds, and most apps need none of them.
    """
    provider = stack.node.try_find_child(PROVIDER_ID)
    beside = (child for child in stack.node.children if child is not provider)
    below = (child for child in (provider.node.children if provider else ()) if child.node.id != FUNCTIONS_ID)
    found = [each for child in chain(beside, below) for each in child.node.find_all()]
    # By path: what Python has not made is another object each time.
    elsewhere = tuple(f"{each.node.path}/" for each in found if isinstance(each, Stack))
    yield from (each for each in found if not (elsewhere and f"{each.node.path}/".startswith(elsewhere)))
