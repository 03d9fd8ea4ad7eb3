"""What a stack has beside the functions of this package."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from aws_cdk import Stack
from constructs import IConstruct

from cdk_bedrock_batch._cdk.shared import node_of

#: The construct that holds the functions, and the one below it that is made of their template.
PROVIDER_ID, FUNCTIONS_ID = "BedrockBatchProvider", "Functions"
FUNCTIONS = Path(__file__).with_name("functions.yaml")


def constructs_beside_functions(stack: Stack) -> Iterator[IConstruct]:
    """Go through the constructs of a stack, without those of the stacks in it and without the functions.

    CDK's list of these loads Lambda's module and those that it needs: seconds, and most apps need none of them.
    """
    provider = node_of(stack).try_find_child(PROVIDER_ID)
    functions = provider and node_of(provider).try_find_child(FUNCTIONS_ID)
    below = node_of(provider).children if provider else ()
    children = (child for child in chain(node_of(stack).children, below) if child not in (provider, functions))
    found = [each for child in children for each in node_of(child).find_all()]
    # By path: what Python has not made is another object each time.
    elsewhere = tuple(f"{each.node.path}/" for each in found if isinstance(each, Stack))
    yield from (each for each in found if not (elsewhere and f"{each.node.path}/".startswith(elsewhere)))
