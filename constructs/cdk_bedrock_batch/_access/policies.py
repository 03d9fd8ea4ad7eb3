"""The policies that hold a role's permissions: the function's, which grow in place, and a job role's, which do not.

A job that runs is judged by its role's policies at each call. If they were rewritten for the job that is to follow, it
would lose what it needs before the other is there. So each is another resource when it says something else: what is
asked for next stands beside it, and CloudFormation takes the old one away when it has stopped the old job.
"""

import json
from collections.abc import Callable, Sequence

from aws_cdk import Lazy, RemovalPolicy
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_bedrock_batch._access.permissions import Chunk, MakeChunk
from cdk_bedrock_batch._access.reported import is_reported, reporting
from cdk_bedrock_batch._access.statements import Statement, document
from cdk_bedrock_batch._cdk.logical_id import by_content
from cdk_bedrock_batch._cdk.produced import Produced
from cdk_bedrock_batch._cdk.shared import resource_of, same_stack, stack_of

# Characters, as IAM counts them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
#: Of a job role's inline policy: half of the 10,240 that a role's have together, with room for some of the user's.
INLINE = 4_500
#: Of the function's own inline policy, so that there is room for those that stand beside what they name. The first
#: eight of its statements are all there, and each is counted 60 too long: so many more than fit beside the others.
_OF_THE_FUNCTION = 4_630
#: Of those together.
BESIDE = 6_080
#: Of a managed policy, which may have 6,144.
_MANAGED = 5_500
#: A role has ten managed policies at most, so that of more than these old and new do not fit beside each other.
_MOST_PARTS = 4

Policy = iam.Policy | iam.ManagedPolicy


def growing(role: iam.Role) -> MakeChunk:
    """Return how the function's role gets policies: CDK's default one, then managed ones."""
    if is_reported(role):
        return reporting(role)

    def make(number: int) -> Chunk:
        if number:
            return _managed(role, f"Policy{number + 1}", role)[0]
        # Below the role: who waits for the role waits for it.
        return Chunk(role.add_to_policy, _OF_THE_FUNCTION, [])

    return make


def beside(named: Construct, role: iam.Role) -> MakeChunk:
    """Return how the function's role gets policies about something of the user's, each below that.

    In the function's own, every job of the stack would wait for it, and for all that it waits for.
    """

    def make(number: int) -> Chunk:
        policy = iam.Policy(named, f"BedrockBatchPolicy{number or ''}", roles=[role])
        return Chunk(policy.add_statements, BESIDE, [policy])

    return make


def fixed(scope: Construct, id: str, role: iam.IRole, statements: Sequence[Statement], *, kept: bool) -> iam.Policy:
    """Make an inline policy of a job's role that is another one when it says something else.

    Parameters
    ----------
    scope, id
        Of the policy.
    role
        Whose it is.
    statements
        What it says.
    kept
        Whether it stays when it is removed from the stack, for a job that is not stopped then.
    """
    said = document(statements)
    policy = iam.Policy(scope, id, document=said)
    role.attach_inline_policy(policy)
    same_stack(policy, scope)
    _name_by_content(policy, said, lambda: True, kept=kept)
    return policy


def fixed_parts(scope: Construct, id: str, role: iam.IRole, *, kept: bool) -> MakeChunk:
    """Return how a job's role gets what is too long to stand inline beside what follows it; see `fixed`.

    An imported role has it inline all the same: CDK attaches nothing else to it.
    """
    parts = 0

    def make(number: int) -> Chunk:
        nonlocal parts
        parts = number + 1
        name = f"{id}{number + 1}"
        chunk, policy = _managed(scope, name, role) if isinstance(role, iam.Role) else _inline(scope, name, role)
        _name_by_content(policy, policy.document, lambda: parts <= _MOST_PARTS, kept=kept)
        return chunk

    return make


def _inline(scope: Construct, id: str, role: iam.IRole) -> tuple[Chunk, Policy]:
    policy = iam.Policy(scope, id)
    role.attach_inline_policy(policy)
    return Chunk(policy.add_statements, INLINE, [policy]), policy


def _managed(scope: Construct, id: str, role: iam.Role) -> tuple[Chunk, Policy]:
    policy = iam.ManagedPolicy(scope, id, roles=[role])
    return Chunk(policy.add_statements, _MANAGED, [policy]), policy


def _name_by_content(policy: Policy, document: iam.PolicyDocument, when: Callable[[], bool], *, kept: bool) -> None:
    resource, stack = resource_of(policy), stack_of(policy)
    usual = stack.get_logical_id(resource)

    def name() -> str:
        if not when():
            return usual
        said = json.dumps(stack.resolve(document), sort_keys=True)
        return by_content(usual, said)

    resource.override_logical_id(Lazy.string(Produced(name)))
    if kept:
        resource.apply_removal_policy(RemovalPolicy.RETAIN)
