"""IAM policy statements as plain data, and how they reach a role.

As data they can be compared and told apart by tests, and they reach the CDK's own process in one call, not one for
each.
"""

import json
from collections.abc import Iterable
from typing import Any

from aws_cdk import aws_iam as iam

from cdk_bedrock_batch._cdk import pseudo

Statement = dict[str, Any]


def allow(actions: str | list[str], resources: str | list[str], condition: dict[str, Any] | None = None) -> Statement:
    """Return a statement that allows actions on resources."""
    statement: Statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return statement | ({"Condition": condition} if condition else {})


def kind_of(statement: Statement) -> str:
    """Return what statements have in common that differ in their resources only."""
    return json.dumps({**statement, "Resource": None}, sort_keys=True)


def resources_of(statement: Statement) -> list[str]:
    """Return the resources as a list."""
    found: str | list[str] = statement["Resource"]
    return [found] if isinstance(found, str) else found


def merged(statements: Iterable[Statement]) -> list[Statement]:
    """Return as few statements as say the same."""
    found: dict[str, Statement] = {}
    for statement in statements:
        same = found.setdefault(kind_of(statement), {**statement, "Resource": []})
        same["Resource"] += [resource for resource in resources_of(statement) if resource not in same["Resource"]]
    return list(found.values())


def document(statements: Iterable[Statement]) -> iam.PolicyDocument:
    """Return a policy of the statements."""
    return iam.PolicyDocument.from_json({"Version": "2012-10-17", "Statement": merged(statements)})


def owned_by(owner: str | None) -> dict[str, Any]:
    """Return the condition that a resource belongs to an account. Default: the stack's.

    It is in the user guide's policy (batch-iam-sr): the name of a bucket that was given up can be taken by anybody.
    """
    return {"StringEquals": {"aws:ResourceAccount": owner or pseudo.account()}}
