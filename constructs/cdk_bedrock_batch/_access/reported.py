"""Roles that are made beforehand: what they need goes into CDK's report, and nothing into the template.

Source: ``Role.customize_roles``, "Customizing role creation" in the documentation of ``aws_cdk.aws_iam``.
"""

from typing import cast
from weakref import WeakKeyDictionary

from aws_cdk import aws_iam as iam
from constructs import IConstruct

from cdk_bedrock_batch._access.permissions import Chunk, MakeChunk
from cdk_bedrock_batch._access.readable import readable
from cdk_bedrock_batch._access.statements import Statement
from cdk_bedrock_batch._cdk.shared import node_of

#: Where CDK notes that the roles of a scope are made beforehand.
_CONTEXT = "@aws-cdk/iam:customizeRoles"


def is_reported(scope: IConstruct) -> bool:
    """Whether a role, or all roles below a construct, are made beforehand."""
    if scope not in _REPORTED:
        # For ever: constructs take no context when they have children.
        _REPORTED[scope] = node_of(scope).try_get_context(_CONTEXT) is not None
    return _REPORTED[scope]


def reported_as(child: IConstruct, parent: IConstruct) -> None:
    """Remember that a construct has no context but its parent's."""
    _REPORTED[child] = is_reported(parent)


_REPORTED: WeakKeyDictionary[IConstruct, bool] = WeakKeyDictionary()


def reporting(role: iam.IRole) -> MakeChunk:
    """Return how a role that is made beforehand is given permissions.

    CDK reports a statement as it is when it is given: so each stands alone, and none grows.
    """

    def add(statement: iam.PolicyStatement) -> None:
        role.add_to_principal_policy(iam.PolicyStatement.from_json(readable(role, statement.to_json())))

    return lambda _: Chunk(add, 0, [])


def as_reported(grantee: iam.IGrantable, statement: Statement) -> Statement:
    """Return a statement as the report has it, where the grantee's role is made beforehand; any other as it is."""
    principal = cast("iam.IRole", grantee.grant_principal)
    # Users and groups are made, and have policies in the template, wherever they stand.
    if hasattr(principal, "role_arn") and is_reported(principal):
        found: Statement = readable(principal, statement)
        return found
    return statement
