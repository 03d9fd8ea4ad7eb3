"""Policies that others put beside a role, which neither the role nor a job that has it would wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from aws_cdk import aws_iam as iam

from cdk_bedrock_batch._cdk.intrinsics import names_in
from cdk_bedrock_batch._cdk.shared import path_of, resource_behind, stack_of
from cdk_bedrock_batch._function.beside import constructs_beside_functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import CfnResource, Stack
    from constructs import Construct

    from cdk_bedrock_batch._cdk.needs import Needs


class WithRole(Protocol):
    """A job with the role that it was given."""

    job: Construct
    resource: CfnResource
    given_role: iam.IRole | None


def wait_for_policies(stack: Stack, jobs: Sequence[WithRole], needs: Needs) -> None:
    """Have jobs wait for the policies of their roles that their stack makes somewhere else.

    Without one the job could fail, and while it is being stopped it needs them still. What needs a job comes later.
    """
    waiting = {path_of(each.resource): name for each in jobs if (name := _role_made_in(stack, each))}
    if not waiting:
        return
    resources = {path_of(each.resource) for each in jobs}
    own = tuple(f"{path_of(each.job)}/" for each in jobs)
    for policy in _policies(stack):
        roles = names_in(stack.resolve(policy.roles))
        late = [each for each in jobs if waiting.get(path_of(each.resource)) in roles]
        # Jobs that share a role do not wait for each other.
        if late and not path_of(policy).startswith(own) and not needs.of(policy).keys() & resources:
            for each in late:
                needs.join(each.resource, policy)


def _role_made_in(stack: Stack, job: WithRole) -> str | None:
    role = job.given_role and resource_behind(job.given_role)
    return str(stack.resolve(role.logical_id)) if role and stack_of(role) is stack else None


def _policies(stack: Stack) -> Iterator[iam.CfnPolicy | iam.CfnManagedPolicy]:
    for each in constructs_beside_functions(stack):
        if isinstance(each, (iam.CfnPolicy, iam.CfnManagedPolicy)):
            yield each
