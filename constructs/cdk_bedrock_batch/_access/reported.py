"""Roles that are made beforehand: what they need goes into CDK's report, and nothing into the template.

Source: ``Role.customize_roles``, "Customizing role creation" in the documentation of ``aws_cdk.aws_iam``.
"""

from aws_cdk import aws_iam as iam
from constructs import IConstruct

from cdk_bedrock_batch._access.permissions import Chunk, MakeChunk
from cdk_bedrock_batch._access.readable import readable
from cdk_bedrock_batch._access.statements import Statement

#: Where CDK notes that the roles of a scope are made beforehand.
_CONTEXT = "@aws-cdk/iam:customizeRoles"


def is_reported(scope: IConstruct) -> bool:
    """Whether a role, or all roles below a construct, are made beforehand."""
    return scope.node.try_get_context(_CONTEXT) is not None


def report(role: iam.IRole, statement: Statement) -> None:
    """Have CDK's report say that a role must be allowed something."""
    role.add_to_principal_policy(iam.PolicyStatement.from_json(readable(role, statement)))


def reporting(role: iam.IRole) -> MakeChunk:
    """Return how a role that is made beforehand is given permissions.

    CDK reports a statement as it is when it is given: so each stands alone, and none grows.
    """
    return lambda _: Chunk(lambda statement: report(role, statement.to_json()), 0, [])
