"""The role that Bedrock assumes to read the input, call the model and write the output."""

from functools import cache
from weakref import WeakKeyDictionary

from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from cdk_bedrock_batch._access.permissions import Permissions
from cdk_bedrock_batch._access.statements import Statement, document
from cdk_bedrock_batch._api.arn import any_job_arn
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._cdk.shared import stack_of

#: Who assumes it.
BEDROCK = "bedrock.amazonaws.com"

_ID = "JobRole"


def job_role(scope: Construct) -> iam.Role:
    """Make a role that only Bedrock can assume, and only for a model invocation job of this account and Region."""
    return iam.Role(scope, _ID, assumed_by=_bedrock(), description="Bedrock assumes it to run a batch inference job")


def is_of_stack(role: iam.IRole, scope: Construct) -> bool:
    """Whether the stack makes a role, so that it may be seconds old when the job is submitted."""
    return isinstance(role, iam.Role) and stack_of(role) is stack_of(scope)


def permit(scope: Construct, role: iam.IRole, statements: list[Statement], *, given: bool) -> list[IDependable]:
    """Let the job's role do what the statements say, and return what must exist before it can.

    ``given`` says that others may use the role too.
    """
    # In another stack the statements would name this stack's buckets: each stack would wait for the other. And in a
    # role's own resource they would make the function, which passes it, wait for what they name.
    if not given or stack_of(role) is not stack_of(scope):
        return [iam.Policy(scope, f"{_ID}Policy", document=document(statements), roles=[role])]
    permissions = _PERMISSIONS.setdefault(role, Permissions(role))
    for statement in statements:
        permissions.allow(statement)
    return permissions.needed


# Of roles that jobs share.
_PERMISSIONS: WeakKeyDictionary[iam.IRole, Permissions] = WeakKeyDictionary()


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
