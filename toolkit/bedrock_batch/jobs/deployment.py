"""What the last deployment of a stack has told in its events: the jobs that it made, also when it has rolled back.

Of a deployment that fails the stack keeps no job. Its events do: the function answers with the job's ARN, as the id of
the resource or in the reason of the failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import job_arns_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

RESOURCE_TYPE = "Custom::BedrockModelInvocationJob"
NESTED_TYPE = "AWS::CloudFormation::Stack"
#: How a deployment begins; a rollback is a part of one.
_BEGINS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")


@dataclass(frozen=True)
class Deployment:
    """The last deployment of a stack and of those nested in it.

    Attributes
    ----------
    jobs : dict of str to str
        The ARN of the newest job by logical id, in a nested stack with those that lead there.
    resources : frozenset of str
        The physical ids of all that it made, changed or took away.
    """

    jobs: dict[str, str]
    resources: frozenset[str]


def last_deployment(cloudformation: CloudFormationClient, stack: str) -> Deployment:
    """Read the events of the last deployment of a stack; those of a deleted one are told for 90 days.

    Parameters
    ----------
    cloudformation
        Client.
    stack : str
        The name of a stack, or the ARN, by which alone one is known that is deleted.

    Raises
    ------
    botocore.exceptions.ClientError
        If there is no such stack, or CloudFormation refuses to tell.
    """
    jobs, resources = dict[str, str](), set[str]()
    for path, event in _events(cloudformation, stack):
        resources.add(event.get("PhysicalResourceId", ""))
        told = f"{event.get('PhysicalResourceId', '')} {event.get('ResourceStatusReason', '')}"
        # The newest event is the first.
        if event.get("ResourceType") == RESOURCE_TYPE and (arns := job_arns_in(told)):
            jobs.setdefault(f"{path}{event.get('LogicalResourceId', '')}", arns[0])
    return Deployment(jobs, frozenset(resources - {""}))


def _events(
    cloudformation: CloudFormationClient, stack: str, path: str = ""
) -> Iterator[tuple[str, StackEventTypeDef]]:
    nested = dict[str, str]()
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    for event in chain.from_iterable(page["StackEvents"] for page in pages):
        physical_id = event.get("PhysicalResourceId", "")
        is_itself = physical_id == event["StackId"]
        if event.get("ResourceType") == NESTED_TYPE and physical_id and not is_itself:
            nested[physical_id] = f"{path}{event.get('LogicalResourceId', '')}/"
        yield path, event
        if is_itself and event.get("ResourceStatus") in _BEGINS:
            break
    for each, below in nested.items():
        yield from _events(cloudformation, each, below)
