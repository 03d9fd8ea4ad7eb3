"""The role that Bedrock assumes to read the input, call the model and write the output."""

import json
from weakref import WeakKeyDictionary

from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from cdk_bedrock_batch import _pseudo
from cdk_bedrock_batch._shared import stack_of
from cdk_bedrock_batch._statements import Statement, document


def job_role(scope: Construct) -> iam.Role:
    """Make a role that only Bedrock can assume, and only for a model invocation job of this account and Region.

    The conditions stand in the role's only trust statement; in a second one they would bind nobody.
    Source: "Create a custom service role for batch inference" (batch-iam-sr) in the Bedrock user guide.
    """
    bedrock = iam.ServicePrincipal(
        "bedrock.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": _pseudo.account()},
            "ArnEquals": {"aws:SourceArn": any_job_arn()},
        },
    )
    return iam.Role(scope, "JobRole", assumed_by=bedrock, description="Bedrock assumes it to run a batch inference job")


def any_job_arn() -> str:
    """Return the ARN pattern of the jobs of the stack's account and Region; Bedrock chooses the ids."""
    return _pseudo.arn("bedrock", "model-invocation-job/*")


def permit(scope: Construct, role: iam.IRole, statements: list[Statement]) -> list[IDependable]:
    """Let the job's role do what the statements say, and return what must exist before it can."""
    if role not in _GRANTED and (role.node.scope is scope or stack_of(role) is not stack_of(scope)):
        # In another stack the statements would name this stack's buckets: each stack would wait for the other.
        return [iam.Policy(scope, "JobRolePolicy", document=document(statements), roles=[role])]
    granted = _GRANTED.setdefault(role, {})
    for statement in statements:
        text = json.dumps(statement, sort_keys=True)
        if text not in granted:
            granted[text] = role.add_to_principal_policy(iam.PolicyStatement.from_json(statement)).policy_dependable
    return list({id(policy): policy for policy in granted.values() if policy}.values())


# What roles that jobs share have been given: each statement once, however many jobs ask for it.
_GRANTED: WeakKeyDictionary[iam.IRole, dict[str, IDependable | None]] = WeakKeyDictionary()
