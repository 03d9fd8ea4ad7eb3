"""The role that Bedrock assumes to read the input, call the model and write the output."""

from dataclasses import dataclass
from functools import cache
from typing import cast
from weakref import WeakKeyDictionary

from aws_cdk import Annotations, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_bedrock_batch._access.permissions import Permissions, length_of
from cdk_bedrock_batch._access.policies import INLINE, Policy, fixed, fixed_parts
from cdk_bedrock_batch._access.reported import is_reported, reported_as, reporting
from cdk_bedrock_batch._access.statements import Statement, merged
from cdk_bedrock_batch._access.staying import goes_with_the_stack
from cdk_bedrock_batch._api.arn import any_job_arn
from cdk_bedrock_batch._api.model_id import check_partition
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._cdk.shared import node_of, resource_behind, resource_of, same_stack, stack_of
from cdk_bedrock_batch._cdk.tokens import is_token

#: Who assumes it.
BEDROCK = "bedrock.amazonaws.com"

_ID = "JobRole"
#: So many jobs of a role have a policy each, in which they wait for nothing of one another's. IAM takes ten managed
#: policies of a role, in which what they share has to fit as well, and what stands beside it during an update.
_APART = 3


def job_role(job: Construct, home: Construct, *, kept: bool) -> iam.Role:
    """Make a role that only Bedrock can assume, and only for a model invocation job of this account and Region.

    It stands apart from the job: the function, which passes it, would otherwise wait for what the job is told to wait
    for, and every job of the stack waits for the function.

    Parameters
    ----------
    job
        Whose it is.
    home
        Where it stands.
    kept
        Whether it stays when the job is removed from the stack, and is not stopped.
    """
    if is_reported(job):
        # It is known by this path. It is no resource, so nothing waits.
        return _role(job, _ID)
    logical_id = _logical_id(job)
    role = _role(home, f"{_ID}{logical_id}")
    same_stack(role, home)
    reported_as(role, home)
    resource = resource_of(role)
    resource.override_logical_id(logical_id)
    if kept:
        resource.apply_removal_policy(RemovalPolicy.RETAIN)
    return role


def _logical_id(job: Construct) -> str:
    """Return what CDK would call the resource of a role below a job.

    In earlier versions it stood there: another id would be another role, and its job another job.
    """
    # The stack is asked, for it may have a rule of its own. A whole role would take longer to make.
    resource = iam.CfnRole(Construct(job, _ID), "Resource", assume_role_policy_document={})
    found = stack_of(job).get_logical_id(resource)
    node_of(job).try_remove_child(_ID)
    return found


def _role(scope: Construct, name: str) -> iam.Role:
    return iam.Role(scope, name, assumed_by=_bedrock(), description="Bedrock assumes it to run a batch inference job")


def check_given(role: iam.IRole, stack: Stack) -> None:
    """Refuse a role that is known to be of another account or partition than a stack.

    Source: "Grant a user permissions to pass a role to an AWS service" in the IAM user guide: a role is passed within
    its account.

    Raises
    ------
    ValueError
        The function could not pass it to Bedrock.
    """
    check_partition("role", role.role_arn, stack)
    account, own = role.env.account, stack.account
    if not is_token(account) and not is_token(own) and account != own:
        raise ValueError(
            f"'role' must be in the account of its stack, {own}, got one of {account}: a role cannot be passed to a "
            "service across accounts; use one of the stack's account, or leave 'role' out"
        )


def is_of_stack(role: iam.IRole, scope: Construct) -> bool:
    """Whether the stack makes a role, so that it may be seconds old when the job is submitted."""
    # One that is not to be changed, or is lazy, has the resource of the role that it stands for.
    made = isinstance(role, iam.Role) or isinstance(resource_behind(role), iam.CfnRole)
    return made and not is_reported(role) and stack_of(role) is stack_of(scope)


@dataclass(frozen=True)
class Permitted:
    """What lets a job's role do what the job needs.

    Attributes
    ----------
    policies
        All that must exist before it can.
    together
        Whether other jobs have their permissions in the same policies.
    by_others
        Whether the role is not changed, so that others must see to it.
    """

    policies: list[Policy]
    together: bool = False
    by_others: bool = False


def permit(
    job: Construct, role: iam.IRole, statements: list[Statement], *, given: bool, kept: bool, outlives: bool = False
) -> Permitted:
    """Let the job's role do what the statements say.

    Parameters
    ----------
    job, role
        Whose role, and the role.
    statements
        What it may do.
    given
        Whether others may use the role too.
    kept
        Whether the job goes on when it is removed from the stack.
    outlives
        Whether it may go on when a deployment fails, so that policies of its own stay as well.
    """
    kept = kept and not (given and _goes_with_the_stack(job, role))
    if is_reported(role):
        _allowed(Permissions(reporting(role)), merged(statements))
        return Permitted([])
    if not _takes_policies(job, role):
        return Permitted([], by_others=True)
    # In another stack the statements would name this stack's buckets: each stack would wait for the other.
    shared = given and stack_of(role) is stack_of(job)
    if shared:
        number = _JOBS[role] = _JOBS.get(role, 0) + 1
        if number > _APART:
            return Permitted(_permit_together(role, statements, kept=kept), together=True)
    stay = kept or outlives
    # Where roles are made beforehand, CDK makes no managed policies.
    managed = isinstance(role, iam.Role) and not is_reported(job)
    if managed and (shared or sum(map(length_of, statements)) > INLINE):
        return Permitted(_allowed(Permissions(fixed_parts(job, f"{_ID}Policy", role, kept=stay)), statements))
    return Permitted([fixed(job, f"{_ID}Policy", role, statements, kept=stay)])


def _takes_policies(job: Construct, role: iam.IRole) -> bool:
    """Whether CDK attaches policies to a role: what is not to be changed is of a class that only a trial tells."""
    if isinstance(role, iam.Role):
        return True
    tried = iam.Policy(job, "Tried")
    role.attach_inline_policy(tried)
    attached = bool(stack_of(job).resolve(cast("iam.CfnPolicy", resource_of(tried)).roles))
    job.node.try_remove_child(tried.node.id)
    return attached


def _permit_together(role: iam.IRole, statements: list[Statement], *, kept: bool) -> list[Policy]:
    found = _SHARED.setdefault(role, {})
    if kept not in found:
        name, scope = "BedrockBatchKept" if kept else "BedrockBatchJobs", role
        if not isinstance(role, iam.Role):
            # It is of CDK's own making, below which nothing can be put.
            name, scope = f"{name}{role.node.id}", role.node.scope  # type: ignore[assignment]  # each has one
        found[kept] = Permissions(fixed_parts(cast("Construct", scope), name, role, kept=kept))
    return _allowed(found[kept], statements)


def _allowed(permissions: Permissions, statements: list[Statement]) -> list[Policy]:
    for statement in statements:
        permissions.allow(statement)
    return [cast("Policy", each) for each in permissions.needed]


def _goes_with_the_stack(job: Construct, role: iam.IRole) -> bool:
    if not goes_with_the_stack(job, [role]):
        return False
    Annotations.of(job).add_warning_v2(
        "cdk-bedrock-batch:role:goes",
        "'stop_on_delete' is False, but 'role' is deleted with the stack, and the job fails then: call "
        "apply_removal_policy(RemovalPolicy.RETAIN) of the role before the job is made",
    )
    return True


# Of roles that jobs share: how many, and what the later ones have in common.
_JOBS: WeakKeyDictionary[iam.IRole, int] = WeakKeyDictionary()
_SHARED: WeakKeyDictionary[iam.IRole, dict[bool, Permissions]] = WeakKeyDictionary()


@cache
def _bedrock() -> iam.IPrincipal:
    """Return Bedrock, as long as it works on a model invocation job of this account and Region.

    The conditions stand in the role's only trust statement; in a second one they would bind nobody.
    Source: "Create a custom service role for batch inference" (batch-iam-sr) in the Bedrock user guide.
    """
    return iam.ServicePrincipal(
        BEDROCK,
        conditions={
            "StringEquals": {"aws:SourceAccount": pseudo.account()},
            "ArnEquals": {"aws:SourceArn": any_job_arn()},
        },
    )
