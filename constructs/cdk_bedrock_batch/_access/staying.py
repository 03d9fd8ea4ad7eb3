"""What is still there, for a job that goes on, when its stack is rolled back or deleted."""

from collections.abc import Iterable

from aws_cdk import CfnDeletionPolicy, Stack
from constructs import IConstruct

from cdk_bedrock_batch._cdk.shared import resource_behind, stack_of

#: Not RETAIN_EXCEPT_ON_CREATE: of a new stack it keeps nothing.
_IN_A_ROLL_BACK = (CfnDeletionPolicy.RETAIN,)
_IN_A_DELETION = (CfnDeletionPolicy.RETAIN, CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE)


def stays(job: IConstruct, needed: Iterable[IConstruct | None]) -> bool:
    """Whether all of this is still there when the making of the job's stack has been rolled back."""
    return not any(_goes(job, each, _IN_A_ROLL_BACK) for each in needed if each)


def goes_with_the_stack(job: IConstruct, needed: Iterable[IConstruct]) -> list[IConstruct]:
    """Return what of this is deleted when the job's stack is."""
    return [each for each in needed if _goes(job, each, _IN_A_DELETION)]


def _goes(job: IConstruct, construct: IConstruct, kept: tuple[CfnDeletionPolicy, ...]) -> bool:
    resource = resource_behind(construct)
    if resource is None or _whole(stack_of(construct)) != _whole(stack_of(job)):
        return False
    return resource.cfn_options.deletion_policy not in kept


def _whole(stack: Stack) -> str:
    """Return the path of the stack that is deployed, which a nested one is a part of."""
    while parent := stack.nested_stack_parent:
        stack = parent
    return stack.node.path
