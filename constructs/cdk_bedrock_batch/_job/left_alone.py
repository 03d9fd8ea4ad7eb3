"""A role that this app is not to change: what the job needs of it is told, or stands where CDK puts it instead."""

import json
from collections.abc import Sequence

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_bedrock_batch._access.readable import readable
from cdk_bedrock_batch._access.statements import Statement, merged
from cdk_bedrock_batch._data.location import Location


def tell_needs(
    job: Construct, role: iam.IRole, data: Sequence[tuple[Location, list[Statement]]], others: list[Statement]
) -> None:
    """Tell what a role must be allowed, beside what the policies of the buckets and their keys let it.

    Parameters
    ----------
    job, role
        Whose role, and the role.
    data
        Places in S3, each with what the role must be allowed there.
    others
        What else it must be allowed.
    """
    if _is_for_resources(role, others[0]):
        data = [(place, place.opened_to(role, statements)) for place, statements in data]
    needed = merged([*(statement for _, statements in data for statement in statements), *others])
    Annotations.of(job).add_info_v2(
        "cdk-bedrock-batch:role:unchanged",
        "'role' is one that CDK does not change, so it gets no policy: the job fails unless the role is allowed "
        + json.dumps(readable(job, needed)),
    )


def _is_for_resources(role: iam.IRole, statement: Statement) -> bool:
    """Whether CDK puts grants to the role into the policies of resources (``add_grants_to_resources``)."""
    return not role.add_to_principal_policy(iam.PolicyStatement.from_json(statement)).statement_added
